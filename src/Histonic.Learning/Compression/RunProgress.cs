using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>Tells the progress of a slide as that of the whole list: which slide of how many, and the time left for all.</summary>
/// <remarks>Outside a list it passes everything on as it is.</remarks>
/// <param name="monitor">Who is told.</param>
/// <param name="time">Measures the time.</param>
internal sealed class RunProgress(IWorkMonitor monitor, TimeProvider time) : IWorkMonitor
{
    private readonly Lock _gate = new();
    private long _start;
    private int _slides;
    private int _at;
    private double _work; // bytes of the slides that are to be done
    private double _done; // bytes of those that are
    private double _slide; // bytes of the one that is worked on
    private long _units; // patches of the slides that are done
    private long _now; // patches of the one that is worked on

    /// <summary>Begins a list.</summary>
    /// <param name="slides">How many slides are to be done.</param>
    /// <param name="bytes">How large their files are together: the measure of the work.</param>
    public void Begin(int slides, long bytes)
    {
        lock (_gate)
            (_start, _slides, _at, _work, _done, _slide, _units, _now) = (
                time.GetTimestamp(),
                slides,
                0,
                bytes,
                0,
                0,
                0,
                0
            );
    }

    /// <summary>Begins a slide.</summary>
    public void Enter(long bytes)
    {
        lock (_gate)
            (_at, _slide) = (_at + 1, bytes);
    }

    /// <summary>Ends a slide.</summary>
    /// <param name="bytes">How large its file is.</param>
    /// <param name="worked">Whether it was compressed; else it only makes the rest smaller.</param>
    public void Leave(long bytes, bool worked)
    {
        lock (_gate)
        {
            (_slide, _units, _now) = (0, _units + _now, 0);
            if (worked)
                _done += bytes;
            else
                _work -= bytes;
        }
    }

    /// <summary>Puts a slide off until the end.</summary>
    public void PutOff()
    {
        lock (_gate)
            (_at, _slide, _now) = (_at - 1, 0, 0);
    }

    /// <summary>Ends the list.</summary>
    public void End() => Begin(0, 0);

    /// <inheritdoc/>
    public void Report(in WorkProgress progress)
    {
        WorkProgress whole;
        lock (_gate)
        {
            if (_slides == 0)
            {
                whole = progress;
            }
            else
            {
                var share = progress.Total > 0 ? (double)progress.Done / progress.Total : 0;
                var (done, elapsed) = (_done + (share * _slide), time.GetElapsedTime(_start));
                _now = progress.Done;
                whole = progress with
                {
                    Stage = $"slide {_at} of {_slides}, {progress.Stage}",
                    Left = done > 0 ? elapsed * (Math.Max(_work - done, 0) / done) : null,
                    Rate = elapsed > TimeSpan.Zero ? (_units + _now) / elapsed.TotalSeconds : null,
                };
            }
        }

        monitor.Report(whole);
    }

    /// <inheritdoc/>
    public void Note(string message) => monitor.Note(message);

    /// <inheritdoc/>
    public void Warn(string message) => monitor.Warn(message);
}
