using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>A folder that several processes, perhaps of several machines, fill together.</summary>
/// <param name="path">The folder.</param>
internal sealed class OutputFolder(string path)
{
    /// <summary>How long a claim of another machine may go without a heartbeat (one comes every half minute).</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    /// <summary>How long a claim may be empty: it is filled right after it is made.</summary>
    private static readonly TimeSpan _emptyAfter = TimeSpan.FromSeconds(5);

    /// <summary>Gets the folder.</summary>
    public string Path { get; } = path;

    /// <summary>Makes sure that files can be made in it, so that this is told before hours of work.</summary>
    /// <exception cref="InputException">It cannot be made or written.</exception>
    public void Check()
    {
        try
        {
            Directory.CreateDirectory(Path);
            _ = Now();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.NotWritten(Path, error);
        }
    }

    /// <summary>Removes a claim whose holder is known to be gone.</summary>
    /// <param name="claim">The claim's file.</param>
    /// <returns>Whether there is no claim now.</returns>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public bool RemoveIfStale(string claim)
    {
        if (!IsStale(claim))
            return !File.Exists(claim);
        // one at a time: the claim that was found stale may meanwhile be another's, taken over and alive
        using var alone = FolderLock.Take(Path);
        return RemoveIfStaleAlone(claim);
    }

    /// <summary>Whether other files than one are claimed: other processes work on this folder.</summary>
    /// <param name="target">The file whose claim does not count.</param>
    public bool HasClaimsBeside(string target)
    {
        try
        {
            return Directory
                .EnumerateFiles(Path, $"*.h5{SlideClaim.Extension}")
                .Any(claim =>
                    !string.Equals(
                        System.IO.Path.GetFileName(claim),
                        System.IO.Path.GetFileName(target) + SlideClaim.Extension,
                        StringComparison.Ordinal
                    )
                );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // whoever writes there next tells it
        }
    }

    /// <summary>Removes the claims and unfinished files of processes that are gone; never those of one that may live.</summary>
    /// <remarks>It tidies up: what cannot be removed stays.</remarks>
    public void Sweep()
    {
        try
        {
            using var alone = FolderLock.Take(Path);
            foreach (var claim in Directory.GetFiles(Path, $"*.h5{SlideClaim.Extension}"))
                RemoveIfStaleAlone(claim);
            foreach (var partial in Directory.GetFiles(Path, "*.partial"))
            {
                if (IsAbandoned(partial))
                    File.Delete(partial);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InputException)
        {
            // not worth stopping for; the next run tries again
        }
    }

    private bool RemoveIfStaleAlone(string claim)
    {
        if (!IsStale(claim))
            return !File.Exists(claim);
        try
        {
            File.Delete(claim);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.NotWritten(claim, error);
        }
    }

    private bool IsStale(string claim) =>
        ClaimNote.Read(claim) is { } note
        && (
            note.Holder is { IsOfThisMachine: true } neighbour
                ? neighbour.HasEnded
                : IsOlder(claim, note.Holder is null ? _emptyAfter : StaleAfter)
        );

    /// <summary>Whether nobody will ever finish an unfinished file.</summary>
    private bool IsAbandoned(string partial)
    {
        if (!AtomicFile.IsPartial(partial, out var target, out var writer))
            return false;
        if (writer.IsOfThisMachine)
            return writer.HasEnded;
        var claim = target + SlideClaim.Extension;
        var lives = ClaimNote.Read(claim)?.Holder == writer && !IsStale(claim);
        return !lives && IsOlder(partial, StaleAfter);
    }

    private bool IsOlder(string file, TimeSpan age)
    {
        try
        {
            return File.Exists(file) && Now() - File.GetLastWriteTimeUtc(file) > age;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.NotWritten(Path, error);
        }
    }

    /// <summary>The time by the clock that stamps this folder's files, which on a share is not this machine's.</summary>
    private DateTime Now()
    {
        var probe = AtomicFile.PartialOf(System.IO.Path.Combine(Path, ".histonic"));
        try
        {
            File.WriteAllBytes(probe, []);
            return File.GetLastWriteTimeUtc(probe);
        }
        finally
        {
            File.Delete(probe);
        }
    }
}
