namespace Histonic.Slides.Cohorts;

/// <summary>The name by which tables, features and slides find each other.</summary>
public static class SlideName
{
    // Only these are cut off: a name such as TCGA-AA-0001.5F2C has a point in it and no extension.
    private static readonly HashSet<string> _extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".svs",
        ".tif",
        ".tiff",
        ".btf",
        ".qptiff",
        ".svslide",
        ".ndpi",
        ".mrxs",
        ".scn",
        ".bif",
        ".vms",
        ".vmu",
        ".czi",
        ".isyntax",
        ".dcm",
        ".png",
        ".jpg",
        ".jpeg",
        ".h5",
        ".hdf5",
        ".npy",
        ".pt",
    };

    /// <summary>The name of a slide from a file name or a cell of a table: folders and the extension of an image go.</summary>
    /// <param name="text">Such as "slides/a.svs", "a.svs" or "a".</param>
    public static string Of(string text)
    {
        var name = text.Trim();
        name = name[(name.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        return _extensions.Contains(Path.GetExtension(name)) ? Path.GetFileNameWithoutExtension(name) : name;
    }
}
