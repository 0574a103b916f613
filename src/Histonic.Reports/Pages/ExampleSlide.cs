using Histonic.Slides.Reading;

namespace Histonic.Reports.Pages;

/// <summary>A slide shown with what the network looked at.</summary>
/// <param name="Slide">Its name.</param>
/// <param name="Caption">Truth and prediction in words.</param>
/// <param name="Thumbnail">The slide.</param>
/// <param name="Overlay">The slide under its heat map, of the same size.</param>
public sealed record ExampleSlide(string Slide, string Caption, RgbImage Thumbnail, RgbImage Overlay);
