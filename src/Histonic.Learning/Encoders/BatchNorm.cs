namespace Histonic.Learning.Encoders;

/// <summary>A batch normalisation with fixed statistics: (x − mean) / √(variance + ε) · γ + β, a channel at a time.</summary>
/// <param name="Gamma">The scale γ of every channel.</param>
/// <param name="Beta">The shift β of every channel.</param>
/// <param name="Mean">The moving mean of every channel.</param>
/// <param name="Variance">The moving variance of every channel.</param>
/// <param name="Epsilon">What is added to the variance. The papers: 0.001.</param>
public sealed record BatchNorm(float[] Gamma, float[] Beta, float[] Mean, float[] Variance, double Epsilon = 1e-3)
{
    /// <summary>What it amounts to: x · scale + shift.</summary>
    internal (double Scale, double Shift) At(int channel)
    {
        var scale = Gamma[channel] / Math.Sqrt(Variance[channel] + Epsilon);
        return (scale, Beta[channel] - (Mean[channel] * scale));
    }
}
