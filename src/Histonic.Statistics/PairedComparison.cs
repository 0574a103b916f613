namespace Histonic.Statistics;

/// <summary>Two scores of the same rows against the same truth, and their difference. All values are finite.</summary>
/// <param name="First">The first one's figure, with its interval.</param>
/// <param name="Second">The second one's.</param>
/// <param name="Difference">First less second, with its interval, which takes account of both being measured on the same rows.</param>
/// <param name="PValue">Two-sided, of the null hypothesis that they do not differ, in [0, 1].</param>
public readonly record struct PairedComparison(Estimate First, Estimate Second, Estimate Difference, double PValue)
{
    /// <summary>The normal approximation from two figures and the (co)variances of their errors.</summary>
    /// <exception cref="StatisticsException">The figures differ, but their difference has no variance (perfect against none right).</exception>
    internal static PairedComparison Normal(
        double first,
        double second,
        double firstVariance,
        double secondVariance,
        double differenceVariance,
        int n,
        double level,
        (double Least, double Most) range
    )
    {
        var difference = first - second;
        var error = Math.Sqrt(Math.Max(0, differenceVariance));
        // rounding alone makes a difference of figures that are equal row by row
        var none = Math.Abs(difference) <= 1e-14 && error <= 1e-14;
        if (!none && error <= 1e-14)
            throw new StatisticsException(
                FormattableString.Invariant(
                    $"The figures {first} and {second} differ, but all rows agree on it: no variance can be estimated, so there is no test. A permutation test has one."
                )
            );
        var p = none ? 1 : Distributions.NormalTwoSided(difference / error);
        var width = range.Most - range.Least;
        return new(
            Estimate.Normal(first, firstVariance, n, level, range),
            Estimate.Normal(second, secondVariance, n, level, range),
            Estimate.Normal(difference, differenceVariance, n, level, (-width, width)),
            p
        );
    }
}
