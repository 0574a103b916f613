namespace Histonic.Statistics.Classification;

/// <summary>Precision against recall: how pure the top of a ranking is. Unlike the ROC curve it depends on how rare positives are.</summary>
public static class PrecisionRecall
{
    /// <summary>
    /// The average precision: Σ (recall step) · precision over the distinct scores, descending, without interpolation
    /// (scikit-learn: <c>average_precision_score</c>; ties are one step). O(n log n).
    /// </summary>
    /// <param name="scores">The higher, the more likely positive; any finite numbers, only their order counts.</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <returns>A value in (0, 1]; chance is the share of positives.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">One class is missing, or a score is not finite.</exception>
    public static double Average(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        double sum = 0,
            reached = 0;
        foreach (var point in Points(scores, positives))
        {
            sum += (point.Recall - reached) * point.Precision;
            reached = point.Recall;
        }

        return sum;
    }

    /// <summary>
    /// The average precision with the logit interval of Boyd, Eng and Page (ECML 2013): logit(AP) ± z / √(m·AP·(1 − AP)),
    /// m the number of positives, turned back. For rows that are not independent, use the bootstrap.
    /// </summary>
    /// <remarks>An average precision of 1 has no such interval; it is the single point.</remarks>
    /// <param name="scores">The higher, the more likely positive; finite.</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The lengths differ, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">One class is missing, or a score is not finite.</exception>
    public static Estimate AverageInterval(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<bool> positives,
        double level = 0.95
    )
    {
        Check.Level(level);
        var value = Average(scores, positives);
        // the sum over many steps may miss 1 by rounding
        if (value >= 1 - 1e-12)
            return new(1, 1, 1, scores.Length);
        var centre = Math.Log(value / (1 - value));
        var width =
            Distributions.NormalQuantile((1 + level) / 2) / Math.Sqrt(positives.Count(true) * value * (1 - value));
        return new(value, 1 / (1 + Math.Exp(width - centre)), 1 / (1 + Math.Exp(-width - centre)), scores.Length);
    }

    /// <summary>
    /// The curve, one point a distinct score, thresholds descending, recall ascending, headed by (0, 1)
    /// (scikit-learn's <c>precision_recall_curve</c> in reverse order).
    /// </summary>
    /// <param name="scores">The higher, the more likely positive; finite.</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">One class is missing, or a score is not finite.</exception>
    public static IReadOnlyList<PrecisionRecallPoint> Points(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        Check.SameLength(scores.Length, positives.Length);
        Check.Finite(scores);
        var all = Check.BothClasses(positives, "The precision-recall curve");
        var order = Ranks.Order(scores);
        List<PrecisionRecallPoint> points = [new(0, 1, double.PositiveInfinity)];
        var hits = 0;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            hits += positives[order[i]] ? 1 : 0;
            if (i == 0 || scores[order[i - 1]] != scores[order[i]])
                points.Add(new(hits / (double)all, hits / (double)(order.Length - i), scores[order[i]]));
        }

        return points;
    }
}
