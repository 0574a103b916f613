using System.Globalization;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Survival;

/// <summary>The survival sets that tests/golden/statistics_survival.R and statistics_models.R ask R about, coded as there.</summary>
internal sealed record SurvivalData(
    double[] Times,
    bool[] Events,
    double[] Risks,
    int[] Groups,
    double[] Second,
    double[] Third
)
{
    /// <summary>Patients of several rows, as in statistics_models.R.</summary>
    public int[] Clusters => [.. Enumerable.Range(0, Times.Length).Select(row => row % 60)];

    /// <summary>Two strata, as in statistics_models.R.</summary>
    public int[] Halves => [.. Enumerable.Range(0, Times.Length).Select(row => row % 2)];

    public static TheoryData<string> Names => ["random", "apart", "GBSG2", "veteran", "whas500"];

    public static SurvivalData Read(string name)
    {
        if (name is "random" or "apart")
        {
            var table = GoldenTable.Read("statistics_random.csv");
            return new(
                [.. table.Numbers("time").Select((time, i) => name is "apart" ? time + ((i + 1) / 1000.0) : time)],
                table.Truths("event"),
                table.Numbers("risk"),
                table.Integers("group"),
                table.Numbers("score"),
                table.Numbers("positive")
            );
        }

        var rows = File.ReadLines(RealData.Path($"labels/{name}.arff"))
            .SkipWhile(line => !line.StartsWith("@data", StringComparison.OrdinalIgnoreCase))
            .Skip(1)
            .Where(line => line.Length > 0)
            .Select(line => line.Replace("'", "", StringComparison.Ordinal).Split(','))
            .ToList();
        return name switch
        {
            "GBSG2" => From(rows, 8, 9, "1", 5, 1, 4, 1, 3),
            "veteran" => From(rows, 2, 3, "dead", 4, -1, 1, 6, 5),
            _ => From(rows, 14, 15, "1", 0, 1, 1, 2, 5),
        };
    }

    private static SurvivalData From(
        List<string[]> rows,
        int time,
        int status,
        string died,
        int risk,
        int sign,
        int group,
        int second,
        int third
    )
    {
        var groups = rows.Select(row => row[group]).Distinct().Order(StringComparer.Ordinal).ToList();
        return new(
            [.. rows.Select(row => Number(row[time]))],
            [.. rows.Select(row => string.Equals(row[status], died, StringComparison.Ordinal))],
            [.. rows.Select(row => sign * Number(row[risk]))],
            [.. rows.Select(row => groups.IndexOf(row[group]))],
            [.. rows.Select(row => Number(row[second]))],
            [.. rows.Select(row => Number(row[third]))]
        );
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
