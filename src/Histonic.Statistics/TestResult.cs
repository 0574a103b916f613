namespace Histonic.Statistics;

/// <summary>A chi-square test. All values are finite.</summary>
/// <param name="ChiSquare">The test statistic, 0 or more.</param>
/// <param name="DegreesOfFreedom">At least 1.</param>
/// <param name="PValue">The probability of such a statistic or a larger one under the null hypothesis, in [0, 1].</param>
public readonly record struct TestResult(double ChiSquare, int DegreesOfFreedom, double PValue)
{
    internal static TestResult Of(double chiSquare, int degrees) =>
        new(chiSquare, degrees, Distributions.ChiSquareAbove(chiSquare, degrees));
}
