using Histonic.Slides;

namespace Histonic.Learning.Experiments;

/// <summary>Tells how far a cell is, and how long the whole experiment will still take.</summary>
/// <param name="outer">Whom the experiment tells.</param>
/// <param name="place">Which cell of how many, such as "12/150".</param>
/// <param name="expected">The seconds the cell will take.</param>
/// <param name="after">The seconds of the cells after it.</param>
/// <param name="warned">What was warned of before: many cells work on the same files.</param>
/// <param name="time">Measures the cell.</param>
internal sealed class CellMonitor(
    IWorkMonitor outer,
    string place,
    double expected,
    double after,
    HashSet<string> warned,
    TimeProvider time
) : IWorkMonitor
{
    private readonly long _start = time.GetTimestamp();

    public void Report(in WorkProgress progress)
    {
        var gone = time.GetElapsedTime(_start).TotalSeconds;
        // one that takes longer than expected is as far as its own stage says; a slide's progress is not that of a list of slides
        var left = Math.Max(
            expected - gone,
            progress.Left is { } told ? told.TotalSeconds
                : progress is { Total: > 0, Done: > 0 } ? gone * (progress.Total - progress.Done) / progress.Done
                : 0
        );
        outer.Report(
            progress with
            {
                Stage = $"[{place}] {progress.Stage}",
                Left = TimeSpan.FromSeconds(Math.Min(left + after, 1e7)),
            }
        );
    }

    public void Note(string message)
    {
        // a line a cell says enough; the cell's own folder has its log
    }

    public void Warn(string message)
    {
        lock (warned)
        {
            if (!warned.Add(message))
                return;
        }

        outer.Warn($"[{place}] {message}");
    }
}
