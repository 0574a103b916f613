namespace Histonic.Slides.Annotations;

/// <summary>A place on a slide, in pixels of level 0; (0, 0) is the top-left corner of the top-left pixel.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Downwards.</param>
public readonly record struct SlidePoint(double X, double Y);
