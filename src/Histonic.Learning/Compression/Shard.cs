using System.Globalization;
using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>One of N equal parts of the work, so that N machines can share it.</summary>
/// <param name="Index">Which part, from 1 to N.</param>
/// <param name="Count">The number N of parts.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>Gets the only part of one.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Reads "2/8".</summary>
    /// <exception cref="OptionException">It is not of this form, or the part is not one of them.</exception>
    public static Shard Parse(string text)
    {
        var parts = text.Split('/');
        return
            parts is [var index, var count]
            && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && i >= 1
            && i <= n
            ? new Shard(i, n)
            : throw new OptionException("--shard", text, "I/N with I from 1 to N, such as 2/8");
    }

    /// <summary>The items of this part: every N-th. All parts together hold every item once.</summary>
    public IEnumerable<T> Of<T>(IEnumerable<T> items)
    {
        var (index, count) = (Index, Count);
        return items.Where((_, at) => at % count == index - 1);
    }
}
