using Histonic.Learning.Tensors;
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
