using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Compression;

/// <summary>Takes a list of slides through the compressor, beside other processes that may work on the same folder.</summary>
/// <remarks>
/// A slide is claimed, made, and given back. What another process holds is left for the end, and then waited for; if that process
/// dies, its slide is taken over. A slide that fails stops no other; a folder that takes no more files stops the run.
/// </remarks>
/// <param name="compressor">Makes the files.</param>
/// <param name="output">Where they come to be.</param>
/// <param name="failures">Where those that fail are listed.</param>
/// <param name="monitor">Told how far it is.</param>
/// <param name="time">Measures the time and lets claims live.</param>
internal sealed class CompressionRun(
    SlideCompressor compressor,
    OutputFolder output,
    FailureTable failures,
    RunProgress monitor,
    TimeProvider time
)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(5);

    private readonly NextSlide _next = new(compressor);
    private readonly List<SlideFailure> _failed = [];
    private IReadOnlyDictionary<string, SlideFailure> _failedBefore = new Dictionary<string, SlideFailure>(
        StringComparer.Ordinal
    );
    private int _compressed;
    private int _skipped;
    private int _elsewhere;
    private long _patches;
    private string? _stopped;

    /// <summary>Compresses the slides; returns when each is done or failed, here or elsewhere, or the folder takes no more.</summary>
    /// <param name="slides">The slides.</param>
    /// <param name="cancellationToken">Stops it; finished files stay, no other does.</param>
    /// <exception cref="InputException">The folder cannot be written at the start.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<CompressionSummary> RunAsync(IEnumerable<SlideSource> slides, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        output.Check();
        output.Sweep();
        _failedBefore = failures.Read();
        var left = 0;
        try
        {
            var open = Open([.. slides], cancellationToken);
            monitor.Begin(open.Count, open.Sum(job => job.Bytes));
            for (var pause = _firstPause; open.Count > 0; pause = Shorter(pause * 2, _longestPause))
            {
                var held = await PassAsync(open, cancellationToken).ConfigureAwait(false);
                left = _stopped is null ? 0 : held.Count;
                if (_stopped is not null || held.Count == 0)
                    break;
                if (held.Count < open.Count)
                    pause = _firstPause;
                open = held;
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await _next.GiveUpAsync().ConfigureAwait(false);
            monitor.End();
            output.Sweep();
        }

        return new CompressionSummary(_compressed, _skipped, _patches, time.GetElapsedTime(start), _failed)
        {
            Elsewhere = _elsewhere,
            Stopped = _stopped,
            Left = left,
        };
    }

    /// <summary>Those that are to be done.</summary>
    private List<Job> Open(List<SlideSource> slides, CancellationToken cancellationToken)
    {
        List<Job> open = [];
        for (var i = 0; i < slides.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            monitor.Report(new WorkProgress("look for finished slides", i, slides.Count, "slides"));
            var job = new Job(
                slides[i],
                SlideName.Of(slides[i].Path),
                Path.Combine(output.Path, $"{SlideName.Of(slides[i].Path)}.h5"),
                FileLength.Of(slides[i].Path)
            );
            if (compressor.FindFault(job.Slide, job.Target) is not { } fault)
            {
                _skipped++;
                continue;
            }

            if (fault.Length > 0)
                monitor.Note($"{job.Name}: done again, for {fault}");
            open.Add(job);
        }

        // what lies there done cannot have failed
        if (_failedBefore.Count > 0)
        {
            var done = slides.Select(slide => SlideName.Of(slide.Path)).ToHashSet(StringComparer.Ordinal);
            done.ExceptWith(open.Select(job => job.Name));
            foreach (var name in _failedBefore.Keys.Where(done.Contains))
                failures.Remove(name);
        }

        return open;
    }

    /// <summary>Goes once through the slides.</summary>
    /// <returns>Those that another process holds; when the run was stopped, all that are not done.</returns>
    private async Task<List<Job>> PassAsync(List<Job> open, CancellationToken cancellationToken)
    {
        List<Job> held = [];
        for (var i = 0; i < open.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await TryDoAsync(open[i], open.ElementAtOrDefault(i + 1), cancellationToken).ConfigureAwait(false))
                held.Add(open[i]);
            if (_stopped is not null)
                return [.. held, .. open.Skip(i + 1)];
        }

        return held;
    }

    /// <summary>Does a slide, or finds it done elsewhere.</summary>
    /// <returns>False when it is still to be done.</returns>
    private async Task<bool> TryDoAsync(Job job, Job? next, CancellationToken cancellationToken)
    {
        SlideClaim? claim;
        try
        {
            claim = SlideClaim.TryTake(output, job.Target, time, out var holder);
            if (claim is null)
            {
                if (!job.Held)
                    monitor.Note(
                        $"{job.Name}: {holder?.ToString() ?? "another process"} compresses it; looked at again at the end"
                    );
                job.Held = true;
                return false;
            }
        }
        catch (InputException error)
        {
            Stop(error);
            return false;
        }

        using (claim)
        {
            if (compressor.FindFault(job.Slide, job.Target) is null)
            {
                monitor.Note($"{job.Name}: done by another process");
                monitor.Leave(job.Bytes, worked: false);
                _elsewhere++;
                return true;
            }

            // a failure that was not there when this run began is another process's of now: it would fail here too
            if (
                failures.Read().GetValueOrDefault(job.Name) is { } failure
                && (job.Held || !_failedBefore.ContainsKey(job.Name))
            )
            {
                _failed.Add(failure);
                monitor.Warn($"{job.Name}: failed in another process at {failure.Stage}: {failure.Reason}");
                monitor.Leave(job.Bytes, worked: false);
                return true;
            }

            return await DoAsync(job, next, claim, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> DoAsync(Job job, Job? next, SlideClaim claim, CancellationToken cancellationToken)
    {
        var (stage, worked) = ("write", false);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        monitor.Enter(job.Bytes);
        try
        {
            failures.Remove(job.Name);
            if (Directory.Exists(job.Target))
            {
                throw new InputException(
                    job.Target,
                    "is a folder, where the slide's file is to be",
                    "Move it away, or choose another --out"
                );
            }

            using var prepared =
                await _next.TakeAsync(job.Slide).ConfigureAwait(false) ?? compressor.Prepare(job.Slide, Enter);
            // other processes on this folder fill the processors, and would prepare the same slide
            if (next is not null && compressor.PreparesAhead && !output.HasClaimsBeside(job.Target))
                _next.Begin(next.Slide);
            _patches += await compressor
                .CompressAsync(job.Slide, prepared, job.Target, Enter, lost.Token)
                .ConfigureAwait(false);
            _compressed++;
            worked = true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            monitor.PutOff();
            monitor.Note($"{job.Name}: another process has taken it over");
            return false;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // whatever a slide does to its readers, the next one is compressed
            var reason = error is HistonicException ? error.Message : $"{error.GetType().Name}: {error.Message}";
            Fail(job, new SlideFailure(job.Slide.Path, stage, reason), error);
        }

        monitor.Leave(job.Bytes, worked);
        return true;

        void Enter(string now)
        {
            stage = now;
            if (!claim.IsHeld)
                lost.Cancel();
        }
    }

    private void Fail(Job job, SlideFailure failure, Exception error)
    {
        _failed.Add(failure);
        monitor.Warn($"{job.Name}: failed at {failure.Stage}: {failure.Reason}");
        try
        {
            failures.Put(failure);
        }
        catch (InputException unwritten)
        {
            monitor.Warn($"the failure of {job.Name} could not be written down: {unwritten.Message}");
        }

        // the next slides would fail in the same way, each after its time
        if (DiskFull.Caused(error))
        {
            Stop(new InputException(output.Path, $"has no space left (at {job.Name})", DiskFull.Remedy, error));
            return;
        }

        try
        {
            output.Check();
        }
        catch (InputException gone)
        {
            Stop(gone);
        }
    }

    private void Stop(InputException error) =>
        _stopped = DiskFull.Caused(error)
            ? new InputException(output.Path, "has no space left", DiskFull.Remedy, error).Message
            : error.Message;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed record Job(SlideSource Slide, string Name, string Target, long Bytes)
    {
        public bool Held { get; set; }
    }
}
