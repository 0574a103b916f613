namespace Histonic.Reports.Encoders;

/// <summary>A patch on a map.</summary>
/// <param name="Patch">Its name, as the pointer shows it.</param>
/// <param name="Class">Its class, which gives it its colour.</param>
/// <param name="Group">Its patient or slide.</param>
/// <param name="Components">Its place on the two principal components.</param>
/// <param name="Neighbours">Its place by t-SNE; null where there is no such map.</param>
public sealed record PatchPoint(
    string Patch,
    string Class,
    string Group,
    (double X, double Y) Components,
    (double X, double Y)? Neighbours
);
