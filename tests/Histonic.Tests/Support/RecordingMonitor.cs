using System.Collections.Concurrent;
using Histonic.Slides;

namespace Histonic.Tests.Support;

/// <summary>A monitor that keeps what it is told.</summary>
internal sealed class RecordingMonitor : IWorkMonitor
{
    private readonly ConcurrentQueue<string> _warnings = [];

    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>Gets the last progress.</summary>
    public WorkProgress Progress { get; private set; }

    public void Report(in WorkProgress progress) => Progress = progress;

    public void Note(string message) { }

    public void Warn(string message) => _warnings.Enqueue(message);
}
