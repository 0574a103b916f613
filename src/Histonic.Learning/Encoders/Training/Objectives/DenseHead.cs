// Shapes: B rows, D numbers that come in, K logits.
using Histonic.Learning.Tensors;
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>What P2 puts on embeddings to decide something: dense 256, batch norm, LeakyReLU 0.2, linear (papers.md 2.2 and 2.4).</summary>
internal sealed class DenseHead : nn.Module<Tensor, Tensor>
{
    internal const int Width = 256;

    private readonly Linear _dense;
    private readonly BatchNorm1d _norm;
    private readonly Linear _linear;

    private DenseHead(int inputs, int outputs, Generator generator)
        : base(nameof(DenseHead))
    {
        _dense = nn.Linear(inputs, Width);
        _norm = nn.BatchNorm1d(Width, EncoderNetwork.BatchNormEpsilon, EncoderNetwork.BatchNormMomentum);
        _linear = nn.Linear(Width, outputs);
        WeightInitialization.HeUniform(_dense.weight, _dense.bias, generator);
        WeightInitialization.GlorotUniform(_linear.weight, _linear.bias, generator);
        register_module("dense", _dense);
        register_module("norm", _norm);
        register_module("linear", _linear);
    }

    /// <summary>Creates a head with random weights.</summary>
    /// <param name="inputs">How many numbers come in.</param>
    /// <param name="outputs">How many logits go out.</param>
    /// <param name="seed">Where the weights come from.</param>
    /// <param name="purpose">What tells these weights from others of the same seed.</param>
    public static DenseHead Create(int inputs, int outputs, Seed seed, string purpose)
    {
        using var generator = new Generator((ulong)(uint)seed.Number(purpose), CPU);
        return new DenseHead(inputs, outputs, generator);
    }

    /// <summary>Decides.</summary>
    /// <param name="inputsBD">B × D.</param>
    /// <returns>Logits, B × K.</returns>
    public override Tensor forward(Tensor inputsBD)
    {
        using var scope = NewDisposeScope();
        return _linear.call(_norm.Normalise(_dense.call(inputsBD)).Leaky()).MoveToOuterDisposeScope();
    }
}
