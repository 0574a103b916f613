using System.Collections.Concurrent;
using Histonic.Slides;
using Histonic.Slides.Reading;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>The decoded patches at the encoder's scale: held in memory up to a budget, decoded again at each use beyond it.</summary>
/// <remarks>
/// A patch of known pixel size is rescaled to the encoder's; what is larger than P is then cropped and what is smaller is
/// padded by reflection (<see cref="PatchCutter"/>). Without a pixel size, the patch's shorter side is stretched to P: it
/// shows all that its label was given for, at whatever scale that is.
/// </remarks>
/// <param name="patchSize">The side P in pixels.</param>
/// <param name="pixelSize">The encoder's pixel size.</param>
/// <param name="budget">How many bytes of pixels to hold.</param>
/// <param name="threads">How many threads decode.</param>
public sealed class PatchPixels(int patchSize, Microns pixelSize, long budget, int threads)
{
    private readonly Dictionary<string, Microns?> _pixelSizes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RgbImage> _held = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Gets how many bytes of pixels are held.</summary>
    public long HeldBytes => Interlocked.Read(ref _bytes);

    /// <summary>Adds the files of a task.</summary>
    internal void Add(TaskSource source, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            if (_pixelSizes.TryGetValue(file, out var other) && other != source.PixelSize)
                throw new OptionException("--task", source.Folder, "given with one pixel size only");
            _pixelSizes[file] = source.PixelSize;
        }
    }

    /// <summary>Decodes every file once, holding what fits.</summary>
    /// <returns>The files that are no whole picture; the monitor was warned of each.</returns>
    internal IReadOnlySet<string> Decode(IWorkMonitor monitor, CancellationToken cancellationToken)
    {
        var broken = new ConcurrentBag<InputException>();
        var done = 0;
        Parallel.ForEach(
            _pixelSizes.Keys.Order(StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            path =>
            {
                try
                {
                    var image = Read(path);
                    if (Interlocked.Add(ref _bytes, image.Pixels.Length) <= budget)
                        _held[path] = image;
                    else
                        Interlocked.Add(ref _bytes, -image.Pixels.Length);
                }
                catch (InputException error)
                {
                    broken.Add(error);
                }

                monitor.Report(
                    new WorkProgress("read patches", Interlocked.Increment(ref done), _pixelSizes.Count, "patches")
                );
            }
        );
        foreach (var error in broken.OrderBy(error => error.Subject, StringComparer.Ordinal))
            monitor.Warn($"{error.Subject}: {error.Finding}; skipped");
        return broken.Select(error => error.Subject).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The pixels of a patch.</summary>
    /// <exception cref="InputException">It was not held and can no longer be read.</exception>
    internal RgbImage Of(string path) => _held.TryGetValue(path, out var image) ? image : Read(path);

    private RgbImage Read(string path)
    {
        var own = _pixelSizes[path];
        return PatchPicture.Read(
            path,
            (width, height) =>
                own is { } size ? size.Value / pixelSize.Value : patchSize / (double)Math.Min(width, height)
        );
    }
}
