namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Where on which slide a patch lies.</summary>
/// <param name="Slide">The slide's file.</param>
/// <param name="X">Its middle, in pixels of level 0.</param>
/// <param name="Y">Its middle, in pixels of level 0.</param>
internal readonly record struct SlidePlace(string Slide, double X, double Y);
