using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>A labelled patch as its source lists it; nothing of its pixels has been read yet.</summary>
/// <param name="Id">What names it to people, unlike any other: a path, PATH#index in an HDF5 file, SLIDE@x,y (level-0 pixels) on a slide.</param>
/// <param name="Class">Its class, from 0.</param>
/// <param name="Group">The patient or slide it comes from; null when the source does not tell.</param>
/// <param name="PixelSize">Its pixel size; null when not known.</param>
public sealed record PatchEntry(string Id, int Class, string? Group, Microns? PixelSize);
