using System.Diagnostics;
using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>Keeps all other processes from what must be done by one at a time in a folder; held for milliseconds.</summary>
/// <remarks>
/// A lock of the system on <c>.histonic.lock</c>: it ends with its process, however that ends. On shares it reaches as far as
/// the share's own locks do (NFS with lockd or version 4, SMB); a share without them lets everyone in.
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    private const string Name = ".histonic.lock";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    private static int _count;

    private readonly string _path;
    private readonly FileStream _file;

    private FolderLock(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Waits for the lock.</summary>
    /// <param name="folder">The folder, which must exist.</param>
    /// <exception cref="InputException">The folder cannot be written, or another process held the lock for a minute.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, Name);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < _patience; Thread.Sleep(10))
        {
            if (TryOpen(path) is not { } file)
                continue;
            if (IsStillAt(path, file))
                return new FolderLock(path, file);
            file.Dispose();
        }

        throw new InputException(
            folder,
            "was locked by another process for a minute",
            $"End that process if it hangs, or delete {path}"
        );
    }

    /// <summary>Gives it back; the file goes.</summary>
    public void Dispose()
    {
        // where open files can be deleted the name goes before the lock, or the next one's file would
        if (!OperatingSystem.IsWindows())
            Delete();
        _file.Dispose();
        if (OperatingSystem.IsWindows())
            Delete();
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (IsHeld(error))
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.NotWritten(path, error);
        }
    }

    /// <summary>Whether the locked file still has its name: the one before us may have deleted it after we opened it.</summary>
    private static bool IsStillAt(string path, FileStream file)
    {
        // a length of our own (the file takes no space) shows whether the name leads to the file we hold
        var length = 1 + (HashCode.Combine(ProcessToken.Current, Interlocked.Increment(ref _count)) & 0xFFFFFF);
        file.SetLength(length);
        var named = new FileInfo(path);
        return named.Exists && named.Length == length;
    }

    private static bool IsHeld(IOException error)
    {
        const int AgainOnLinux = 11;
        const int AgainOnMac = 35;
        const int WindowsSharing = unchecked((int)0x80070020);
        return error.HResult
            == (
                OperatingSystem.IsWindows() ? WindowsSharing
                : OperatingSystem.IsMacOS() ? AgainOnMac
                : AgainOnLinux
            );
    }

    private void Delete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // the next one has it already, or will delete it
        }
    }
}
