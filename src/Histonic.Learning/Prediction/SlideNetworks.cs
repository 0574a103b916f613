using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>The networks that can be named.</summary>
public static class SlideNetworks
{
    /// <summary>Gets the names there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cnn", "mean"];

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="largestSide">The most rows or columns of any grid it is made for.</param>
    /// <param name="channels">The length of an embedding.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="chance">Where the weights are drawn from.</param>
    /// <exception cref="OptionException">The name is unknown.</exception>
    public static SlideNetwork Create(string name, int largestSide, int channels, int outputs, Generator chance) =>
        name switch
        {
            "cnn" => new SlideCnn(CnnPlan.For(largestSide), channels, outputs, chance),
            "mean" => new MeanPool(channels, outputs, chance),
            _ => throw new OptionException("--model", name, $"one of {string.Join(", ", Names)}"),
        };
}
