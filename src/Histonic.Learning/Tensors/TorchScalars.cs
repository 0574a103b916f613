using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Tensors;

/// <summary>Numbers for libtorch that stay alive, and operations that need no others.</summary>
/// <remarks>
/// TorchSharp 0.107 makes a <see cref="Scalar"/> with a finaliser of each number it is handed, and nothing keeps that object alive during the
/// native call: a garbage collection on another thread at that moment frees the number while libtorch reads it, which then throws or
/// computes with what else lies there. Sums of tensors, activations and batch norm make such numbers inside. So what runs at each step
/// of a training uses the numbers and operations here, or a Scalar of its own that it disposes after the call.
/// </remarks>
internal static class TorchScalars
{
    public static readonly Scalar Zero = 0.0.ToScalar();
    public static readonly Scalar One = 1.0.ToScalar();
    public static readonly Scalar Half = 0.5.ToScalar();
    public static readonly Scalar Two = 2.0.ToScalar();
    private static readonly Scalar _oneBatch = 1L.ToScalar();
    public static readonly Scalar MinusOne = (-1.0).ToScalar();

    /// <summary>Batch normalisation as the layer itself does it: in training by the batch, which its moving statistics take in.</summary>
    /// <param name="norm">The layer; it keeps moving statistics, with a given momentum.</param>
    /// <param name="x">B × channels, or B × channels × H × W.</param>
    public static Tensor Normalise(this NormBase norm, Tensor x)
    {
        if (norm.training)
            norm.num_batches_tracked!.add_(_oneBatch, _oneBatch);
        return nn.functional.batch_norm(
            x,
            norm.running_mean!,
            norm.running_var!,
            norm.weight!,
            norm.bias!,
            norm.training,
            norm.momentum!.Value,
            norm.eps
        );
    }

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a − b.</summary>
    public static Tensor Minus(this Tensor a, Tensor b) => a.add(b, MinusOne);

    /// <summary>x · number.</summary>
    public static Tensor Times(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul(scalar);
    }

    /// <summary>x².</summary>
    public static Tensor Squared(this Tensor x) => x.mul(x);

    /// <summary>The number in a tensor of one, whatever its type.</summary>
    public static double Number(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).item<double>();
    }
}
