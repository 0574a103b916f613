namespace Histonic.Reports.Viewing;

/// <summary>The scripts and style sheets of the viewer's pages, which the program carries.</summary>
internal static class ViewerAssets
{
    private static readonly Dictionary<string, string> _types = new(StringComparer.Ordinal)
    {
        ["report.css"] = "text/css; charset=utf-8",
        ["viewer.css"] = "text/css; charset=utf-8",
        ["report.js"] = "text/javascript; charset=utf-8",
        ["viewer.js"] = "text/javascript; charset=utf-8",
        ["viewer-cohort.js"] = "text/javascript; charset=utf-8",
        ["viewer-slide.js"] = "text/javascript; charset=utf-8",
        ["viewer-run.js"] = "text/javascript; charset=utf-8",
        ["openseadragon.min.js"] = "text/javascript; charset=utf-8",
        ["vega.min.js"] = "text/javascript; charset=utf-8",
        ["vega-lite.min.js"] = "text/javascript; charset=utf-8",
    };

    /// <summary>An asset and its media type; null when there is none of that name.</summary>
    public static (byte[] Bytes, string Type)? Of(string name)
    {
        if (!_types.TryGetValue(name, out var type))
            return null;
        using var stream = typeof(ViewerAssets).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, type);
    }
}
