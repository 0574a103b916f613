using System.Globalization;
using Histonic.Slides;

namespace Histonic.Reports.Viewing;

/// <summary>The folder for copies of slides, among the system's temporary files; it goes with the viewer.</summary>
internal sealed class CopyFolder : IDisposable
{
    private const string Prefix = "histonic-view-";

    private readonly string _path;
    private int _count;

    /// <summary>Makes the folder, and deletes those that killed viewers left.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    public CopyFolder()
    {
        try
        {
            _path = Directory.CreateTempSubdirectory($"{Prefix}{ProcessToken.Current}.").FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.NotWritten(Path.GetTempPath(), error);
        }

        foreach (var other in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            var token = Path.GetFileName(other)[Prefix.Length..].Split('.')[0];
            if (ProcessToken.Parse(token) is { HasEnded: true })
                Delete(other);
        }
    }

    /// <summary>The name of a file that is not there yet.</summary>
    public string NewFile() =>
        Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _count)}.tif"));

    /// <inheritdoc/>
    public void Dispose() => Delete(_path);

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // another user's, or one that goes at the same time; the next viewer tries again
        }
    }
}
