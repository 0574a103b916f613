using System.Diagnostics;
using System.Globalization;
using Histonic.Slides;

namespace Histonic.Cli;

/// <summary>Where a command prints: results to one stream; progress, notes, warnings and errors to the other.</summary>
/// <param name="results">Results: what a pipe would want.</param>
/// <param name="messages">Everything else.</param>
/// <param name="interactive">Whether a person looks on: progress then rewrites one line, else it prints plain lines.</param>
internal sealed class Terminal(TextWriter results, TextWriter messages, bool interactive) : IWorkMonitor, IDisposable
{
    private static readonly TimeSpan _redrawEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _lineEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private StreamWriter? _log;
    private string? _stage;
    private long _stageStart;
    private long _lastShown;
    private long _doneAtStart;
    private int _drawn;

    public TextWriter Out { get; } = results;

    public TextWriter Error { get; } = messages;

    public bool Quiet { get; set; }

    public bool Verbose { get; set; }

    /// <summary>Prints a line of results.</summary>
    public void Result(string line)
    {
        lock (_gate)
        {
            Clear();
            Out.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Report(in WorkProgress progress)
    {
        if (Quiet)
            return;
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            if (!string.Equals(progress.Stage, _stage, StringComparison.Ordinal))
            {
                (_stage, _stageStart, _doneAtStart) = (progress.Stage, now, progress.Done);
                // many short stages of one work would else never show it
                if (progress.Left is null)
                    _lastShown = now;
            }

            var finished = progress.Total > 0 && progress.Done >= progress.Total;
            var wait = interactive ? _redrawEvery : _lineEvery;
            if (Stopwatch.GetElapsedTime(_lastShown, now) < wait && !(finished && interactive))
                return;
            _lastShown = now;
            var line = Describe(progress, Stopwatch.GetElapsedTime(_stageStart, now));
            if (!interactive)
            {
                Error.WriteLine(line);
                return;
            }

            Clear();
            Error.Write(line);
            Error.Flush();
            _drawn = line.Length;
        }
    }

    /// <inheritdoc/>
    public void Note(string message) => Message(message, show: !Quiet);

    /// <inheritdoc/>
    public void Warn(string message) => Message($"warning: {message}", show: true);

    /// <summary>Tells why the command cannot go on.</summary>
    public void Fail(string message, Exception? error = null) =>
        Message(Verbose && error is not null ? $"error: {message}\n{error}" : $"error: {message}", show: true);

    /// <summary>Opens the log file, if one was asked for.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void LogTo(FileInfo? file)
    {
        if (file is null)
            return;
        try
        {
            file.Directory?.Create();
            _log = new StreamWriter(file.FullName, append: true) { AutoFlush = true };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                file.FullName,
                $"cannot be written ({error.Message})",
                "Choose another --log",
                error
            );
        }
    }

    /// <summary>Ends the last progress line and the log.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Clear();
            _log?.Dispose();
            _log = null;
        }
    }

    private static string Describe(in WorkProgress progress, TimeSpan elapsed, long before)
    {
        var rate = progress.Rate ?? (elapsed.TotalSeconds > 0.5 ? (progress.Done - before) / elapsed.TotalSeconds : 0);
        var share = progress.Total > 0 ? $" {100.0 * progress.Done / progress.Total, 3:0} %" : "";
        var of = progress.Total > 0 ? $"/{progress.Total}" : "";
        var speed =
            rate > 0
                ? $", {rate.ToString(rate < 100 ? "0.#" : "#,0", CultureInfo.InvariantCulture)} {progress.Unit}/s"
                : "";
        var rest =
            progress.Left
            ?? (
                rate > 0 && progress.Total > progress.Done
                    ? TimeSpan.FromSeconds((progress.Total - progress.Done) / rate)
                    : null
            );
        var left = rest is { } span ? $", {Span(span)} left" : "";
        return $"{progress.Stage}:{share} {progress.Done}{of} {progress.Unit}{speed}{left}";
    }

    private static string Span(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{Math.Ceiling(time.TotalSeconds):0} s";

    private string Describe(in WorkProgress progress, TimeSpan elapsed) => Describe(progress, elapsed, _doneAtStart);

    private void Message(string message, bool show)
    {
        lock (_gate)
        {
            _log?.WriteLine(message);
            if (!show)
                return;
            Clear();
            Error.WriteLine(message);
        }
    }

    private void Clear()
    {
        if (_drawn == 0)
            return;
        Error.Write($"\r{new string(' ', _drawn)}\r");
        _drawn = 0;
    }
}
