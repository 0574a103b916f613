using Histonic.Learning.Tensors;
using Histonic.Slides.Grids;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

// Shapes: B crops, C channels of the grid, F filters, R side of a crop, r side of a layer's map, O outputs.

/// <summary>The papers' network on compressed slides (Tellez et al., TPAMI 2021, doi 10.1109/TPAMI.2019.2936841).</summary>
/// <remarks>
/// Depthwise-separable 3 × 3 convolutions of 128 filters without padding, each followed by batch norm, LeakyReLU 0.3 and
/// dropout of whole maps (0.2), with the strides of <see cref="CnnPlan"/>; then dense 128, batch norm, LeakyReLU; then a
/// linear layer. At crop 400 with 128 channels it has the papers' 162,561 + 129 · (O − 1) numbers, 2,304 of them statistics of batch norms.
/// The statistics follow with momentum 0.1, not the authors' 0.01: a small cohort makes few steps.
/// </remarks>
public sealed class SlideCnn : SlideNetwork
{
    private const int Filters = 128;
    private const double NormEpsilon = 1e-3; // the default of Keras's batch norm, which the authors left
    private const double DropRate = 0.2;

    // numbers that stay alive: see TorchScalars
    private static readonly Scalar _slope = 0.3.ToScalar(); // likewise of its LeakyReLU
    private static readonly Scalar _dropRate = DropRate.ToScalar();
    private static readonly Scalar _kept = (1 - DropRate).ToScalar();

    private readonly ModuleList<SeparableLayer> _layers;
    private readonly Linear _dense;
    private readonly BatchNorm1d _denseNorm;
    private readonly Linear _output;
    private readonly int _channels;
    private (IReadOnlyList<(SlideGrid Slide, SlideView View)> Looks, Tensor MapsBFrr)? _open; // its first layer has no gradients yet

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="plan">The side of the crops and the strides.</param>
    /// <param name="channels">The length C of an embedding.</param>
    /// <param name="outputs">The number O of outputs.</param>
    /// <param name="chance">Where the weights are drawn from.</param>
    /// <param name="targets">The number of targets that the outputs are of.</param>
    public SlideCnn(CnnPlan plan, int channels, int outputs, Generator chance, int targets = 1)
        : base("cnn", channels, targets)
    {
        (Plan, _channels) = (plan, channels);
        Crops = new CropInput(plan.Crop, channels);
        _layers = nn.ModuleList([
            .. plan.Strides.Select((stride, i) => new SeparableLayer(i == 0 ? channels : Filters, stride, chance)),
        ]);
        _dense = nn.Linear(Filters, Filters);
        _denseNorm = nn.BatchNorm1d(Filters, eps: NormEpsilon);
        _output = nn.Linear(Filters, outputs);
        Draw(_dense.weight, _dense.bias, chance);
        Draw(_output.weight, _output.bias, chance);
        Register();
    }

    /// <summary>Gets the side of the crops and the strides.</summary>
    public CnnPlan Plan { get; }

    internal CropInput Crops { get; }

    internal override SlideInput Input => Crops;

    internal override IEnumerable<Parameter> Decayed =>
        [.. _layers.SelectMany(layer => layer.Decayed), _dense.weight, _dense.bias!];

    /// <summary>Predicts.</summary>
    /// <param name="gridsBCRR">Crops of scaled embeddings, zero where there is no tissue.</param>
    /// <returns>B × O numbers, before any softmax.</returns>
    public override Tensor forward(Tensor gridsBCRR)
    {
        using var scope = NewDisposeScope();
        return AfterFirst(FirstMaps(gridsBCRR)).MoveToOuterDisposeScope();
    }

    /// <summary>Gets or sets the most floats of input that are laid out at once. More goes through the first layer a few channels of one look at a time.</summary>
    internal long FloatsAtOnce { get; set; } = 1 << 25; // 128 MB: 16 looks of 128 × 128 cells × 128 channels

    /// <summary>The same to the last digits of sums, however much is laid out at once.</summary>
    internal override Tensor Outputs(IReadOnlyList<(SlideGrid Slide, SlideView View)> looks)
    {
        using var scope = NewDisposeScope();
        if (looks.Count * LookFloats <= FloatsAtOnce)
            return base.Outputs(looks).MoveToOuterDisposeScope();
        var mapsBFrr = FirstMaps(looks);
        if (training)
            _open = (looks, mapsBFrr.requires_grad_().MoveToOuterDisposeScope());
        return AfterFirst(mapsBFrr).MoveToOuterDisposeScope();
    }

    /// <summary>The first layer's gradients where its input was not kept: from the slopes at its maps, the input laid out anew part by part.</summary>
    internal override void FinishGradients()
    {
        if (_open is not { } open)
            return;
        _open = null;
        using var scope = NewDisposeScope();
        var slopesBFrr = open.MapsBFrr.grad!;
        foreach (var (b, look) in open.Looks.Index())
        {
            foreach (var part in Parts(look))
            {
                using var inner = NewDisposeScope();
                part().mul(slopesBFrr.narrow(0, b, 1)).sum().backward();
            }
        }
    }

    /// <summary>The maps of the first convolution of looks, without their graph.</summary>
    /// <param name="looks">The looks, B of them.</param>
    /// <returns>B × F × r × r, before batch norm.</returns>
    internal Tensor FirstMaps(IReadOnlyList<(SlideGrid Slide, SlideView View)> looks)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        if (looks.Count * LookFloats <= FloatsAtOnce)
            return FirstMaps(Crops.Stack(looks, Features)).MoveToOuterDisposeScope();
        List<Tensor> maps = [];
        foreach (var look in looks)
        {
            Tensor? sum = null;
            foreach (var part in Parts(look))
            {
                using var inner = NewDisposeScope();
                var one = part();
                if (sum is null)
                    sum = one.MoveToOuterDisposeScope();
                else
                    sum.add_(one, TorchScalars.One);
            }

            maps.Add(sum!);
        }

        return cat(maps, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The first convolution is linear: taking cells out changes its maps near them only, by what it makes of them alone.</summary>
    internal override double[][] OutputsWithout(SlideGrid slide, SlideView view, IReadOnlyList<int[]> sets)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        var maps1Frr = FirstMaps([(slide, view)]);
        var embeddings = slide.Embeddings(view.Symmetry);
        var most = (int)Math.Clamp(FloatsAtOnce / 4 / maps1Frr.numel(), 1, 64);
        var copiesBFrr = maps1Frr.repeat(Math.Min(most, sets.Count), 1, 1, 1);
        List<double[]> outputs = [];
        foreach (var batch in sets.Chunk(most))
        {
            using var inner = NewDisposeScope();
            foreach (var (b, cells) in batch.Index())
            {
                if (Reach(slide, view, cells) is { } reach)
                    Near(copiesBFrr.narrow(0, b, 1), reach)
                        .add_(Made(slide, embeddings, view, cells, reach), TorchScalars.MinusOne);
            }

            outputs.AddRange(Rows(AfterFirst(copiesBFrr.narrow(0, 0, batch.Length))));
            foreach (var (b, cells) in batch.Index())
            {
                if (Reach(slide, view, cells) is { } reach)
                    Near(copiesBFrr.narrow(0, b, 1), reach).copy_(Near(maps1Frr, reach));
            }
        }

        return [.. outputs];

        static Tensor Near(Tensor mapsBFrr, (int Top, int Left, int Rows, int Columns) reach) =>
            mapsBFrr.narrow(2, reach.Top, reach.Rows).narrow(3, reach.Left, reach.Columns);
    }

    /// <summary>The part of the first layer's maps that cells reach; null where they reach none.</summary>
    private (int Top, int Left, int Rows, int Columns)? Reach(SlideGrid slide, SlideView view, int[] cells)
    {
        int top = int.MaxValue,
            left = int.MaxValue,
            bottom = -1,
            right = -1;
        foreach (var n in cells)
        {
            var (row, column) = view.Place(slide, n);
            if (row < 0 || row >= Plan.Crop || column < 0 || column >= Plan.Crop)
                continue;
            (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row));
            (left, right) = (Math.Min(left, column), Math.Max(right, column));
        }

        if (bottom < 0)
            return null;
        // window i sees the cells from i · stride to i · stride + 2
        var stride = Plan.Strides[0];
        int First(int from) => Math.Max(0, from - 2 + stride - 1) / stride;
        int Last(int to) => Math.Min(to, Plan.Crop - 3) / stride;
        var (rows, columns) = (Last(bottom) - First(top) + 1, Last(right) - First(left) + 1);
        return rows > 0 && columns > 0 ? (First(top), First(left), rows, columns) : null;
    }

    /// <summary>What the first convolution makes of some cells alone, within their reach, without the bias.</summary>
    private Tensor Made(
        SlideGrid slide,
        EmbeddingBlock embeddings,
        SlideView view,
        int[] cells,
        (int Top, int Left, int Rows, int Columns) reach
    )
    {
        using var scope = NewDisposeScope();
        var stride = Plan.Strides[0];
        var size = (Rows: ((reach.Rows - 1) * stride) + 3, Columns: ((reach.Columns - 1) * stride) + 3);
        var window = new SlideView(view.Symmetry, view.Top + (reach.Top * stride), view.Left + (reach.Left * stride));
        var sum = zeros(1, Filters, reach.Rows, reach.Columns);
        foreach (var part in ChannelParts((long)size.Rows * size.Columns))
        {
            using var inner = NewDisposeScope();
            var partBGRR = Crops.Window(slide, embeddings, cells, window, size, Features, part);
            sum.add_(_layers[0].Convolve(partBGRR, part.First, bias: false), TorchScalars.One);
        }

        return sum.MoveToOuterDisposeScope();
    }

    private long LookFloats => (long)Plan.Crop * Plan.Crop * _channels;

    /// <summary>What groups of channels add to the first maps of a look, 1 × F × r × r each; the first one with the bias.</summary>
    private IEnumerable<Func<Tensor>> Parts((SlideGrid Slide, SlideView View) look)
    {
        var embeddings = look.Slide.Embeddings(look.View.Symmetry);
        foreach (var part in ChannelParts((long)Plan.Crop * Plan.Crop))
        {
            yield return () =>
            {
                using var scope = NewDisposeScope();
                var partBGRR = Crops.Part(look.Slide, embeddings, look.View, Features, part);
                return _layers[0].Convolve(partBGRR, part.First, bias: part.First == 0).MoveToOuterDisposeScope();
            };
        }
    }

    /// <summary>Groups of channels of which a quarter of <see cref="FloatsAtOnce"/> holds so many cells.</summary>
    private IEnumerable<(int First, int Count)> ChannelParts(long cells)
    {
        var most = (int)Math.Clamp(FloatsAtOnce / 4 / cells, 1, _channels);
        for (var first = 0; first < _channels; first += most)
            yield return (first, Math.Min(most, _channels - first));
    }

    /// <summary>The maps of a convolution, which Grad-CAM weighs.</summary>
    /// <param name="firstBFrr">The maps of the first convolution.</param>
    /// <param name="layer">Which convolution, from 0.</param>
    /// <returns>B × F × r × r, before batch norm.</returns>
    internal Tensor MapsOf(Tensor firstBFrr, int layer)
    {
        using var scope = NewDisposeScope();
        var x = firstBFrr;
        for (var i = 0; i < layer; i++)
            x = _layers[i + 1].Convolve(_layers[i].Activate(x, Chance));
        return (layer == 0 ? x.alias() : x).MoveToOuterDisposeScope();
    }

    /// <summary>The maps of the first convolution of crops of scaled embeddings.</summary>
    internal Tensor FirstMaps(Tensor gridsBCRR) => _layers[0].Convolve(gridsBCRR);

    private Tensor AfterFirst(Tensor mapsBFrr) => After(mapsBFrr, 0);

    /// <summary>The rest of the network, from the maps of a convolution to the outputs.</summary>
    /// <param name="mapsBFrr">Its maps, before batch norm.</param>
    /// <param name="layer">Which convolution, from 0.</param>
    internal Tensor After(Tensor mapsBFrr, int layer)
    {
        using var scope = NewDisposeScope();
        var x = _layers[layer].Activate(mapsBFrr, Chance);
        foreach (var next in _layers.Skip(layer + 1))
            x = next.Activate(next.Convolve(x), Chance);
        var codesBF = _denseNorm.Normalise(_dense.call(x.flatten(1))).leaky_relu_(_slope);
        return _output.call(codesBF).MoveToOuterDisposeScope();
    }

    private sealed class SeparableLayer : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _depthwise;
        private readonly Conv2d _pointwise;
        private readonly BatchNorm2d _norm;
        private readonly int _stride;

        public SeparableLayer(int channels, int stride, Generator chance)
            : base("separable")
        {
            using var scope = NewDisposeScope(); // Conv2d leaves a tensor of its first initialisation behind
            _stride = stride;
            _depthwise = nn.Conv2d(channels, channels, 3, stride: stride, groups: channels, bias: false);
            _pointwise = nn.Conv2d(channels, Filters, 1);
            _norm = nn.BatchNorm2d(Filters, eps: NormEpsilon);
            Draw(_depthwise.weight, null, chance);
            Draw(_pointwise.weight, _pointwise.bias, chance);
            RegisterComponents();
        }

        public IEnumerable<Parameter> Decayed => [_depthwise.weight, _pointwise.weight, _pointwise.bias!];

        public override Tensor forward(Tensor x) => throw new NotSupportedException("Convolve, then Activate.");

        public Tensor Convolve(Tensor x)
        {
            using var scope = NewDisposeScope();
            return _pointwise.call(_depthwise.call(x)).MoveToOuterDisposeScope();
        }

        /// <summary>What consecutive channels add.</summary>
        public Tensor Convolve(Tensor partBGRR, int first, bool bias)
        {
            using var scope = NewDisposeScope();
            var count = partBGRR.shape[1];
            var x = nn.functional.conv2d(
                partBGRR,
                _depthwise.weight.narrow(0, first, count),
                strides: [_stride, _stride],
                groups: count
            );
            return nn
                .functional.conv2d(x, _pointwise.weight.narrow(1, first, count), bias ? _pointwise.bias : null)
                .MoveToOuterDisposeScope();
        }

        public Tensor Activate(Tensor maps, Generator? chance)
        {
            using var scope = NewDisposeScope();
            var x = _norm.Normalise(maps).leaky_relu_(_slope);
            if (training)
                x = x * rand([x.shape[0], x.shape[1], 1, 1], generator: chance).ge(_dropRate).to(float32).div(_kept);
            return x.MoveToOuterDisposeScope();
        }
    }
}
