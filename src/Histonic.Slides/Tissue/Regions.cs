namespace Histonic.Slides.Tissue;

/// <summary>Connected regions of a binary raster.</summary>
internal static class Regions
{
    /// <summary>Flips every connected region of one kind that <paramref name="flip"/> chooses.</summary>
    /// <param name="pixels">Width × height pixels, row by row; changed in place.</param>
    /// <param name="width">Width of the raster.</param>
    /// <param name="kind">The kind of pixel that makes the regions.</param>
    /// <param name="diagonal">Whether pixels that touch at a corner only belong together.</param>
    /// <param name="flip">Is given a region's number of pixels, and whether it touches the rim.</param>
    public static void Flip(bool[] pixels, int width, bool kind, bool diagonal, Func<int, bool, bool> flip) =>
        Flip(pixels, width, kind, diagonal, (IReadOnlyList<int> region, bool rim) => flip(region.Count, rim));

    /// <inheritdoc cref="Flip(bool[], int, bool, bool, Func{int, bool, bool})"/>
    /// <param name="pixels">Width × height pixels, row by row; changed in place.</param>
    /// <param name="width">Width of the raster.</param>
    /// <param name="kind">The kind of pixel that makes the regions.</param>
    /// <param name="diagonal">Whether pixels that touch at a corner only belong together.</param>
    /// <param name="flip">Is given a region's pixels (valid during the call only), and whether it touches the rim.</param>
    public static void Flip(
        bool[] pixels,
        int width,
        bool kind,
        bool diagonal,
        Func<IReadOnlyList<int>, bool, bool> flip
    )
    {
        var height = width == 0 ? 0 : pixels.Length / width;
        var seen = new bool[pixels.Length];
        var region = new List<int>();
        for (var start = 0; start < pixels.Length; start++)
        {
            if (seen[start] || pixels[start] != kind)
                continue;
            region.Clear();
            region.Add(start);
            seen[start] = true;
            var rim = false;
            for (var i = 0; i < region.Count; i++)
            {
                var (y, x) = Math.DivRem(region[i], width);
                rim |= x == 0 || y == 0 || x == width - 1 || y == height - 1;
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        if (!diagonal && dx != 0 && dy != 0)
                            continue;
                        var (nextX, nextY) = (x + dx, y + dy);
                        if (nextX < 0 || nextY < 0 || nextX >= width || nextY >= height)
                            continue;
                        var next = (nextY * width) + nextX;
                        if (seen[next] || pixels[next] != kind)
                            continue;
                        seen[next] = true;
                        region.Add(next);
                    }
                }
            }

            if (!flip(region, rim))
                continue;
            foreach (var pixel in region)
                pixels[pixel] = !kind;
        }
    }

    /// <summary>Every pixel that is set, or touches one that is, at an edge or a corner.</summary>
    /// <param name="pixels">Width × height pixels, row by row.</param>
    /// <param name="width">Width of the raster.</param>
    public static bool[] Grown(bool[] pixels, int width)
    {
        var grown = new bool[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            if (!pixels[i])
                continue;
            var x = i % width;
            for (var row = i - width; row <= i + width; row += width)
            {
                if (row < 0 || row >= pixels.Length)
                    continue;
                grown[row] = true;
                if (x > 0)
                    grown[row - 1] = true;
                if (x < width - 1)
                    grown[row + 1] = true;
            }
        }

        return grown;
    }
}
