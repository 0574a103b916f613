using Histonic.Slides.Reading;

namespace Histonic.Slides.Tissue;

/// <summary>Finds tissue that is out of focus.</summary>
/// <remarks>
/// The width of detail is √(mean squared gradient / mean squared Laplacian) of the grey levels, in µm. Both scale with contrast alike, so pale and dark
/// tissue of the same sharpness have the same width; a Gaussian blur of standard deviation s bounds it by about s / √2 from below. It is taken over
/// squares of 32 µm, from pixels of about 2 µm, and the median of nine neighbours counts; sharp tissue has 1.1 to 1.5. Where there is nothing to see (a mean squared gradient below
/// <see cref="LeastGradient"/>), nothing is judged; noise passes for detail, so that tissue is rather kept than lost.
/// </remarks>
internal static class BlurFinder
{
    private const double WorkingSize = 2; // µm
    private const double CellSize = 32; // µm; the median of three by three counts
    private const int CellsAtOnce = 32;

    /// <summary>The mean squared gradient, in grey levels from one pixel to the next, below which focus cannot be told.</summary>
    private const double LeastGradient = 0.5;

    /// <summary>Finds which tissue is out of focus.</summary>
    /// <param name="slide">The slide; must tell its pixel size.</param>
    /// <param name="pixelSize">Its pixel size.</param>
    /// <param name="raster">The raster of its mask.</param>
    /// <param name="tissue">The tissue so far; only squares with tissue are read.</param>
    /// <param name="most">The width of detail above which it is.</param>
    /// <returns>The mask pixels that are out of focus.</returns>
    /// <exception cref="InputException">The pixels cannot be decoded.</exception>
    public static BitRaster Find(ISlide slide, Microns pixelSize, MaskRaster raster, BitRaster tissue, Microns most)
    {
        var level = slide.Levels.LastOrDefault(one => one.Downsample * pixelSize.Value <= WorkingSize * (1 + 1e-3));
        level ??= slide.Levels[0];
        var levelSize = level.Downsample * pixelSize.Value;
        var factor = Math.Max(1, (int)Math.Round(WorkingSize / levelSize));
        var side = Math.Max(4, (int)Math.Round(CellSize / (levelSize * factor))); // shrunk pixels along a cell
        var cells = new Cells(
            (int)Math.Ceiling(level.Width / (double)(side * factor)),
            (int)Math.Ceiling(level.Height / (double)(side * factor))
        );
        var perMaskPixel = raster.Downsample / (side * factor * level.Downsample); // cells per mask pixel
        int CellAt(int x, int y) => cells.At((x + 0.5) * perMaskPixel, (y + 0.5) * perMaskPixel);
        var wanted = new BitRaster(cells.Columns, cells.Rows);
        foreach (var (x, y) in Pixels(tissue))
        {
            var (row, column) = Math.DivRem(CellAt(x, y), cells.Columns);
            wanted[column, row] = true;
        }

        Measure(slide, level.Index, factor, side, cells, wanted.Grown());
        var blurred = new BitRaster(tissue.Width, tissue.Height);
        var limit = Math.Pow(most.Value / (levelSize * factor), 2);
        foreach (var (x, y) in Pixels(tissue))
        {
            if (cells.Around(CellAt(x, y)) > limit)
                blurred[x, y] = true;
        }

        return blurred;
    }

    /// <summary>The pixels that are set.</summary>
    private static IEnumerable<(int X, int Y)> Pixels(BitRaster raster)
    {
        for (var y = 0; y < raster.Height; y++)
        {
            for (var x = raster.Find(y, 0, true); x < raster.Width; x = raster.Find(y, x + 1, true))
                yield return (x, y);
        }
    }

    private static void Measure(ISlide slide, int level, int factor, int side, Cells cells, BitRaster wanted)
    {
        var (width, height) = (CellsAtOnce * side, side);
        // two more to the right and below, for the Laplacian
        var region = new byte[(width + 2) * (height + 2) * factor * factor * 3];
        var grey = new float[(width + 2) * (height + 2)];
        for (var row = 0; row < cells.Rows; row++)
        {
            for (var column = 0; column < cells.Columns; column += CellsAtOnce)
            {
                var count = Math.Min(CellsAtOnce, cells.Columns - column);
                if (wanted.Find(row, column, true) >= column + count)
                    continue;
                slide.ReadRegion(
                    level,
                    column * side * factor,
                    row * side * factor,
                    (width + 2) * factor,
                    (height + 2) * factor,
                    region
                );
                Shrink(region, width + 2, height + 2, factor, grey);
                // beyond the slide's rim all is white, which looks sharp
                var inside = (
                    X: (slide.Levels[level].Width / factor) - 2 - (column * side),
                    Y: (slide.Levels[level].Height / factor) - 2 - (row * side)
                );
                for (var i = 0; i < count; i++)
                {
                    cells.Set(
                        (row * cells.Columns) + column + i,
                        Energies(
                            grey,
                            width + 2,
                            i * side,
                            Math.Min((i + 1) * side, inside.X),
                            Math.Min(side, inside.Y)
                        )
                    );
                }
            }
        }
    }

    private static void Shrink(byte[] rgb, int width, int height, int factor, float[] grey)
    {
        Array.Clear(grey);
        var stride = width * factor * 3;
        for (var y = 0; y < height * factor; y++)
        {
            for (var x = 0; x < width * factor; x++)
            {
                var at = (y * stride) + (x * 3);
                grey[(y / factor * width) + (x / factor)] += rgb[at] + (2 * rgb[at + 1]) + rgb[at + 2];
            }
        }

        var share = 1f / (4 * factor * factor);
        for (var i = 0; i < grey.Length; i++)
            grey[i] *= share;
    }

    /// <summary>Sums of squared gradients and Laplacians over pixels left + 1 to right and 1 to bottom, and their number.</summary>
    private static (double Gradient, double Laplacian, int Count) Energies(
        float[] grey,
        int stride,
        int left,
        int right,
        int bottom
    )
    {
        double gradient = 0,
            laplacian = 0;
        for (var y = 1; y <= bottom; y++)
        {
            for (var x = left + 1; x <= right; x++)
            {
                var at = (y * stride) + x;
                var (here, across, down) = (grey[at], grey[at + 1] - grey[at], grey[at + stride] - grey[at]);
                var second = across + down + grey[at - 1] - here + grey[at - stride] - here;
                gradient += (across * across) + (down * down);
                laplacian += second * second;
            }
        }

        return (gradient, laplacian, Math.Max(right - left, 0) * Math.Max(bottom, 0));
    }

    private sealed class Cells(int columns, int rows)
    {
        private readonly (double Gradient, double Laplacian, int Count)[] _values = new (double, double, int)[
            columns * rows
        ];

        public int Columns => columns;

        public int Rows => rows;

        public int At(double x, double y) =>
            (Math.Clamp((int)y, 0, rows - 1) * columns) + Math.Clamp((int)x, 0, columns - 1);

        public void Set(int cell, (double Gradient, double Laplacian, int Count) value) => _values[cell] = value;

        /// <summary>The median of gradient / Laplacian over the three by three cells round one; 0 where there is nothing to see.</summary>
        public double Around(int cell)
        {
            var (row, column) = Math.DivRem(cell, columns);
            Span<double> ratios = stackalloc double[9];
            var count = 0;
            for (var y = Math.Max(row - 1, 0); y <= Math.Min(row + 1, rows - 1); y++)
            {
                for (var x = Math.Max(column - 1, 0); x <= Math.Min(column + 1, columns - 1); x++)
                {
                    var value = _values[(y * columns) + x];
                    if (value.Gradient >= LeastGradient * Math.Max(value.Count, 1))
                        ratios[count++] = value.Gradient / Math.Max(value.Laplacian, 1e-9);
                }
            }

            ratios[..count].Sort();
            return count == 0 ? 0 : ratios[(count - 1) / 2];
        }
    }
}
