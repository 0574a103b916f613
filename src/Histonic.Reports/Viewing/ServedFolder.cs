using Histonic.Slides;

namespace Histonic.Reports.Viewing;

/// <summary>The folder that is shown, and the only one that is read: links that lead out of it are followed only if that was asked for.</summary>
public sealed class ServedFolder
{
    private const int MaxDepth = 12;
    private readonly string _prefix;
    private readonly bool _followLinks;

    /// <summary>Takes a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="followLinks">Whether what links in it lead to counts as lying in it, wherever that is.</param>
    /// <exception cref="InputException">It does not exist.</exception>
    public ServedFolder(string folder, bool followLinks = false)
    {
        _followLinks = followLinks;
        if (!Directory.Exists(folder))
            throw new InputException(folder, "is not a folder", "Give the folder that holds slides, features and runs");
        Root =
            RealPath(Path.GetFullPath(folder))
            ?? throw new InputException(folder, "cannot be resolved", "Check its links");
        _prefix = Path.TrimEndingDirectorySeparator(Root) + Path.DirectorySeparatorChar;
    }

    /// <summary>Gets the folder, absolute and without links.</summary>
    public string Root { get; }

    /// <summary>Gets how many links were not followed by the last <see cref="Files"/>, for they lead out of the folder or nowhere.</summary>
    public int LinksRefused { get; private set; }

    /// <summary>A file's path from the folder, with slashes: its name to people.</summary>
    public string NameOf(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Whether a path that is read now lies in the folder, after every link in it is followed.</summary>
    public bool Holds(string path) =>
        RealPath(path) is { } real
        && (_followLinks ? Path.GetFullPath(path) : real) is var place
        && (
            string.Equals(place, Root, StringComparison.Ordinal) || place.StartsWith(_prefix, StringComparison.Ordinal)
        );

    /// <summary>Returns a path that is about to be read, unless a link leads out of the folder by now.</summary>
    /// <exception cref="InputException">It does.</exception>
    public string Checked(string path)
    {
        // a MIRAX slide's pixels lie in a folder of its name
        var beside = Path.ChangeExtension(path, null);
        return Holds(path) && (!Directory.Exists(beside) || Holds(beside))
            ? path
            : throw new InputException(NameOf(path), "lies outside the folder that is shown", "Copy it there");
    }

    /// <summary>Lists the files of the folder and those below it, each folder's in order of name; hidden ones are left out.</summary>
    public IReadOnlyList<string> Files()
    {
        LinksRefused = 0;
        List<string> files = [];
        List(new DirectoryInfo(Root), 0, files, new HashSet<string>(StringComparer.Ordinal));
        return files;
    }

    /// <summary>Follows every link of a path; null when one leads nowhere or in circles.</summary>
    internal static string? RealPath(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        var links = 0;
        var parts = new Stack<string>(Parts(path[root.Length..]).Reverse());
        while (parts.TryPop(out var part))
        {
            if (part is ".")
                continue;
            if (part is "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
                continue;
            }

            var next = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (info.LinkTarget is not { } target)
            {
                if (!info.Exists)
                    return null;
                real = next;
                continue;
            }

            if (++links > 40)
                return null;
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var piece in Parts(target[(Path.GetPathRoot(target)?.Length ?? 0)..]).Reverse())
                parts.Push(piece);
        }

        return real;
    }

    private static string[] Parts(string path) =>
        path.Split(
            [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar],
            StringSplitOptions.RemoveEmptyEntries
        );

    private void List(DirectoryInfo folder, int depth, List<string> files, HashSet<string> seen)
    {
        // a link to a folder above would lead in circles
        if (depth > MaxDepth || RealPath(folder.FullName) is not { } real || !seen.Add(real))
            return;
        FileSystemInfo[] entries;
        try
        {
            entries = folder.GetFileSystemInfos();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }

        foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry.Name.StartsWith('.'))
                continue;
            if (entry.LinkTarget is not null && !Holds(entry.FullName))
                LinksRefused++;
            else if (Directory.Exists(entry.FullName))
                List(new DirectoryInfo(entry.FullName), depth + 1, files, seen);
            else
                files.Add(entry.FullName);
        }
    }
}
