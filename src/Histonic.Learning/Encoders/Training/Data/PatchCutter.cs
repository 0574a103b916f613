using Histonic.Slides.Reading;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Cuts a square of P pixels from a picture of any size, turned or mirrored; beyond the edge it goes on as a reflection.</summary>
internal static class PatchCutter
{
    /// <summary>Cuts from the middle, not turned.</summary>
    public static void CutMiddle(RgbImage picture, int size, Span<byte> square) =>
        Cut(picture, size, (picture.Width - size) / 2, (picture.Height - size) / 2, Symmetry.None, square);

    /// <summary>Cuts anywhere inside (from the middle along a side shorter than P), turned or mirrored at random.</summary>
    public static void CutAnywhere(RgbImage picture, int size, Random random, Span<byte> square)
    {
        var left = picture.Width > size ? random.Next(picture.Width - size + 1) : (picture.Width - size) / 2;
        var top = picture.Height > size ? random.Next(picture.Height - size + 1) : (picture.Height - size) / 2;
        Cut(picture, size, left, top, Symmetry.Draw(random), square);
    }

    /// <summary>Cuts a square.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="size">The side P of the square.</param>
    /// <param name="left">Where the square begins; may lie outside the picture.</param>
    /// <param name="top">Where the square begins.</param>
    /// <param name="symmetry">How the square is laid down.</param>
    /// <param name="square">Receives P × P × 3 bytes, RGB.</param>
    public static void Cut(RgbImage picture, int size, int left, int top, Symmetry symmetry, Span<byte> square)
    {
        Span<int> rows = size <= 512 ? stackalloc int[size] : new int[size];
        Span<int> columns = size <= 512 ? stackalloc int[size] : new int[size];
        for (var i = 0; i < size; i++)
        {
            rows[i] = Reflect(top + (symmetry.MirroredRows ? size - 1 - i : i), picture.Height) * picture.Width * 3;
            columns[i] = Reflect(left + (symmetry.MirroredColumns ? size - 1 - i : i), picture.Width) * 3;
        }

        var outer = symmetry.Transposed ? columns : rows;
        var inner = symmetry.Transposed ? rows : columns;
        ReadOnlySpan<byte> pixels = picture.Pixels;
        var at = 0;
        foreach (var first in outer)
        {
            foreach (var second in inner)
            {
                pixels.Slice(first + second, 3).CopyTo(square[at..]);
                at += 3;
            }
        }
    }

    /// <summary>Leads a position beyond the edge back inside, as a mirror on the edge pixel's middle does: … 2 1 | 0 1 2 … n−1 | n−2 ….</summary>
    private static int Reflect(int position, int length)
    {
        if ((uint)position < (uint)length)
            return position;
        if (length == 1)
            return 0;
        var period = 2 * (length - 1);
        var folded = ((position % period) + period) % period;
        return folded < length ? folded : period - folded;
    }
}
