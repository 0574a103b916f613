namespace Histonic.Slides;

/// <summary>Lengths of files behind links: many a folder of slides is one of links to an archive, and a link's own length is that of the path it holds.</summary>
public static class FileLength
{
    /// <summary>The length of a file, or of that to which a link leads.</summary>
    /// <param name="path">The file, or a link to it, over any number of links.</param>
    /// <returns>Bytes; 0 when there is no such file.</returns>
    public static long Of(string path)
    {
        FileSystemInfo? file = new FileInfo(path);
        try
        {
            if (file.LinkTarget is not null)
                file = file.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException) // links in a circle
        {
            return 0;
        }

        return file is FileInfo { Exists: true } found ? found.Length : 0;
    }
}
