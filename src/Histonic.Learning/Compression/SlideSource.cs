using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>A slide to compress.</summary>
/// <param name="Path">Its file.</param>
/// <param name="PixelSize">Its pixel size, where a slide list gives one; null = as the file tells.</param>
public sealed record SlideSource(string Path, Microns? PixelSize = null);
