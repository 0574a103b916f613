using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Histonic.Slides.Reading;

/// <summary>
/// The tiles of one level that could not be decoded. vips' tile cache does not fail on them: it warns, and hands out black.
/// </summary>
/// <param name="tileWidth">The width of the level's tiles.</param>
/// <param name="tileHeight">The height of the level's tiles.</param>
internal sealed partial class TileDamage(int tileWidth, int tileHeight)
{
    [ThreadStatic]
    private static TileDamage? _watching;

    private readonly ConcurrentDictionary<(int Left, int Top), bool> _tiles = new();

    /// <summary>Takes a warning of vips, given on the thread that decodes.</summary>
    public static void Hear(string message)
    {
        if (_watching is { } level && Warning().Match(message) is { Success: true } match)
            level._tiles[
                (
                    int.Parse(match.Groups["left"].ValueSpan, CultureInfo.InvariantCulture),
                    int.Parse(match.Groups["top"].ValueSpan, CultureInfo.InvariantCulture)
                )
            ] = true;
    }

    /// <summary>Reads while warnings are heard.</summary>
    /// <returns>What was read, and whether a damaged tile lies under it, whichever thread met it first.</returns>
    public (T Result, bool Damaged) Watch<T>(Func<T> read, int left, int top, int width, int height)
    {
        var outer = _watching;
        _watching = this;
        try
        {
            var result = read();
            return (
                result,
                !_tiles.IsEmpty
                    && _tiles.Keys.Any(tile =>
                        tile.Left < left + width
                        && tile.Top < top + height
                        && tile.Left + tileWidth > left
                        && tile.Top + tileHeight > top
                    )
            );
        }
        finally
        {
            _watching = outer;
        }
    }

    [GeneratedRegex(
        @"error in tile (?<left>\d+) x (?<top>\d+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Warning();
}
