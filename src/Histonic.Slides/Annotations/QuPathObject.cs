using System.Text.Json.Nodes;

namespace Histonic.Slides.Annotations;

/// <summary>A polygon on a slide as QuPath knows it.</summary>
/// <param name="Type">QuPath's objectType, such as "annotation" or "tile".</param>
/// <param name="Name">Its name; null = none.</param>
/// <param name="Class">Its classification.</param>
/// <param name="Colour">Its colour: red, green and blue, 0 to 255.</param>
/// <param name="Measurements">Numbers by their names; null = none.</param>
/// <param name="Rings">The outer ring, then the holes, each closed, in pixels of level 0.</param>
internal sealed record QuPathObject(
    string Type,
    string? Name,
    string Class,
    IReadOnlyList<int> Colour,
    JsonObject? Measurements,
    IEnumerable<IEnumerable<(double X, double Y)>> Rings
);
