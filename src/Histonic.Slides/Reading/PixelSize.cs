namespace Histonic.Slides.Reading;

/// <summary>The size of one pixel of level 0, and where it was found.</summary>
/// <param name="Value">The width (and height) of one pixel.</param>
/// <param name="Source">Where it was found: "aperio", "ome-xml", "tiff-resolution", "png-phys", "openslide", "override", "slide-list".</param>
public readonly record struct PixelSize(Microns Value, string Source);
