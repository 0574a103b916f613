using System.Globalization;

namespace Histonic.Tests.Support;

/// <summary>A table of tests/golden: plain commas, a head line, no quotes; beside it stands the script that made it.</summary>
internal sealed class GoldenTable
{
    private readonly string[] _names;
    private readonly string[][] _rows;

    private GoldenTable(string[] names, string[][] rows) => (_names, _rows) = (names, rows);

    public static GoldenTable Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "golden", name));
        return new(lines[0].Split(','), [.. lines.Skip(1).Select(line => line.Split(','))]);
    }

    public string[] Text(string column) => [.. _rows.Select(row => row[Array.IndexOf(_names, column)])];

    /// <summary>A column of numbers; R's NA is NaN.</summary>
    public double[] Numbers(string column) =>
        [
            .. Text(column)
                .Select(text =>
                    text is "NA" ? double.NaN : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
                ),
        ];

    public int[] Integers(string column) => [.. Numbers(column).Select(value => (int)value)];

    public bool[] Truths(string column) => [.. Numbers(column).Select(value => value == 1)];

    public GoldenTable Where(string column, string value) =>
        new(
            _names,
            [.. _rows.Where(row => string.Equals(row[Array.IndexOf(_names, column)], value, StringComparison.Ordinal))]
        );

    /// <summary>The number beside a name, in a table of names and values.</summary>
    public double this[string name] => Where("name", name).Numbers("value").Single();

    public bool Has(string name) => Text("name").Contains(name, StringComparer.Ordinal);
}
