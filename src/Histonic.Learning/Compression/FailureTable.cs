using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Compression;

/// <summary>failures.csv: the slides whose last try failed. Several processes write it, each changing only the row it knows about.</summary>
/// <param name="folder">Its folder.</param>
/// <param name="shard">The part of the work; each part has a table of its own.</param>
public sealed class FailureTable(string folder, Shard shard)
{
    private static readonly string[] _columns = ["slide", "stage", "reason"];

    private readonly string _path = Path.Combine(
        folder,
        shard.Count == 1 ? "failures.csv" : $"failures-{shard.Index}-of-{shard.Count}.csv"
    );

    /// <summary>The rows by the name of their slide.</summary>
    /// <exception cref="InputException">The table cannot be read.</exception>
    public IReadOnlyDictionary<string, SlideFailure> Read()
    {
        Dictionary<string, SlideFailure> rows = new(StringComparer.Ordinal);
        if (!File.Exists(_path))
            return rows;
        CsvTable table;
        try
        {
            table = CsvTable.Read(_path);
        }
        catch (InputException) when (!File.Exists(_path))
        {
            return rows; // removed just now: nothing fails any more
        }

        if (!table.Header.SequenceEqual(_columns, StringComparer.Ordinal))
            return rows; // another program's: it will be replaced
        foreach (var row in table.Rows)
            rows[SlideName.Of(row.Fields[0])] = new SlideFailure(row.Fields[0], row.Fields[1], row.Fields[2]);
        return rows;
    }

    /// <summary>Puts a failure in, in the place of the slide's earlier one.</summary>
    /// <exception cref="InputException">The table cannot be read or written.</exception>
    public void Put(SlideFailure failure) => Change(rows => rows[SlideName.Of(failure.Slide)] = failure);

    /// <summary>Takes a slide's row out, if there is one.</summary>
    /// <exception cref="InputException">The table cannot be read or written.</exception>
    public void Remove(string name)
    {
        if (Read().ContainsKey(name))
            Change(rows => rows.Remove(name));
    }

    private void Change(Action<Dictionary<string, SlideFailure>> change)
    {
        using var alone = FolderLock.Take(folder);
        var rows = new Dictionary<string, SlideFailure>(Read(), StringComparer.Ordinal);
        change(rows);
        if (rows.Count == 0)
        {
            File.Delete(_path);
            return;
        }

        CsvTable.Write(
            _path,
            _columns,
            rows.OrderBy(row => row.Key, StringComparer.Ordinal)
                .Select(row => new object?[] { row.Value.Slide, row.Value.Stage, row.Value.Reason })
        );
    }
}
