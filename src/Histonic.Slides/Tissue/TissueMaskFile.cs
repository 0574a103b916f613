using System.Security.Cryptography;
using Histonic.Slides.Annotations;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tissue;

/// <summary>Masks that come from elsewhere.</summary>
/// <remarks>
/// Pictures (PNG; TIFF, pyramidal as ASAP writes it) cover the whole slide, at any scale, and are 0 where there is no tissue. Outlines (GeoJSON of
/// QuPath, TRIDENT or <see cref="TissueFiles"/>; ASAP's XML) lie in level-0 pixels; every area counts as tissue but those whose class ends in an
/// asterisk, as QuPath's "Ignore*", which are cut out of the others.
/// </remarks>
public static class TissueMaskFile
{
    /// <summary>What a mask of somebody else's outlines may reach beyond the slide, as a share of its sides.</summary>
    private const double Overhang = 0.01;

    private static readonly string[] _pictures = [".png", ".tif", ".tiff", ".jpg", ".jpeg"];
    private static readonly string[] _endings = ["", "_mask", "_tissue"];

    /// <summary>The mask of a slide.</summary>
    /// <param name="path">A file, taken as it is; or a folder with NAME, NAME_mask or NAME_tissue and an extension.</param>
    /// <param name="slide">The slide's name.</param>
    /// <exception cref="InputException">There is none, or more than one. Of a picture beside outlines that bear the same name, the picture is taken.</exception>
    public static string Of(string path, string slide)
    {
        if (File.Exists(path))
            return path;
        if (!Directory.Exists(path))
            throw new InputException(path, "does not exist", "Give a mask or a folder of masks");
        foreach (var extensions in (IReadOnlyList<string>[])[_pictures, AnnotationFile.Extensions])
        {
            var found = _endings
                .SelectMany(ending => extensions.Select(extension => Path.Combine(path, slide + ending + extension)))
                .Where(File.Exists)
                .ToList();
            if (found.Count > 1)
                throw new InputException(
                    found[1],
                    $"is beside {Path.GetFileName(found[0])}, a mask of the same slide",
                    "Keep one of them"
                );
            if (found.Count == 1)
                return found[0];
        }

        throw new InputException(
            slide,
            $"has no mask in {path}",
            $"Put {slide}.png, .tif or .geojson there, or leave the slide out"
        );
    }

    /// <summary>The SHA-256 of a file, in small hexadecimal digits.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    internal static string Sha256(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check your rights to it", error);
        }
    }

    /// <summary>Reads a slide's mask.</summary>
    /// <param name="path">The file.</param>
    /// <param name="slide">The slide.</param>
    /// <param name="pixelSize">The wanted pixel size of the mask. Of a picture the level nearest to it is read, and shrunk to it by whole steps, never enlarged.</param>
    /// <exception cref="InputException">It cannot be read, or is of another shape than the slide.</exception>
    internal static TissueMask Read(string path, ISlide slide, Microns pixelSize)
    {
        var raster = MaskRaster.Of(slide, pixelSize);
        return _pictures.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
            ? ReadPicture(path, slide.Levels[0], raster)
            : ReadOutlines(path, slide, raster);
    }

    private static TissueMask ReadPicture(string path, SlideLevel slide, MaskRaster raster)
    {
        var picture = MaskPicture.Open(path);
        var levels = picture.Levels.ToList();
        CheckShape(path, levels[0], slide);
        var best = Enumerable
            .Range(0, levels.Count)
            .MinBy(i => Math.Abs(Math.Log(slide.Width / (double)levels[i].Width / raster.Downsample)));
        var (width, height) = levels[best];
        var downsample = Downsample(slide, width, height, raster);
        var step = Math.Max(
            Math.Max(1, (int)(raster.Downsample / downsample * (1 + 1e-6))),
            (int)Math.Ceiling(Math.Sqrt((double)width * height / MaskRaster.MostPixels))
        );
        var (columns, rows, pixels) = picture.Read(best, step);
        return new TissueMask(columns, rows, downsample * step, pixels, MethodName);
    }

    /// <summary>Level-0 pixels per pixel of a mask: as it was most likely made, for its sides are rounded to whole pixels.</summary>
    private static double Downsample(SlideLevel slide, int width, int height, MaskRaster raster)
    {
        var mean = ((slide.Width / (double)width) + (slide.Height / (double)height)) / 2;
        foreach (var likely in (double[])[raster.Downsample, Math.Round(mean)])
        {
            if (likely >= 1 && Covers(slide.Width, width, likely) && Covers(slide.Height, height, likely))
                return likely;
        }

        return mean;
    }

    private static bool Covers(int side, int pixels, double downsample) =>
        pixels == (int)Math.Ceiling(side / downsample) || pixels == (int)(side / downsample);

    private static void CheckShape(string path, (int Width, int Height) mask, SlideLevel slide)
    {
        var downsample = ((slide.Width / (double)mask.Width) + (slide.Height / (double)mask.Height)) / 2;
        if (
            Fits(mask.Width, slide.Width / downsample)
            && Fits(mask.Height, slide.Height / downsample)
            && downsample >= 1 - Overhang
        )
            return;
        throw new InputException(
            path,
            $"has {mask.Width} × {mask.Height} pixels, which is not the shape of the slide ({slide.Width} × {slide.Height})",
            "Give the mask of this slide, and of all of it"
        );
    }

    private static bool Fits(int pixels, double wanted) =>
        Math.Abs(pixels - wanted) <= Math.Max(1.5, Overhang * wanted);

    private static TissueMask ReadOutlines(string path, ISlide slide, MaskRaster raster)
    {
        var annotations = AnnotationFile.Read(path, unclassified: "tissue").FromCorner(slide.BoundsCorner).All;
        var areas = annotations.SelectMany(annotation => annotation.Polygons).ToList();
        if (areas.Count > 0)
            CheckReach(path, areas, slide.Levels[0]);
        var pixels = new BitRaster(raster.Width, raster.Height);
        // what is to be ignored last, so that it is cut out of the rest
        foreach (var annotation in annotations.OrderBy(IsIgnored))
        {
            foreach (var polygon in annotation.Polygons)
                Fill(polygon, raster, pixels, !IsIgnored(annotation));
        }

        return new TissueMask(pixels, raster.Downsample, MethodName);
    }

    private static void CheckReach(string path, List<Polygon> areas, SlideLevel slide)
    {
        var (right, bottom) = (areas.Max(area => area.Right), areas.Max(area => area.Bottom));
        var (left, top) = (areas.Min(area => area.Left), areas.Min(area => area.Top));
        if (
            right <= slide.Width * (1 + Overhang)
            && bottom <= slide.Height * (1 + Overhang)
            && left >= -slide.Width * Overhang
            && top >= -slide.Height * Overhang
        )
            return;
        throw new InputException(
            path,
            $"has areas from ({left:0}, {top:0}) to ({right:0}, {bottom:0}), beyond the slide ({slide.Width} × {slide.Height})",
            "Give this slide's outlines, in pixels of its finest level"
        );
    }

    /// <summary>Sets the pixels whose centre lies inside.</summary>
    private static void Fill(Polygon polygon, MaskRaster raster, BitRaster pixels, bool value)
    {
        var first = Math.Max((int)(polygon.Top / raster.Downsample), 0);
        var last = Math.Min((int)(polygon.Bottom / raster.Downsample), raster.Height - 1);
        for (var row = first; row <= last; row++)
        {
            var crossings = polygon.CrossingsAt((row + 0.5) * raster.Downsample);
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var from = Math.Max((int)Math.Ceiling((crossings[i] / raster.Downsample) - 0.5), 0);
                var to = Math.Min((int)Math.Ceiling((crossings[i + 1] / raster.Downsample) - 0.5), raster.Width);
                if (to > from)
                    pixels.Fill(row, from, to, value);
            }
        }
    }

    private static bool IsIgnored(Annotation annotation) => annotation.Class.EndsWith('*');

    private static string MethodName => new TissueMethod.Given("").Name;
}
