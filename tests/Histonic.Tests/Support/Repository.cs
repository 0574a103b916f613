namespace Histonic.Tests.Support;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Gets its folder.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Histonic.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No Histonic.slnx above {AppContext.BaseDirectory}.");
    }
}
