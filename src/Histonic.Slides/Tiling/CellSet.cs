using System.Collections;
using System.Numerics;

namespace Histonic.Slides.Tiling;

/// <summary>Cells of a grid in raster order, a bit a cell of the grid: a third of a million cells of a large slide take 80 kB.</summary>
internal sealed class CellSet : IReadOnlyList<GridCell>
{
    private const int WordBits = 64;

    private readonly ulong[] _words; // rows begin with a word of their own
    private readonly int[] _before; // the cells in the rows before each one, and of all
    private readonly int _stride;

    /// <summary>Chooses cells.</summary>
    /// <param name="rows">The grid's rows.</param>
    /// <param name="columns">The grid's columns.</param>
    /// <param name="choose">Whether the cell of a row and column is one of them; asked once each, in raster order.</param>
    public CellSet(int rows, int columns, Func<int, int, bool> choose)
    {
        _stride = (columns + WordBits - 1) / WordBits;
        (_words, _before) = (new ulong[rows * _stride], new int[rows + 1]);
        for (var row = 0; row < rows; row++)
        {
            _before[row + 1] = _before[row];
            for (var column = 0; column < columns; column++)
            {
                if (!choose(row, column))
                    continue;
                _words[(row * _stride) + (column / WordBits)] |= 1UL << (column % WordBits);
                _before[row + 1]++;
            }
        }
    }

    public int Count => _before[^1];

    public GridCell this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            // the last row with no more than that before it; empty rows share their number with the next one
            var (row, end) = (0, _before.Length - 1);
            while (end - row > 1)
            {
                var middle = (row + end) / 2;
                (row, end) = _before[middle] <= index ? (middle, end) : (row, middle);
            }

            var left = index - _before[row];
            var words = _words.AsSpan(row * _stride, _stride);
            var i = 0;
            for (int ones; (ones = BitOperations.PopCount(words[i])) <= left; i++)
                left -= ones;
            var word = words[i];
            for (; left > 0; left--)
                word &= word - 1;
            return new GridCell(row, (i * WordBits) + BitOperations.TrailingZeroCount(word));
        }
    }

    public IEnumerator<GridCell> GetEnumerator()
    {
        for (var i = 0; i < _words.Length; i++)
        {
            var (row, first) = Math.DivRem(i, _stride);
            for (var word = _words[i]; word != 0; word &= word - 1)
                yield return new GridCell(row, (first * WordBits) + BitOperations.TrailingZeroCount(word));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
