using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>The networks that can be named.</summary>
public static class SlideNetworks
{
    /// <summary>Gets the names there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cnn", "abmil", "abmil-position", "mean"];

    /// <summary>The learning rate a network begins with where the user gives none: the papers' for theirs; attention diverges with it.</summary>
    internal static double LearningRateOf(string name) =>
        name.StartsWith("abmil", StringComparison.Ordinal) ? 1e-3 : 1e-2;

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="largestSide">The most rows or columns of any grid it is made for.</param>
    /// <param name="channels">The length of an embedding.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="chance">Where the weights are drawn from.</param>
    /// <param name="targets">The number of targets that the outputs are of.</param>
    /// <exception cref="OptionException">The name is unknown.</exception>
    public static SlideNetwork Create(
        string name,
        int largestSide,
        int channels,
        int outputs,
        Generator chance,
        int targets = 1
    ) =>
        name switch
        {
            "cnn" => new SlideCnn(CnnPlan.For(largestSide), channels, outputs, chance, targets),
            "abmil" => new AttentionMil(channels, outputs, positions: false, chance, targets),
            "abmil-position" => new AttentionMil(channels, outputs, positions: true, chance, targets),
            "mean" => new MeanPool(channels, outputs, chance, targets),
            _ => throw new OptionException("--model", name, $"one of {string.Join(", ", Names)}"),
        };
}
