using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders;

/// <summary>The activation of every encoder and of the networks around it.</summary>
internal static class Activation
{
    private static readonly Scalar _slope = EncoderNetwork.LeakySlope.ToScalar();

    /// <summary>LeakyReLU with the papers' slope, in place.</summary>
    /// <returns>The same tensor.</returns>
    public static Tensor Leaky(this Tensor x) => x.leaky_relu_(_slope);
}
