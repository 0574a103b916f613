namespace Histonic.Tests.Support;

/// <summary>The real data beside the repository: HISTONIC_DATA, or ../shared/data. A test without it is skipped, saying so.</summary>
internal static class RealData
{
    private static readonly string? _root = Find();

    /// <summary>The path of a file or folder of the real data; skips the test where it is absent.</summary>
    public static string Path(string relative)
    {
        Assert.SkipWhen(_root is null, "needs the real data: set HISTONIC_DATA or put it at ../shared/data");
        var path = System.IO.Path.Combine(_root!, relative);
        Assert.SkipUnless(System.IO.Path.Exists(path), $"needs {path}");
        return path;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("HISTONIC_DATA") is { Length: > 0 } given)
            return Directory.Exists(given) ? given : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
                return data;
        }

        return null;
    }
}
