using System.Globalization;
using CsvHelper;

namespace Histonic.Slides.Cohorts;

/// <summary>A table of text with a header; every row knows its line, so that an error can name it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Header">The names of the columns, each once.</param>
/// <param name="Rows">The rows, in the file's order.</param>
public sealed record CsvTable(string Path, IReadOnlyList<string> Header, IReadOnlyList<CsvRow> Rows)
{
    private static readonly CsvReaderOptions _reading = new()
    {
        TrimWhitespace = true,
        TrimInsideQuotes = true,
        TrackLineNumbers = true,
        SkipEmptyLines = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    private static readonly CsvWriterOptions _writing = new() { NewLine = "\n" };

    /// <summary>Reads a table: UTF-8, a header line, separated by commas, semicolons or tabs (found out from its first lines).</summary>
    /// <exception cref="InputException">The file is absent, empty, unreadable, or a line does not fit its header.</exception>
    public static CsvTable Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Parse(path, stream);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "does not exist", "Check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Give a CSV file with a header", error);
        }
        catch (CsvFormatException error)
        {
            throw new InputException(path, $"is not a table ({error.Message})", "Save it as CSV, in UTF-8", error);
        }
    }

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="rows">The rows, each as long as the header; null = empty. Numbers are written so that reading them gives the same ones.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<object?>> rows) =>
        AtomicFile.Write(
            path,
            partial =>
            {
                using var csv = CsvWriter.ToFile(partial, _writing);
                foreach (var name in header)
                    csv.WriteField(name);
                csv.EndRecord();
                foreach (var row in rows)
                {
                    foreach (var field in row)
                        csv.WriteField(Convert.ToString(field, CultureInfo.InvariantCulture));
                    csv.EndRecord();
                }
            }
        );

    /// <summary>The place of a column, in any case of letters; −1 when there is none.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Header.Count; i++)
        {
            if (string.Equals(Header[i], column, StringComparison.Ordinal))
                return i;
        }

        for (var i = 0; i < Header.Count; i++)
        {
            if (string.Equals(Header[i], column, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }

    /// <summary>The place of a column that must be there.</summary>
    /// <exception cref="InputException">It is not; the message lists those there are.</exception>
    public int Require(string column) =>
        IndexOf(column) is >= 0 and var index
            ? index
            : throw new InputException(
                Path,
                $"has no column \"{column}\"",
                $"Its columns are {string.Join(", ", Header)}"
            );

    /// <summary>An error about one line of this table.</summary>
    public InputException Fault(CsvRow row, string finding, string remedy) =>
        new($"{Path}, line {row.Line}", finding, remedy);

    /// <summary>The number in a cell; null when the cell is empty.</summary>
    /// <exception cref="InputException">It is not a finite number.</exception>
    public double? Number(CsvRow row, int column)
    {
        var text = row.Fields[column];
        if (text.Length == 0)
            return null;
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : throw Fault(
                row,
                $"\"{text}\" in column {Header[column]} is not a number",
                "Write numbers with a decimal point, and leave unknown values empty"
            );
    }

    private static CsvTable Parse(string path, Stream stream)
    {
        using var csv = CsvReader.Create(stream, _reading, leaveOpen: true);
        var header = csv.Headers;
        if (header.All(string.IsNullOrWhiteSpace))
            throw new InputException(path, "is empty", "Give a CSV file with a header");
        if (
            header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
        )
            throw new InputException(path, $"has two columns \"{twice.Key}\"", "Rename or remove one");
        List<CsvRow> rows = [];
        while (csv.Read())
        {
            var fields = new string[csv.FieldCount];
            for (var i = 0; i < fields.Length; i++)
                fields[i] = csv.GetString(i);
            if (fields.All(field => field.Length == 0))
                continue;
            var row = new CsvRow((int)csv.LineNumber, fields);
            if (fields.Length != header.Count)
                throw new InputException(
                    $"{path}, line {row.Line}",
                    $"has {fields.Length} fields, the header has {header.Count}",
                    "Give every line the header's columns, in quotes where a field holds the separator"
                );
            rows.Add(row);
        }

        return new CsvTable(path, header, rows);
    }
}
