namespace Histonic.Slides.Tissue;

/// <summary>A connected region of a binary picture.</summary>
/// <param name="Area">The number of its pixels.</param>
/// <param name="AtRim">Whether it touches the picture's rim.</param>
/// <param name="FirstMarks">How many of its pixels are set in the first picture of marks that was given; 0 without.</param>
/// <param name="SecondMarks">The same of the second one.</param>
internal readonly record struct Region(int Area, bool AtRim, int FirstMarks, int SecondMarks)
{
    /// <summary>This region and another one together.</summary>
    public Region With(Region other) =>
        new(Area + other.Area, AtRim || other.AtRim, FirstMarks + other.FirstMarks, SecondMarks + other.SecondMarks);
}
