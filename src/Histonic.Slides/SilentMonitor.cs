namespace Histonic.Slides;

/// <summary>A monitor that tells nobody.</summary>
public sealed class SilentMonitor : IWorkMonitor
{
    private SilentMonitor() { }

    /// <summary>Gets the one there is.</summary>
    public static SilentMonitor Instance { get; } = new();

    /// <inheritdoc/>
    public void Report(in WorkProgress progress) { }

    /// <inheritdoc/>
    public void Note(string message) { }

    /// <inheritdoc/>
    public void Warn(string message) { }
}
