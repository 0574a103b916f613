namespace Histonic.Statistics.Classification;

/// <summary>The receiver operating characteristic of a two-class score (Hanley and McNeil, Radiology 1982; 143:29-36).</summary>
public static class RocCurve
{
    /// <summary>
    /// The area under the curve: the share of (positive, negative) pairs in which the positive has the higher score, ties
    /// counting one half. Equal to the trapezoidal area and to scikit-learn's <c>roc_auc_score</c>. O(n log n).
    /// </summary>
    /// <param name="scores">The higher, the more likely positive; any finite numbers, only their order counts.</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <returns>A value in [0, 1]; 0.5 is chance.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">One class is missing, or a score is not finite.</exception>
    public static double Area(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        var positive = Validated(scores, positives);
        var ranks = Ranks.Mid(scores);
        var sum = 0.0;
        for (var i = 0; i < ranks.Length; i++)
            sum += positives[i] ? ranks[i] : 0;
        // halves of whole numbers: exact in floating point for any number of rows that fits in memory
        var wins = sum - (positive * (positive + 1.0) / 2);
        return wins / ((double)positive * (scores.Length - positive));
    }

    /// <summary>The curve itself, one point a distinct score and the origin, from (0, 0) to (1, 1), thresholds descending.</summary>
    /// <param name="scores">The higher, the more likely positive; finite.</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">One class is missing, or a score is not finite.</exception>
    public static IReadOnlyList<RocPoint> Points(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        var positive = Validated(scores, positives);
        double negative = scores.Length - positive;
        var order = Ranks.Order(scores);
        List<RocPoint> points = [new(0, 0, double.PositiveInfinity)];
        int hits = 0,
            alarms = 0;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            if (positives[order[i]])
                hits++;
            else
                alarms++;
            if (i == 0 || scores[order[i - 1]] != scores[order[i]])
                points.Add(new(alarms / negative, hits / (double)positive, scores[order[i]]));
        }

        return points;
    }

    private static int Validated(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        Check.SameLength(scores.Length, positives.Length);
        Check.Finite(scores);
        return Check.BothClasses(positives, "The ROC curve");
    }
}
