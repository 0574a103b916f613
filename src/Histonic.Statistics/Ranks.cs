namespace Histonic.Statistics;

/// <summary>Orders and ranks.</summary>
public static class Ranks
{
    /// <summary>The rows in ascending order of their values; rows of equal value keep their order.</summary>
    public static int[] Order(ReadOnlySpan<double> values)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        var keys = values.ToArray();
        Array.Sort(keys, order);
        // Array.Sort is unstable: put each run of equal values back in row order, so that sums are always added alike.
        for (var start = 0; start < keys.Length; )
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
                end++;
            if (end - start > 1)
                Array.Sort(order, start, end - start);
            start = end;
        }

        return order;
    }

    /// <summary>Ranks from 1; equal values share the mean of their ranks (midranks).</summary>
    public static double[] Mid(ReadOnlySpan<double> values)
    {
        var order = Order(values);
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length; )
        {
            var end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2.0;
            start = end;
        }

        return ranks;
    }

    /// <summary>Ranks from 0 in which equal values share one rank and no rank is left out; and how many there are.</summary>
    public static (int[] Ranks, int Count) Dense(ReadOnlySpan<double> values)
    {
        var order = Order(values);
        var ranks = new int[values.Length];
        var rank = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (i > 0 && values[order[i]] != values[order[i - 1]])
                rank++;
            ranks[order[i]] = rank;
        }

        return (ranks, values.Length == 0 ? 0 : rank + 1);
    }
}
