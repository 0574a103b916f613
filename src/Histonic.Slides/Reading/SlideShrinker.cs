namespace Histonic.Slides.Reading;

/// <summary>Reads whole slides, shrunk by averaging, band by band from the level and reduction that are just fine enough.</summary>
internal static class SlideShrinker
{
    /// <summary>The most pixels decoded at once: 64 million, or 192 MB.</summary>
    private const long MaxBandPixels = 1 << 26;

    /// <summary>Reads a slide.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="downsample">Level-0 pixels per pixel of the result, at least 1.</param>
    /// <returns>⌈width / downsample⌉ × ⌈height / downsample⌉ pixels.</returns>
    public static RgbImage Read(ISlide slide, double downsample)
    {
        if (!(downsample >= 1) || !double.IsFinite(downsample))
            throw new ArgumentOutOfRangeException(nameof(downsample), downsample, "A slide is shrunk by 1 or more.");
        var level = slide.Levels.Last(level => level.Downsample <= downsample * (1 + 1e-6));
        // a decoder that shrinks by itself saves the most where a slide has few levels
        var reduction = slide
            .Reductions(level.Index)
            .Last(factor => factor == 1 || level.Downsample * factor <= downsample);
        var (sourceWidth, sourceHeight) = (Math.Max(1, level.Width / reduction), Math.Max(1, level.Height / reduction));
        var (width, height) = (
            (int)Math.Ceiling(slide.Levels[0].Width / downsample),
            (int)Math.Ceiling(slide.Levels[0].Height / downsample)
        );
        var across = new AreaWeights(
            sourceWidth,
            width,
            downsample / (slide.Levels[0].Width / (double)level.Width * reduction)
        );
        var down = new AreaWeights(
            sourceHeight,
            height,
            downsample / (slide.Levels[0].Height / (double)level.Height * reduction)
        );
        var result = new byte[width * height * 3];
        var bandRows = (int)
            Math.Clamp(MaxBandPixels / sourceWidth, 1, Math.Max(level.TileHeight / reduction, 256 / reduction));
        var shrinker = new AreaShrinker(across, down, (row, rgb) => rgb.CopyTo(result.AsSpan(row * width * 3)));
        var band = new byte[(long)sourceWidth * Math.Min(bandRows, sourceHeight) * 3];
        for (var top = 0; top < sourceHeight; top += bandRows)
        {
            var rows = Math.Min(bandRows, sourceHeight - top);
            slide.ReadReduced(level.Index, reduction, 0, top, sourceWidth, rows, band);
            shrinker.Add(band.AsSpan(0, sourceWidth * rows * 3), rows);
        }

        return new RgbImage(width, height, result);
    }

    /// <summary>Shrinks a picture by averaging.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="step">Its pixels per pixel of the result, along a side; at least 1.</param>
    /// <returns>⌈width / step⌉ × ⌈height / step⌉ pixels.</returns>
    public static RgbImage Shrink(RgbImage picture, double step)
    {
        var (width, height) = ((int)Math.Ceiling(picture.Width / step), (int)Math.Ceiling(picture.Height / step));
        var result = new byte[width * height * 3];
        var shrinker = new AreaShrinker(
            new AreaWeights(picture.Width, width, step),
            new AreaWeights(picture.Height, height, step),
            (row, rgb) => rgb.CopyTo(result.AsSpan(row * width * 3))
        );
        shrinker.Add(picture.Pixels, picture.Height);
        return new RgbImage(width, height, result);
    }
}
