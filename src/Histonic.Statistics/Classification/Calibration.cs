namespace Histonic.Statistics.Classification;

/// <summary>Whether predicted probabilities are the frequencies that come true.</summary>
public static class Calibration
{
    /// <summary>
    /// The Brier score of a two-class prediction: the mean of (probability − outcome)²
    /// (scikit-learn: <c>brier_score_loss</c>).
    /// </summary>
    /// <param name="probabilities">The predicted probability of being positive, in [0, 1].</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <returns>A value in [0, 1]; 0 is perfect; always saying the share s of positives gives s·(1 − s).</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">There are no rows, or a probability is not in [0, 1].</exception>
    public static double Brier(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        Check.SameLength(probabilities.Length, positives.Length);
        Check.AtLeast(probabilities.Length, 1, "The Brier score");
        Probabilities(probabilities);
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var rest = probabilities[i] - (positives[i] ? 1 : 0);
            sum += rest * rest;
        }

        return sum / probabilities.Length;
    }

    /// <summary>
    /// The Brier score of several classes as first defined (Brier, Mon Weather Rev 1950; 78:1-3): the mean over rows of
    /// Σ over classes (probability − outcome)². With two classes it is twice that of the two-class form.
    /// </summary>
    /// <param name="probabilities">Rows × classes, row after row: <c>probabilities[row * classes + k]</c>, in [0, 1].</param>
    /// <param name="labels">The true class of each row, from 0 to classes − 1.</param>
    /// <param name="classes">How many classes there are, at least 2.</param>
    /// <returns>A value in [0, 2] where a row's probabilities add up to 1; 0 is perfect.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, or a label is out of range.</exception>
    /// <exception cref="StatisticsException">There are no rows, or a probability is not in [0, 1].</exception>
    public static double Brier(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, int classes)
    {
        Rows(probabilities, labels, classes, "The Brier score");
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var rest = probabilities[i] - (labels[i / classes] == i % classes ? 1 : 0);
            sum += rest * rest;
        }

        return sum / labels.Length;
    }

    /// <summary>
    /// The reliability curve: rows put together by their probability, the mean probability against the share that is
    /// positive (scikit-learn: <c>calibration_curve</c>). Bins without rows are left out.
    /// </summary>
    /// <param name="probabilities">The predicted probability of being positive, in [0, 1].</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <param name="bins">How many bins, at least 1.</param>
    /// <param name="equalMass">
    /// Whether the bins' edges are quantiles of the probabilities (linear interpolation; equal probabilities stay together);
    /// else they divide [0, 1] into equal widths. A probability at an edge belongs to the lower bin (Guo et al., ICML 2017).
    /// </param>
    /// <param name="level">The coverage of the shares' intervals, in (0, 1).</param>
    /// <returns>The bins with rows, probabilities ascending.</returns>
    /// <exception cref="ArgumentException">The lengths differ, there is no bin, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">There are no rows, or a probability is not in [0, 1].</exception>
    public static IReadOnlyList<CalibrationBin> Curve(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<bool> positives,
        int bins = 10,
        bool equalMass = false,
        double level = 0.95
    )
    {
        Check.Level(level);
        List<CalibrationBin> curve = [];
        var (sums, hits, counts) = Binned(probabilities, positives, bins, equalMass);
        for (var bin = 0; bin < bins; bin++)
        {
            if (counts[bin] > 0)
                curve.Add(new(sums[bin] / counts[bin], Proportion.Wilson(hits[bin], counts[bin], level)));
        }

        return curve;
    }

    /// <summary>
    /// The expected calibration error: Σ over bins (share of rows) · |mean probability − share positive|
    /// (Naeini, Cooper and Hauskrecht, AAAI 2015). It is biased upwards by chance, the more the fewer rows a bin holds.
    /// </summary>
    /// <param name="probabilities">The predicted probability of being positive, in [0, 1].</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <param name="bins">How many bins, at least 1.</param>
    /// <param name="equalMass">As in <see cref="Curve"/>.</param>
    /// <returns>A value in [0, 1]; 0 is perfect.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there is no bin.</exception>
    /// <exception cref="StatisticsException">There are no rows, or a probability is not in [0, 1].</exception>
    public static double ExpectedError(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<bool> positives,
        int bins = 10,
        bool equalMass = false
    )
    {
        var (sums, hits, _) = Binned(probabilities, positives, bins, equalMass);
        var error = 0.0;
        for (var bin = 0; bin < bins; bin++)
            error += Math.Abs(sums[bin] - hits[bin]);
        return error / probabilities.Length;
    }

    /// <summary>
    /// The expected calibration error of several classes: that of "the most probable class is the true one" by its
    /// probability (top-label calibration, Guo et al., ICML 2017); of equally probable classes the first counts.
    /// </summary>
    /// <param name="probabilities">Rows × classes, row after row, in [0, 1].</param>
    /// <param name="labels">The true class of each row, from 0 to classes − 1.</param>
    /// <param name="classes">How many classes there are, at least 2.</param>
    /// <param name="bins">How many bins, at least 1.</param>
    /// <param name="equalMass">As in <see cref="Curve"/>.</param>
    /// <returns>A value in [0, 1]; 0 is perfect.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, a label is out of range, or there is no bin.</exception>
    /// <exception cref="StatisticsException">There are no rows, or a probability is not in [0, 1].</exception>
    public static double ExpectedError(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<int> labels,
        int classes,
        int bins = 10,
        bool equalMass = false
    )
    {
        Rows(probabilities, labels, classes, "The calibration error");
        var confidence = new double[labels.Length];
        var right = new bool[labels.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            var own = probabilities.Slice(row * classes, classes);
            var top = 0;
            for (var k = 1; k < classes; k++)
                top = own[k] > own[top] ? k : top;
            confidence[row] = own[top];
            right[row] = top == labels[row];
        }

        return ExpectedError(confidence, right, bins, equalMass);
    }

    private static (double[] Sums, int[] Hits, int[] Counts) Binned(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<bool> positives,
        int bins,
        bool equalMass
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        Check.SameLength(probabilities.Length, positives.Length);
        Check.AtLeast(probabilities.Length, 1, "Calibration");
        Probabilities(probabilities);
        var edges = new double[bins - 1];
        double[] sorted = equalMass ? [.. probabilities] : [];
        Array.Sort(sorted);
        for (var i = 0; i < edges.Length; i++)
        {
            var share = (i + 1) / (double)bins;
            edges[i] = equalMass ? Quantiles.Of(sorted, share) : share;
        }

        var sums = new double[bins];
        var hits = new int[bins];
        var counts = new int[bins];
        for (var i = 0; i < probabilities.Length; i++)
        {
            int low = 0,
                high = edges.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (edges[middle] < probabilities[i])
                    low = middle + 1;
                else
                    high = middle;
            }

            sums[low] += probabilities[i];
            hits[low] += positives[i] ? 1 : 0;
            counts[low]++;
        }

        return (sums, hits, counts);
    }

    private static void Rows(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<int> labels,
        int classes,
        string statistic
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Check.SameLength(probabilities.Length, labels.Length * classes);
        Check.AtLeast(labels.Length, 1, statistic);
        Probabilities(probabilities);
        for (var row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classes)
                throw new ArgumentException(
                    $"labels[{row}] is {labels[row]}, not one of {classes} classes.",
                    nameof(labels)
                );
        }
    }

    private static void Probabilities(ReadOnlySpan<double> probabilities)
    {
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] is not (>= 0 and <= 1))
                throw new StatisticsException(
                    FormattableString.Invariant(
                        $"probabilities: entry {i} (counted from 0) is {probabilities[i]}, not from 0 to 1."
                    )
                );
        }
    }
}
