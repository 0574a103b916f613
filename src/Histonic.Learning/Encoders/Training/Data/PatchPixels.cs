using System.Collections.Concurrent;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>The decoded patches at the encoder's scale: held in memory up to a budget, read again at each use beyond it.</summary>
/// <param name="scale">The encoder's scale.</param>
/// <param name="budget">How many bytes of pixels to hold.</param>
/// <param name="threads">How many threads decode.</param>
public sealed class PatchPixels(PatchScale scale, long budget, int threads)
{
    private readonly ConcurrentDictionary<(IPatchSource, string), SourcePatch> _held = new();
    private long _bytes;

    /// <summary>Gets how many bytes of pixels are held.</summary>
    public long HeldBytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets the encoder's scale.</summary>
    public PatchScale Scale => scale;

    /// <summary>Reads every patch once, holding what fits.</summary>
    /// <param name="patches">The patches with their sources.</param>
    /// <param name="monitor">Told of progress, and warned of each patch that cannot be read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The patches that cannot be read, with their sources.</returns>
    internal IReadOnlySet<(IPatchSource Source, string Id)> Read(
        IReadOnlyCollection<(IPatchSource Source, PatchEntry Entry)> patches,
        IWorkMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var broken = new ConcurrentDictionary<(IPatchSource Source, string Id), InputException>();
        var done = 0;
        Parallel.ForEach(
            patches,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            patch =>
            {
                try
                {
                    var read = patch.Source.Read(patch.Entry, scale);
                    if (Interlocked.Add(ref _bytes, read.Picture.Pixels.Length) <= budget)
                        _held[(patch.Source, patch.Entry.Id)] = read;
                    else
                        Interlocked.Add(ref _bytes, -read.Picture.Pixels.Length);
                }
                catch (InputException error)
                {
                    broken[(patch.Source, patch.Entry.Id)] = error;
                }

                monitor.Report(
                    new WorkProgress("read patches", Interlocked.Increment(ref done), patches.Count, "patches")
                );
            }
        );
        foreach (var (key, error) in broken.OrderBy(one => one.Key.Id, StringComparer.Ordinal))
            monitor.Warn($"{key.Id}: {error.Finding}; skipped");
        return broken.Keys.ToHashSet();
    }

    /// <summary>The pixels of a patch.</summary>
    /// <exception cref="InputException">It was not held and can no longer be read.</exception>
    internal SourcePatch Of(PatchSample sample) =>
        _held.TryGetValue((sample.Source, sample.Id), out var patch) ? patch : sample.Source.Read(sample.Entry, scale);
}
