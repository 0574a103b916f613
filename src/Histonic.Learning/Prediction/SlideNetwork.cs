using Histonic.Slides.Grids;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>A network from what it is shown of a slide to numbers; carries the scales of its input and output in its weights file.</summary>
public abstract class SlideNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Tensor _featureMean;
    private readonly Tensor _featureDeviation;
    private readonly Tensor _outputCentre;
    private readonly Tensor _outputScale;
    private FeatureScaling? _features;

    /// <summary>Creates the scales; a network of its own registers its layers.</summary>
    /// <param name="name">The name in the table of models.</param>
    /// <param name="channels">The length C of an embedding.</param>
    /// <param name="targets">The number of targets that its outputs are of.</param>
    protected SlideNetwork(string name, int channels, int targets)
        : base(name)
    {
        _featureMean = zeros(channels);
        _featureDeviation = ones(channels);
        _outputCentre = zeros(targets, dtype: float64);
        _outputScale = ones(targets, dtype: float64);
    }

    /// <summary>Gets or sets how embeddings are scaled before they are shown.</summary>
    public FeatureScaling Features
    {
        get => _features ??= new FeatureScaling([.. _featureMean.data<float>()], [.. _featureDeviation.data<float>()]);
        set
        {
            using var scope = NewDisposeScope();
            using var still = no_grad();
            _featureMean.copy_(tensor(value.Mean));
            _featureDeviation.copy_(tensor(value.Deviation));
            _features = value;
        }
    }

    /// <summary>Gets or sets what one unit of output and its zero mean, in units of the target, for each target.</summary>
    public IReadOnlyList<(double Centre, double Scale)> Scales
    {
        get => [.. _outputCentre.data<double>().Zip(_outputScale.data<double>())];
        set
        {
            using var scope = NewDisposeScope();
            using var still = no_grad();
            _outputCentre.copy_(tensor([.. value.Select(one => one.Centre)]));
            _outputScale.copy_(tensor([.. value.Select(one => one.Scale)]));
        }
    }

    /// <summary>Gets or sets where dropout draws from while the network trains.</summary>
    public Generator? Chance { get; set; }

    /// <summary>Gets what the network is shown of a slide.</summary>
    internal abstract SlideInput Input { get; }

    /// <summary>Gets the parameters that weight decay holds small.</summary>
    internal abstract IEnumerable<Parameter> Decayed { get; }

    /// <summary>The outputs for looks at slides.</summary>
    /// <param name="looks">The looks, B of them.</param>
    /// <returns>B × O numbers, before any softmax.</returns>
    internal virtual Tensor Outputs(IReadOnlyList<(SlideGrid Slide, SlideView View)> looks)
    {
        using var scope = NewDisposeScope();
        return call(Input.Stack(looks, Features)).MoveToOuterDisposeScope();
    }

    /// <summary>The outputs for one look while cells are taken for background, one set of cells after the other; without their graph.</summary>
    /// <remarks>As if those cells held no tissue, up to the last digits of sums; but the whole look is worked through once only.</remarks>
    /// <param name="slide">The slide.</param>
    /// <param name="view">How it is looked at.</param>
    /// <param name="sets">Sets without common cells, of indices into the slide's cells; cells that the look does not show change nothing.</param>
    /// <returns>O numbers a set, before any softmax. Where no cell is left, the outputs for zeros.</returns>
    internal abstract double[][] OutputsWithout(SlideGrid slide, SlideView view, IReadOnlyList<int[]> sets);

    /// <summary>Adds what the backward pass of the last <see cref="Outputs"/> left open to the gradients.</summary>
    internal virtual void FinishGradients() { }

    /// <summary>Forgets what was read from the scales, after weights were loaded.</summary>
    internal void Refresh() => _features = null;

    /// <summary>The rows of a tensor as numbers.</summary>
    protected static IEnumerable<double[]> Rows(Tensor outputsBO)
    {
        using var scope = NewDisposeScope();
        return outputsBO.to(float64).contiguous().data<double>().ToArray().Chunk((int)outputsBO.shape[1]);
    }

    /// <summary>Makes layers and scales part of the network; a constructor ends with it.</summary>
    protected void Register()
    {
        RegisterComponents();
        register_buffer("feature_mean", _featureMean);
        register_buffer("feature_deviation", _featureDeviation);
        register_buffer("output_centre", _outputCentre);
        register_buffer("output_scale", _outputScale);
    }

    /// <summary>Draws weights and biases anew from one generator: a matrix or kernel he-uniform, a bias zero.</summary>
    /// <param name="weight">The weight; its first axis counts outputs.</param>
    /// <param name="bias">The bias, if there is one.</param>
    /// <param name="chance">Where the numbers come from.</param>
    protected static void Draw(Parameter weight, Parameter? bias, Generator chance)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        var bound = Math.Sqrt(6.0 * weight.shape[0] / weight.numel()); // he-uniform: variance 2 / fan-in
        weight.uniform_(-bound, bound, chance);
        bias?.zero_();
    }
}
