namespace Histonic.Slides.Reading;

/// <summary>Which images of a TIFF file are levels of the slide, and which stand beside it.</summary>
/// <param name="Format">The format in words.</param>
/// <param name="Levels">The levels, finest first.</param>
/// <param name="Associated">The associated images by name.</param>
internal sealed record SlideLayout(
    string Format,
    IReadOnlyList<TiffDirectory> Levels,
    IReadOnlyDictionary<string, TiffDirectory> Associated
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
        Refuse(path, pages);
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
            associated
        );
    }

    private static void Refuse(string path, IReadOnlyList<TiffDirectory> pages)
    {
        var vendor =
            pages.Any(page => page.IsHamamatsu) ? "a Hamamatsu NDPI"
            : pages.Any(page => page.IsVentana) ? "a Ventana BIF, whose tiles overlap,"
            : pages[0].Description.Contains("<scn", StringComparison.Ordinal) ? "a Leica SCN"
            : null;
        if (vendor is not null)
            throw new InputException(
                path,
                $"is {vendor} file, which is not read yet",
                "Convert it to a pyramidal TIFF (bfconvert, or vips tiffsave with OpenSlide) and give that"
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
