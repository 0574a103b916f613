using Histonic.Slides;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>Passes progress on and keeps messages back: of patches read once more, everything has been said.</summary>
/// <param name="monitor">Who is told of progress.</param>
internal sealed class ProgressOnlyMonitor(IWorkMonitor monitor) : IWorkMonitor
{
    /// <inheritdoc/>
    public void Report(in WorkProgress progress) => monitor.Report(progress);

    /// <inheritdoc/>
    public void Note(string message) { }

    /// <inheritdoc/>
    public void Warn(string message) { }
}
