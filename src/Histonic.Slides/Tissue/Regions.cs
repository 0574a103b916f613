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
    public static void Flip(bool[] pixels, int width, bool kind, bool diagonal, Func<int, bool, bool> flip)
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

            if (!flip(region.Count, rim))
                continue;
            foreach (var pixel in region)
                pixels[pixel] = !kind;
        }
    }
}
