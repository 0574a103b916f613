using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;
using Histonic.Statistics.Regression;
using Histonic.Statistics.Survival;

namespace Histonic.Statistics.Testing;

/// <summary>
/// Two-sided permutation tests with drawn permutations: p = (1 + number at least as extreme) / (1 + permutations), never 0
/// (Phipson and Smyth, Stat Appl Genet Mol Biol 2010; 9:39). "As extreme" is a distance from chance that is not smaller.
/// The same seed gives the same p.
/// </summary>
public static class PermutationTest
{
    /// <summary>Tests whether predictions know anything of the truth, by dealing the predictions to the rows anew.</summary>
    /// <param name="n">The number of rows, at least 2. They must be independent: one a patient.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="statistic">The statistic of truth[i] against prediction[rows[i]]; called first with rows 0 … n − 1.</param>
    /// <param name="chance">What the statistic is in the mean when predictions know nothing.</param>
    /// <param name="permutations">How many are drawn, at least 99.</param>
    /// <returns>A p value in (0, 1].</returns>
    /// <exception cref="ArgumentException">Fewer than 99 permutations.</exception>
    /// <exception cref="StatisticsException">Fewer than 2 rows, or the statistic is not determined.</exception>
    public static double Labels(int n, int seed, ResampledStatistic statistic, double chance, int permutations = 1999)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 99);
        Check.AtLeast(n, 2, "A permutation test");
        var rows = new int[n];
        for (var i = 0; i < n; i++)
            rows[i] = i;
        var random = new Random(seed);
        var observed = Distance(statistic(rows), chance);
        var extreme = 0;
        for (var draw = 0; draw < permutations; draw++)
        {
            random.Shuffle(rows);
            extreme += Distance(statistic(rows), chance) >= observed - 1e-12 ? 1 : 0;
        }

        return (1.0 + extreme) / (1 + permutations);
    }

    /// <summary>
    /// Tests whether two models differ, by exchanging their predictions on a random half of the groups: if the models are
    /// equally good, neither assignment is more likely.
    /// </summary>
    /// <param name="n">The number of rows, at least 1.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="difference">The difference of the two models; called first with nothing swapped.</param>
    /// <param name="permutations">How many are drawn, at least 99.</param>
    /// <param name="groups">The group (patient) of each row, swapped as one, in row order; null: each row is its own.</param>
    /// <returns>A p value in (0, 1].</returns>
    /// <exception cref="ArgumentException">Fewer than 99 permutations, or the groups are not n.</exception>
    /// <exception cref="StatisticsException">There are no rows, or the difference is not determined.</exception>
    public static double Swaps(
        int n,
        int seed,
        SwappedStatistic difference,
        int permutations = 1999,
        IReadOnlyList<int>? groups = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 99);
        Check.AtLeast(n, 1, "A permutation test");
        var (of, count) = Clusters.Number(n, groups);
        var random = new Random(seed);
        var swapped = new bool[n];
        var coins = new bool[count];
        var observed = Distance(difference(swapped), 0);
        var extreme = 0;
        for (var draw = 0; draw < permutations; draw++)
        {
            for (var g = 0; g < count; g++)
                coins[g] = random.Next(2) == 1;
            for (var i = 0; i < n; i++)
                swapped[i] = coins[of[i]];
            extreme += Distance(difference(swapped), 0) >= observed - 1e-12 ? 1 : 0;
        }

        return (1.0 + extreme) / (1 + permutations);
    }

    /// <summary>Tests whether the area under the ROC curve differs from one half.</summary>
    /// <param name="scores">The scores, finite.</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="permutations">How many are drawn, at least 99.</param>
    /// <exception cref="ArgumentException">The lengths differ, or fewer than 99 permutations.</exception>
    /// <exception cref="StatisticsException">One class is missing, or a score is not finite.</exception>
    public static double Area(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<bool> positives,
        int seed,
        int permutations = 1999
    )
    {
        double[] values = [.. scores];
        bool[] truth = [.. positives];
        Check.SameLength(values.Length, truth.Length);
        return Labels(values.Length, seed, rows => RocCurve.Area(Dealt(values, rows), truth), 0.5, permutations);
    }

    /// <summary>Tests whether Pearson's correlation differs from 0; of ranks, Spearman's.</summary>
    /// <param name="x">Finite numbers.</param>
    /// <param name="y">Finite numbers, in the same order.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="permutations">How many are drawn, at least 99.</param>
    /// <exception cref="ArgumentException">The lengths differ, or fewer than 99 permutations.</exception>
    /// <exception cref="StatisticsException">Fewer than 2 rows, a constant column, or a value that is not finite.</exception>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int seed, int permutations = 1999)
    {
        double[] first = [.. x],
            second = [.. y];
        Check.SameLength(first.Length, second.Length);
        return Labels(first.Length, seed, rows => Correlation.Pearson(Dealt(first, rows), second), 0, permutations);
    }

    /// <summary>Tests whether Harrell's C differs from one half.</summary>
    /// <param name="times">Time to event or censoring, 0 or more.</param>
    /// <param name="events">Whether the event was seen, in the same order.</param>
    /// <param name="risks">The predicted risk, finite.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="permutations">How many are drawn, at least 99.</param>
    /// <exception cref="ArgumentException">The lengths differ, or fewer than 99 permutations.</exception>
    /// <exception cref="StatisticsException">No pair can be compared, or a number is not finite.</exception>
    public static double Harrell(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        ReadOnlySpan<double> risks,
        int seed,
        int permutations = 1999
    )
    {
        double[] time = [.. times],
            risk = [.. risks];
        bool[] seen = [.. events];
        Check.SameLength(time.Length, risk.Length);
        return Labels(time.Length, seed, rows => Concordance.Harrell(time, seen, Dealt(risk, rows)), 0.5, permutations);
    }

    /// <summary>Tests whether the mean of paired differences is 0, by turning the sign of whole groups.</summary>
    /// <param name="differences">One a row, finite.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="permutations">How many are drawn, at least 99.</param>
    /// <param name="groups">The group (patient) of each row; null: each row is its own.</param>
    /// <exception cref="ArgumentException">Fewer than 99 permutations, or groups and differences are not as many.</exception>
    /// <exception cref="StatisticsException">There are no rows, or a difference is not finite.</exception>
    public static double PairedMean(
        ReadOnlySpan<double> differences,
        int seed,
        int permutations = 1999,
        IReadOnlyList<int>? groups = null
    )
    {
        Check.Finite(differences);
        double[] values = [.. differences];
        var scale = 0.0;
        foreach (var value in values)
            scale = Math.Max(scale, Math.Abs(value));
        return Swaps(
            values.Length,
            seed,
            swapped =>
            {
                var sum = 0.0;
                for (var i = 0; i < values.Length; i++)
                    sum += (swapped[i] ? -values[i] : values[i]) / (scale > 0 ? scale : 1);
                return sum / values.Length;
            },
            permutations,
            groups
        );
    }

    private static double Distance(double value, double chance) =>
        double.IsFinite(value)
            ? Math.Abs(value - chance)
            : throw new StatisticsException("The statistic is not a finite number on these rows.");

    private static double[] Dealt(double[] values, ReadOnlySpan<int> rows)
    {
        var dealt = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            dealt[i] = values[rows[i]];
        return dealt;
    }
}
