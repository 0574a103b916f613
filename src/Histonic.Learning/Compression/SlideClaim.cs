using System.Text;
using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>The right to make one file: SLIDE.h5.claim, which only one process can create. Given back by disposing.</summary>
internal sealed class SlideClaim : IDisposable
{
    /// <summary>What a claim's name ends in.</summary>
    public const string Extension = ".claim";

    private static readonly TimeSpan _beatEvery = TimeSpan.FromSeconds(30);

    private readonly OutputFolder _folder;
    private readonly string _path;
    private readonly ClaimNote _note;
    private readonly byte[] _text;
    private readonly FileStream _file;
    private readonly ITimer _heart;
    private readonly Lock _gate = new();
    private bool _closed;

    private SlideClaim(OutputFolder folder, string path, ClaimNote note, FileStream file, TimeProvider time)
    {
        (_folder, _path, _note, _file) = (folder, path, note, file);
        _text = Encoding.UTF8.GetBytes(note.Text);
        Beat();
        _heart = time.CreateTimer(_ => Beat(), null, _beatEvery, _beatEvery);
    }

    /// <summary>Gets whether the claim still is this one's: after a sleep of the machine another process may have taken it over.</summary>
    public bool IsHeld => string.Equals(ClaimNote.Read(_path)?.Id, _note.Id, StringComparison.Ordinal);

    /// <summary>Claims a file, also from a holder that is known to be gone.</summary>
    /// <param name="folder">The folder of the file.</param>
    /// <param name="target">The file to be made.</param>
    /// <param name="time">Lets the heart beat.</param>
    /// <param name="holder">Who holds it, when it cannot be had.</param>
    /// <returns>The claim; null when another process holds it.</returns>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static SlideClaim? TryTake(OutputFolder folder, string target, TimeProvider time, out ClaimNote? holder)
    {
        var path = target + Extension;
        holder = ClaimNote.Read(path);
        if (holder is not null && !folder.RemoveIfStale(path))
            return null;
        FileStream file;
        try
        {
            file = new FileStream(
                path,
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0
            );
        }
        catch (IOException) when (File.Exists(path))
        {
            holder = ClaimNote.Read(path);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.NotWritten(path, error);
        }

        SlideClaim claim;
        try
        {
            claim = new SlideClaim(folder, path, ClaimNote.New(), file, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            File.Delete(path);
            throw AtomicFile.NotWritten(path, error);
        }

        // who takes long between making the file and filling it is thought dead
        if (claim.IsHeld)
            return claim;
        holder = ClaimNote.Read(path);
        claim.Dispose();
        return null;
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        _heart.Dispose();
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            _file.Dispose();
        }

        try
        {
            using var alone = FolderLock.Take(_folder.Path);
            DeleteOwn();
        }
        catch (InputException)
        {
            DeleteOwn(); // the claim must go even where no lock can be had
        }
    }

    private void DeleteOwn()
    {
        try
        {
            if (IsHeld)
                File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InputException)
        {
            // it goes stale by itself
        }
    }

    /// <summary>Writes the same text again: the file server, not this machine's clock, then sets the time of the last change.</summary>
    private void Beat()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            try
            {
                _file.Position = 0;
                _file.Write(_text);
                _file.Flush(flushToDisk: true);
            }
            catch (IOException) when (_heart is not null)
            {
                // a share may be away for a while; IsHeld tells when that was too long
            }
        }
    }
}
