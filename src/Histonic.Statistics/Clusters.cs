namespace Histonic.Statistics;

/// <summary>Rows that belong together (slides of one patient).</summary>
internal static class Clusters
{
    /// <summary>The cluster of each row as numbers from 0, in order of appearance, and how many there are; null: each row is its own.</summary>
    public static (int[] Of, int Count) Number(int n, IReadOnlyList<int>? groups)
    {
        var of = new int[n];
        if (groups is null)
        {
            for (var i = 0; i < n; i++)
                of[i] = i;
            return (of, n);
        }

        Check.SameLength(groups.Count, n);
        Dictionary<int, int> numbers = [];
        for (var i = 0; i < n; i++)
        {
            if (!numbers.TryGetValue(groups[i], out of[i]))
                numbers.Add(groups[i], of[i] = numbers.Count);
        }

        return (of, numbers.Count);
    }

    /// <summary>The same where one cluster, from which no variance can be estimated, is refused.</summary>
    public static (int[] Of, int Count) AtLeastTwo(int n, IReadOnlyList<int>? groups, string statistic)
    {
        var clusters = Number(n, groups);
        return clusters.Count >= 2
            ? clusters
            : throw new StatisticsException(
                $"{statistic} needs at least 2 groups (patients); all {n} rows are of one."
            );
    }

    /// <summary>The sum of each cluster's values.</summary>
    public static double[] Sums(ReadOnlySpan<double> values, int[] of, int count)
    {
        var sums = new double[count];
        for (var i = 0; i < values.Length; i++)
            sums[of[i]] += values[i];
        return sums;
    }

    /// <summary>Σ a·b.</summary>
    public static double Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
