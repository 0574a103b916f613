using static TorchSharp.torch;

namespace Histonic.Learning.Encoders;

/// <summary>First weights from a generator of one's own: libtorch's own initialisers take only the global one.</summary>
internal static class WeightInitialization
{
    /// <summary>Uniform within ± √(6 / fan-in), for layers before a rectifier (He et al. 2015); biases 0.</summary>
    public static void HeUniform(Tensor weight, Tensor? bias, Generator generator)
    {
        var fanIn = weight.numel() / weight.shape[0];
        Fill(weight, bias, Math.Sqrt(6.0 / fanIn), generator);
    }

    /// <summary>Uniform within ± √(6 / (fan-in + fan-out)), for linear outputs (Glorot and Bengio 2010); biases 0.</summary>
    public static void GlorotUniform(Tensor weight, Tensor? bias, Generator generator)
    {
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        var kernel = weight.numel() / (outputs * inputs);
        Fill(weight, bias, Math.Sqrt(6.0 / (kernel * (inputs + outputs))), generator);
    }

    private static void Fill(Tensor weight, Tensor? bias, double bound, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        weight.uniform_(-bound, bound, generator);
        bias?.zero_();
    }
}
