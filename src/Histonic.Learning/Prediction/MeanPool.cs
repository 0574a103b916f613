using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

// Shapes: B slides, C channels, O outputs.

/// <summary>The baseline: a linear layer on the mean embedding of a slide's tissue. It sees what there is, not where.</summary>
public sealed class MeanPool : SlideNetwork
{
    private readonly Linear _output;

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="channels">The length C of an embedding.</param>
    /// <param name="outputs">The number O of outputs.</param>
    /// <param name="chance">Where the weights are drawn from.</param>
    /// <param name="targets">The number of targets that the outputs are of.</param>
    public MeanPool(int channels, int outputs, Generator chance, int targets = 1)
        : base("mean", channels, targets)
    {
        Input = new MeanInput(channels);
        _output = nn.Linear(channels, outputs);
        Draw(_output.weight, _output.bias, chance);
        using (NewDisposeScope())
        using (no_grad())
            _output.weight.mul_(0.1); // from near zero: 128 numbers on 50 slides
        Register();
    }

    internal override SlideInput Input { get; }

    internal override IEnumerable<Parameter> Decayed => [_output.weight];

    /// <summary>Predicts.</summary>
    /// <param name="meansBC">Mean scaled embeddings.</param>
    /// <returns>B × O numbers, before any softmax.</returns>
    public override Tensor forward(Tensor meansBC) => _output.call(meansBC);
}
