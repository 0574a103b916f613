using Histonic.Learning.Tensors;
using Histonic.Slides.Grids;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

// Shapes: B slides, N cells of the largest, C channels of the grid, H hidden, A attention, P numbers of a position, O outputs.

/// <summary>
/// Gated-attention multiple-instance learning (Ilse, Tomczak and Welling, ICML 2018; the single branch of CLAM): every cell
/// becomes a code, a weight says how much it counts, the weighted mean of the codes is the slide.
/// </summary>
/// <remarks>
/// h = ReLU(W₁ x); a = softmax over cells of w · (tanh(V h) ⊙ σ(U h)); slide = Σ a h; outputs = W₂ slide. H = 128, A = 64, dropout
/// 0.25 on h and slide. With positions, x is followed by sines and cosines of row and column at wavelengths of 8, 32, 128
/// and 512 cells (P = 16), so that it can tell rim from middle and how far apart things lie; without, order and place mean nothing.
/// </remarks>
public sealed class AttentionMil : SlideNetwork
{
    private const int Hidden = 128;
    private const int Attention = 64;
    private const double DropRate = 0.25;
    private const double LeastLeft = 1e-4; // of attention; single precision has 7 digits

    // numbers that stay alive: see TorchScalars
    private static readonly Scalar _dropRate = DropRate.ToScalar();
    private static readonly Scalar _kept = (1 - DropRate).ToScalar();
    private static readonly Scalar _never = double.NegativeInfinity.ToScalar();
    private static readonly float[] _frequencies = [.. new[] { 8, 32, 128, 512 }.Select(cells => MathF.Tau / cells)];

    private readonly int _channels;
    private readonly bool _positions;
    private readonly Linear _code;
    private readonly Linear _tanh;
    private readonly Linear _gate;
    private readonly Linear _weight;
    private readonly Linear _output;

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="channels">The length C of an embedding.</param>
    /// <param name="outputs">The number O of outputs.</param>
    /// <param name="positions">Whether it is told where each cell lies.</param>
    /// <param name="chance">Where the weights are drawn from.</param>
    /// <param name="targets">The number of targets that the outputs are of.</param>
    public AttentionMil(int channels, int outputs, bool positions, Generator chance, int targets = 1)
        : base(positions ? "abmil-position" : "abmil", channels, targets)
    {
        (_channels, _positions) = (channels, positions);
        Input = new BagInput(channels, positions);
        _code = nn.Linear(channels + (positions ? 4 * _frequencies.Length : 0), Hidden);
        _tanh = nn.Linear(Hidden, Attention);
        _gate = nn.Linear(Hidden, Attention);
        _weight = nn.Linear(Attention, 1);
        _output = nn.Linear(Hidden, outputs);
        foreach (var layer in new[] { _code, _tanh, _gate, _weight, _output })
            Draw(layer.weight, layer.bias, chance);
        Register();
    }

    internal override SlideInput Input { get; }

    internal override IEnumerable<Parameter> Decayed =>
        [_code.weight, _tanh.weight, _gate.weight, _weight.weight, _output.weight];

    /// <summary>Predicts.</summary>
    /// <param name="bagsBNC">Bags of <see cref="BagInput"/>: B × N × (C + 3).</param>
    /// <returns>B × O numbers, before any softmax.</returns>
    public override Tensor forward(Tensor bagsBNC)
    {
        using var scope = NewDisposeScope();
        var codesBNH = Dropped(Codes(bagsBNC));
        var weightsBN = Weights(codesBNH, bagsBNC);
        var slideBH = weightsBN.unsqueeze(1).bmm(codesBNH).squeeze(1);
        return _output.call(Dropped(slideBH)).MoveToOuterDisposeScope();
    }

    /// <summary>How much each cell counts.</summary>
    /// <param name="bagsBNC">Bags of <see cref="BagInput"/>.</param>
    /// <returns>B × N; above 0 and with a sum of 1 over the cells of a slide, 0 where a bag is filled up.</returns>
    internal Tensor Attend(Tensor bagsBNC)
    {
        using var scope = NewDisposeScope();
        return Weights(Codes(bagsBNC), bagsBNC).MoveToOuterDisposeScope();
    }

    internal override double[][] OutputsWithout(SlideGrid slide, SlideView view, IReadOnlyList<int[]> sets)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        // codes and weights are each cell's own: what is left of the weighted mean is the whole less a set's part
        var bag1NC = Input.Stack([(slide, view)], Features);
        var codes1NH = Codes(bag1NC);
        var weightsN1 = Weights(codes1NH, bag1NC)[0].to(float64).unsqueeze(1);
        var partsNH1 = cat([codes1NH[0].to(float64).mul(weightsN1), weightsN1], 1);
        var seen = BagInput.Seen(slide, view);
        var setOf = Enumerable.Repeat((long)sets.Count, slide.Cells.Count).ToArray();
        foreach (var (s, cells) in sets.Index())
        foreach (var n in cells)
            setOf[n] = s;
        long[] groups = [.. Enumerable.Range(0, seen.Count).Select(i => setOf[seen.At(i)])];
        var sumsSH1 = zeros([sets.Count + 1, Hidden + 1], dtype: float64)
            .index_add_(0, tensor(groups), partsNH1, TorchScalars.One);
        var leftSH1 = sumsSH1.sum(0, keepdim: true).Minus(sumsSH1).narrow(0, 0, sets.Count);
        var leftS = leftSH1.select(1, Hidden);
        var slidesSH = leftSH1.narrow(1, 0, Hidden).div(leftS.unsqueeze(1)).to(float32);
        double[][] outputs = [.. Rows(_output.call(slidesSH))];
        var left = leftS.data<double>().ToArray();
        var places = groups.Index().ToLookup(one => one.Item, one => (long)one.Index);
        foreach (var s in Enumerable.Range(0, sets.Count).Where(s => left[s] < LeastLeft))
            outputs[s] = OutputsWithout(bag1NC, [.. places[s]], seen.Count);
        return outputs;
    }

    /// <summary>The outputs without cells that drew nearly all attention, of which too few digits would be left.</summary>
    private double[] OutputsWithout(Tensor bag1NC, long[] places, int seen)
    {
        using var scope = NewDisposeScope();
        if (places.Length == seen)
            return Rows(_output.call(zeros(1, Hidden))).First();
        var flagsN = bag1NC[0].select(1, _channels + BagInput.Extra - 1);
        var places1 = tensor(places);
        flagsN.index_fill_(0, places1, TorchScalars.Zero);
        var outputs = Rows(call(bag1NC)).First();
        flagsN.index_fill_(0, places1, TorchScalars.One);
        return outputs;
    }

    private Tensor Codes(Tensor bagsBNC)
    {
        using var scope = NewDisposeScope();
        var x = bagsBNC.narrow(2, 0, _channels);
        if (_positions)
        {
            var placesBN2 = bagsBNC.narrow(2, _channels, 2);
            var angles = cat([.. _frequencies.Select(frequency => placesBN2.Times(frequency))], 2);
            x = cat([x, angles.sin(), angles.cos()], 2);
        }

        return _code.call(x).relu().MoveToOuterDisposeScope();
    }

    private Tensor Weights(Tensor codesBNH, Tensor bagsBNC)
    {
        using var scope = NewDisposeScope();
        var gatedBNA = _tanh.call(codesBNH).tanh().mul(_gate.call(codesBNH).sigmoid());
        var missingBN = bagsBNC.select(2, _channels + BagInput.Extra - 1).logical_not();
        return _weight.call(gatedBNA).squeeze(2).masked_fill(missingBN, _never).softmax(1).MoveToOuterDisposeScope();
    }

    private Tensor Dropped(Tensor x)
    {
        if (!training)
            return x;
        using var scope = NewDisposeScope();
        return x.mul(rand(x.shape, generator: Chance).ge(_dropRate).to(float32).div(_kept)).MoveToOuterDisposeScope();
    }
}
