namespace Histonic.Slides;

/// <summary>How far a stage of long work is.</summary>
/// <param name="Stage">What is done, such as "compress CMU-1".</param>
/// <param name="Done">How many units are done.</param>
/// <param name="Total">How many there are in all; 0 when not known.</param>
/// <param name="Unit">What is counted, in the plural: "patches", "slides", "steps".</param>
public readonly record struct WorkProgress(string Stage, long Done, long Total, string Unit)
{
    /// <summary>Gets how long the whole work will still take, where the stage is a part of it; null = as the stage's own rate tells.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>Gets how many units a second the whole work has done so far; null = as the stage's own time tells.</summary>
    public double? Rate { get; init; }
}
