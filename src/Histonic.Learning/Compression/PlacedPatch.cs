using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>A labelled patch whose file's name tells its place on the slide.</summary>
/// <param name="Entry">The patch.</param>
/// <param name="Cell">Its cell in the grid of its slide.</param>
internal sealed record PlacedPatch(PatchEntry Entry, GridCell Cell);
