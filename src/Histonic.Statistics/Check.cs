using System.Runtime.CompilerServices;

namespace Histonic.Statistics;

/// <summary>The checks that every statistic makes on its input.</summary>
internal static class Check
{
    /// <summary>Two columns describe the same rows.</summary>
    public static void SameLength(
        int first,
        int second,
        [CallerArgumentExpression(nameof(first))] string firstName = "",
        [CallerArgumentExpression(nameof(second))] string secondName = ""
    )
    {
        if (first != second)
        {
            throw new ArgumentException(
                $"{firstName} is {first}, {secondName} is {second}: they must be the same.",
                secondName
            );
        }
    }

    /// <summary>There are enough rows.</summary>
    public static void AtLeast(int n, int least, string statistic)
    {
        if (n < least)
            throw new StatisticsException($"{statistic} needs at least {least} rows, there are {n}.");
    }

    /// <summary>No value is NaN or infinite.</summary>
    public static void Finite(ReadOnlySpan<double> values, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new StatisticsException(
                    FormattableString.Invariant(
                        $"{name}: row {i} (counted from 0) is {values[i]}, not a finite number."
                    )
                );
        }
    }

    /// <summary>Survival data: as many events as times, times finite and not negative.</summary>
    public static void Survival(ReadOnlySpan<double> times, ReadOnlySpan<bool> events)
    {
        SameLength(times.Length, events.Length);
        Finite(times);
        for (var i = 0; i < times.Length; i++)
        {
            if (times[i] < 0)
                throw new StatisticsException(
                    FormattableString.Invariant($"times: row {i} (counted from 0) is {times[i]}; a time is 0 or more.")
                );
        }
    }

    /// <summary>Horizons or the like: at least one, strictly ascending.</summary>
    public static void Ascending(
        ReadOnlySpan<double> values,
        [CallerArgumentExpression(nameof(values))] string name = ""
    )
    {
        if (values.IsEmpty)
            throw new ArgumentException($"{name} is empty.", name);
        for (var i = 1; i < values.Length; i++)
        {
            if (!(values[i] > values[i - 1]))
                throw new ArgumentException($"{name} must ascend, but entry {i} is not above the one before.", name);
        }
    }

    /// <summary>A confidence level or a similar share.</summary>
    public static void Level(double level)
    {
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1, such as 0.95.");
    }

    /// <summary>The number of true values; both kinds must occur.</summary>
    public static int BothClasses(ReadOnlySpan<bool> positives, string statistic)
    {
        var count = positives.Count(true);
        if (count == 0 || count == positives.Length)
            throw new StatisticsException(
                $"{statistic} needs both classes, but all {positives.Length} rows are "
                    + $"{(count == 0 ? "negative" : "positive")}."
            );
        return count;
    }
}
