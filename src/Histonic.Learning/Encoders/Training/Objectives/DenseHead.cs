using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>What P2 puts on embeddings to decide something: dense 256, batch norm, LeakyReLU 0.2, linear (papers.md 2.2 and 2.4).</summary>
internal static class DenseHead
{
    internal const int Width = 256;

    /// <summary>Creates a head with random weights.</summary>
    /// <param name="inputs">How many numbers come in.</param>
    /// <param name="outputs">How many logits go out.</param>
    /// <param name="seed">Where the weights come from.</param>
    /// <param name="purpose">What tells these weights from others of the same seed.</param>
    public static Sequential Create(int inputs, int outputs, Seed seed, string purpose)
    {
        var dense = nn.Linear(inputs, Width);
        var linear = nn.Linear(Width, outputs);
        using var generator = new Generator((ulong)(uint)seed.Number(purpose), CPU);
        WeightInitialization.HeUniform(dense.weight, dense.bias, generator);
        WeightInitialization.GlorotUniform(linear.weight, linear.bias, generator);
        return nn.Sequential(
            ("dense", dense),
            ("norm", nn.BatchNorm1d(Width, EncoderNetwork.BatchNormEpsilon, EncoderNetwork.BatchNormMomentum)),
            ("leaky", nn.LeakyReLU(EncoderNetwork.LeakySlope)),
            ("linear", linear)
        );
    }
}
