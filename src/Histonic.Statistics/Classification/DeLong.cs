namespace Histonic.Statistics.Classification;

/// <summary>
/// Intervals and a paired test for the area under the ROC curve without assumptions on the scores (DeLong, DeLong and
/// Clarke-Pearson, Biometrics 1988; 44:837-45), in O(n log n) by midranks (Sun and Xu, IEEE Signal Process Lett 2014;
/// 21:1389-93). The figures are those of R's <c>pROC::ci.auc</c> and <c>roc.test(method="delong")</c>.
/// </summary>
/// <remarks>
/// With groups (patients), the variance is that for clustered data of Obuchowski (Biometrics 1997; 53:567-78): the
/// structural components are added up within a group before they are squared; with one row a group it is DeLong's.
/// Where every positive lies above every negative (or below), the estimated variance is 0 and the interval is the single
/// point, as in pROC: it then says nothing of precision.
/// </remarks>
public static class DeLong
{
    /// <summary>The area with its interval.</summary>
    /// <param name="scores">The higher, the more likely positive; finite, only their order counts.</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <param name="logit">
    /// Whether the interval is made on the scale log(A / (1 − A)) and turned back (Pepe 2003, section 5.2): never outside
    /// [0, 1] and nearer its level for high areas. Else area ± z · standard error, cut to [0, 1].
    /// </param>
    /// <param name="groups">The group (patient) of each row, any numbers, in row order; null: each row is its own.</param>
    /// <returns>The area in [0, 1]; 0.5 is chance.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">A class (or, with groups, the groups that hold it) counts fewer than 2, or a score is not finite.</exception>
    public static Estimate Area(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<bool> positives,
        double level = 0.95,
        bool logit = false,
        IReadOnlyList<int>? groups = null
    )
    {
        Check.Level(level);
        var (of, count) = Clusters.Number(scores.Length, groups);
        var parts = Components.Of(scores, positives, of, count);
        var variance = parts.Covariance(parts);
        if (!logit || parts.Area is <= 0 or >= 1)
            return Estimate.Normal(parts.Area, variance, scores.Length, level, (0, 1));
        var centre = Math.Log(parts.Area / (1 - parts.Area));
        var width =
            Distributions.NormalQuantile((1 + level) / 2)
            * Math.Sqrt(Math.Max(0, variance))
            / (parts.Area * (1 - parts.Area));
        return new(parts.Area, Logistic(centre - width), Logistic(centre + width), scores.Length);
    }

    /// <summary>Tests whether two scores of the same rows have the same area.</summary>
    /// <param name="first">The first score: the higher, the more likely positive.</param>
    /// <param name="second">The second score, in the same order of rows, on any scale.</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <param name="level">The coverage of the intervals, in (0, 1).</param>
    /// <param name="groups">The group (patient) of each row, in row order; null: each row is its own.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">A class (or, with groups, the groups that hold it) counts fewer than 2, a score is not finite, or the areas are 1 and 0, whose difference has no variance.</exception>
    public static PairedComparison Compare(
        ReadOnlySpan<double> first,
        ReadOnlySpan<double> second,
        ReadOnlySpan<bool> positives,
        double level = 0.95,
        IReadOnlyList<int>? groups = null
    )
    {
        Check.Level(level);
        var (of, count) = Clusters.Number(first.Length, groups);
        var a = Components.Of(first, positives, of, count);
        var b = Components.Of(second, positives, of, count);
        double varianceA = a.Covariance(a),
            varianceB = b.Covariance(b);
        return PairedComparison.Normal(
            a.Area,
            b.Area,
            varianceA,
            varianceB,
            varianceA + varianceB - (2 * a.Covariance(b)),
            first.Length,
            level,
            (0, 1)
        );
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The area and, group by group, how far the structural components of its rows lie from it.</summary>
    /// <param name="Area">The area.</param>
    /// <param name="Positive">Σ over a group's positives of (share of negatives below it − area), by group.</param>
    /// <param name="Negative">The same for its negatives and the share of positives above.</param>
    /// <param name="Positives">The number of positives.</param>
    /// <param name="Negatives">The number of negatives.</param>
    /// <param name="PositiveGroups">How many groups hold a positive.</param>
    /// <param name="NegativeGroups">How many hold a negative.</param>
    private sealed record Components(
        double Area,
        double[] Positive,
        double[] Negative,
        int Positives,
        int Negatives,
        int PositiveGroups,
        int NegativeGroups
    )
    {
        public static Components Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives, int[] groups, int count)
        {
            var area = RocCurve.Area(scores, positives);
            var m = positives.Count(true);
            var n = positives.Length - m;
            double[] high = new double[m],
                low = new double[n];
            for (int i = 0, p = 0, q = 0; i < scores.Length; i++)
            {
                if (positives[i])
                    high[p++] = scores[i];
                else
                    low[q++] = scores[i];
            }

            double[] all = Ranks.Mid(scores),
                amongPositives = Ranks.Mid(high),
                amongNegatives = Ranks.Mid(low),
                positive = new double[count],
                negative = new double[count];
            bool[] holdsPositive = new bool[count],
                holdsNegative = new bool[count];
            for (int i = 0, p = 0, q = 0; i < scores.Length; i++)
            {
                if (positives[i])
                {
                    positive[groups[i]] += ((all[i] - amongPositives[p++]) / n) - area;
                    holdsPositive[groups[i]] = true;
                }
                else
                {
                    negative[groups[i]] += 1 - ((all[i] - amongNegatives[q++]) / m) - area;
                    holdsNegative[groups[i]] = true;
                }
            }

            int positiveGroups = holdsPositive.AsSpan().Count(true),
                negativeGroups = holdsNegative.AsSpan().Count(true);
            if (positiveGroups < 2 || negativeGroups < 2)
                throw new StatisticsException(
                    $"DeLong's variance needs at least 2 positives and 2 negatives (of different patients); there are {positiveGroups} and {negativeGroups}."
                );
            return new(area, positive, negative, m, n, positiveGroups, negativeGroups);
        }

        public double Covariance(Components other)
        {
            double positives = Positives,
                negatives = Negatives,
                groups = Positive.Length;
            return (Correction(PositiveGroups) * Clusters.Product(Positive, other.Positive) / (positives * positives))
                + (Correction(NegativeGroups) * Clusters.Product(Negative, other.Negative) / (negatives * negatives))
                + (
                    Correction(groups)
                    * (Clusters.Product(Positive, other.Negative) + Clusters.Product(Negative, other.Positive))
                    / (positives * negatives)
                );
        }

        private static double Correction(double groups) => groups / (groups - 1);
    }
}
