namespace Histonic.Slides.Cohorts;

/// <summary>What the label table says of one slide: one of class, value, or time with event; the others are null.</summary>
/// <param name="Slide">The slide's name, without extension.</param>
/// <param name="Patient">The patient; the slide's name where the table tells none.</param>
/// <param name="Line">The line of the label table.</param>
/// <param name="Label">The class; null when unknown or of another kind.</param>
/// <param name="Value">The number; null when unknown or of another kind.</param>
/// <param name="Time">The time to the event or to the end of observation; null when unknown or of another kind.</param>
/// <param name="Event">Whether the event was seen; null when unknown or of another kind.</param>
public sealed record Truth(
    string Slide,
    string Patient,
    int Line,
    string? Label = null,
    double? Value = null,
    double? Time = null,
    bool? Event = null
)
{
    /// <summary>Gets whether the truth is known.</summary>
    public bool IsKnown => Label is not null || Value is not null || (Time is not null && Event is not null);
}
