namespace Histonic.Slides.Reading;

/// <summary>Which images of a TIFF file are levels of the slide, and which stand beside it.</summary>
/// <param name="Format">The format in words.</param>
/// <param name="Levels">The levels, finest first.</param>
/// <param name="Associated">The associated images by name.</param>
/// <param name="Planes">The pages that hold red, green and blue, where each has pages of its own; else empty.</param>
internal sealed record SlideLayout(
    string Format,
    IReadOnlyList<TiffDirectory> Levels,
    IReadOnlyDictionary<string, TiffDirectory> Associated,
    IReadOnlyList<int> Planes
)
{
    /// <summary>How far a level's two sides may disagree about its downsample: rounding to whole pixels and tiles.</summary>
    private const double AspectTolerance = 0.02;

    private static readonly string[] _names = ["label", "macro", "thumbnail", "overview"];

    /// <summary>Tells levels from associated images.</summary>
    /// <remarks>
    /// Aperio's files: every tiled page is a level; a page in strips is the thumbnail when it is the second one and has the
    /// slide's shape, else its description's second line begins with its name. Other files: the finest level is the largest
    /// page that no description calls otherwise; its coarser levels are its sub-directories or the smaller pages of its shape.
    /// </remarks>
    public static SlideLayout Of(string path, IReadOnlyList<TiffDirectory> pages)
    {
        pages = [.. pages.Where(page => page is { Width: > 0, Height: > 0 })];
        if (pages.Count == 0)
            throw new InputException(path, "is a TIFF without any image", "Give a slide");
        var aperio = pages[0].Description.StartsWith("Aperio", StringComparison.Ordinal);
        var ome = pages[0].Description.Contains("<OME", StringComparison.Ordinal);
        var first = aperio
            ? pages[0]
            : pages.Where(page => NameOf(page) is null).MaxBy(page => (long)page.Width * page.Height) ?? pages[0];
        var levels = new List<TiffDirectory> { first };
        var associated = new Dictionary<string, TiffDirectory>(StringComparer.Ordinal);
        foreach (var page in first.SubDirectories.Concat(pages.Where(page => page != first)))
        {
            var coarser = page.Width < levels[^1].Width && page.Height < levels[^1].Height && SameShape(page, first);
            if (coarser && NameOf(page) is null && (page.IsTiled || !aperio) && (page.Subfile & 4) == 0)
            {
                levels.Add(page);
            }
            else if (page.SubDirectory is null)
            {
                var name =
                    NameOf(page)
                    ?? (aperio && page.Page == 1 && coarser ? "thumbnail" : null)
                    ?? (aperio && page.Subfile is 1 or 9 ? (page.Subfile == 9 ? "macro" : "label") : null);
                if (name is not null)
                    associated.TryAdd(name, page);
            }
        }

        return new SlideLayout(
            aperio ? "Aperio SVS"
                : ome ? "OME-TIFF"
                : "TIFF",
            levels,
            associated,
            ome ? PlanesOf(path, first) : []
        );
    }

    /// <summary>The format of a TIFF that libvips would read wrongly or not at all, and OpenSlide reads; else null.</summary>
    public static string? OpenSlideFormatOf(IReadOnlyList<TiffDirectory> pages) =>
        pages.Any(page => page.IsHamamatsu) ? "a Hamamatsu NDPI"
        : pages.Any(page => page.IsVentana) ? "a Ventana BIF"
        : pages[0].Description.Contains("<scn", StringComparison.Ordinal) ? "a Leica SCN"
        : pages[0].Software.StartsWith("Philips", StringComparison.Ordinal) ? "a Philips TIFF"
        : pages[0].Software.StartsWith("MedScan", StringComparison.Ordinal) ? "a Trestle TIFF"
        : pages[0].Compression is 33003 or 33005 ? "an Aperio SVS with JPEG 2000"
        : null;

    /// <summary>The pages of the three colours of an OME-TIFF whose pages are grey; refuses what is no brightfield slide.</summary>
    private static IReadOnlyList<int> PlanesOf(string path, TiffDirectory first)
    {
        if (first.Channels != 1 || OmeDescription.Of(first.Description) is not { Channels: > 1 } ome)
            return [];
        if (ome.IsSpread || ome.Pages.Contains(-1))
            throw new InputException(
                path,
                "is a part of an OME-TIFF of several files",
                "Convert it to one file of RGB pixels (bfconvert)"
            );
        return ome.Channels == 3
            ? ome.Pages
            : throw new InputException(
                path,
                $"has {ome.Channels} channels, which is no brightfield slide of red, green and blue",
                "Give a brightfield slide, or export three channels as RGB"
            );
    }

    private static bool SameShape(TiffDirectory page, TiffDirectory first)
    {
        double across = (double)first.Width / page.Width,
            down = (double)first.Height / page.Height;
        var rounding = Math.Max(across / page.Width, down / page.Height) * 2;
        return Math.Abs(across - down) <= Math.Max(AspectTolerance * across, rounding);
    }

    /// <summary>The name that a page's description gives it: alone, or first on a line, as Aperio writes it.</summary>
    private static string? NameOf(TiffDirectory page) =>
        page
            .Description.Split('\n', '\r')
            .Select(line => _names.FirstOrDefault(name => Begins(line.TrimStart(), name)))
            .FirstOrDefault(name => name is not null);

    private static bool Begins(string line, string name) =>
        line.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (line.Length == name.Length || !char.IsLetter(line[name.Length]));
}
