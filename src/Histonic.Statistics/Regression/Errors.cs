namespace Histonic.Statistics.Regression;

/// <summary>How far predicted amounts lie from the true ones.</summary>
public static class Errors
{
    /// <summary>The mean absolute error: the mean of |predicted − truth|.</summary>
    /// <param name="truth">The true amounts, finite.</param>
    /// <param name="predicted">The predicted amounts, in the same order and unit.</param>
    /// <returns>0 or more, in the amounts' unit.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">There are no rows, or a value is not finite.</exception>
    public static double MeanAbsolute(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        Validate(truth, predicted, 1, "The mean absolute error");
        var sum = 0.0;
        for (var i = 0; i < truth.Length; i++)
            sum += Math.Abs(predicted[i] - truth[i]);
        return sum / truth.Length;
    }

    /// <summary>
    /// The mean absolute error with Student's interval of a mean: mean ± t·s/√n, n − 1 degrees of freedom (R's
    /// <c>t.test(abs(predicted - truth))</c>), cut at 0. The root mean square error and R² have no such simple interval: take
    /// the bootstrap.
    /// </summary>
    /// <param name="truth">The true amounts, finite.</param>
    /// <param name="predicted">The predicted amounts, in the same order and unit.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The lengths differ, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">Fewer than 2 rows, or a value is not finite.</exception>
    public static Estimate MeanAbsoluteInterval(
        ReadOnlySpan<double> truth,
        ReadOnlySpan<double> predicted,
        double level = 0.95
    )
    {
        Check.Level(level);
        var mean = MeanAbsolute(truth, predicted);
        var n = truth.Length;
        Check.AtLeast(n, 2, "The interval of a mean absolute error");
        var squares = 0.0;
        for (var i = 0; i < n; i++)
        {
            var rest = Math.Abs(predicted[i] - truth[i]) - mean;
            squares += rest * rest;
        }

        var width = Distributions.StudentQuantile(level, n - 1) * Math.Sqrt(squares / (n - 1) / n);
        return new(mean, Math.Max(0, mean - width), mean + width, n);
    }

    /// <summary>The root mean square error: √(mean of (predicted − truth)²).</summary>
    /// <param name="truth">The true amounts, finite.</param>
    /// <param name="predicted">The predicted amounts, in the same order and unit.</param>
    /// <returns>0 or more, in the amounts' unit.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">There are no rows, or a value is not finite.</exception>
    public static double RootMeanSquare(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        Validate(truth, predicted, 1, "The root mean square error");
        return Math.Sqrt(SquaresFrom(truth, predicted) / truth.Length);
    }

    /// <summary>
    /// The coefficient of determination: 1 − Σ(truth − predicted)² / Σ(truth − mean truth)²
    /// (scikit-learn: <c>r2_score</c>). Not the square of a correlation: a biased prediction is punished.
    /// </summary>
    /// <param name="truth">The true amounts, finite.</param>
    /// <param name="predicted">The predicted amounts, in the same order and unit.</param>
    /// <returns>At most 1; 0 is as good as always saying the mean; below 0 is worse than that.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">Fewer than 2 rows, a constant truth, or a value that is not finite.</exception>
    public static double RSquared(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        Validate(truth, predicted, 2, "R²");
        if (truth.IndexOfAnyExcept(truth[0]) < 0)
            throw new StatisticsException(
                FormattableString.Invariant($"R² needs true values that differ, but all {truth.Length} are {truth[0]}.")
            );
        var mean = 0.0;
        foreach (var value in truth)
            mean += value / truth.Length;
        var spread = 0.0;
        foreach (var value in truth)
            spread += (value - mean) * (value - mean);
        return 1 - (SquaresFrom(truth, predicted) / spread);
    }

    private static double SquaresFrom(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        var sum = 0.0;
        for (var i = 0; i < truth.Length; i++)
            sum += (predicted[i] - truth[i]) * (predicted[i] - truth[i]);
        return sum;
    }

    private static void Validate(
        ReadOnlySpan<double> truth,
        ReadOnlySpan<double> predicted,
        int least,
        string statistic
    )
    {
        Check.SameLength(truth.Length, predicted.Length);
        Check.Finite(truth);
        Check.Finite(predicted);
        Check.AtLeast(truth.Length, least, statistic);
    }
}
