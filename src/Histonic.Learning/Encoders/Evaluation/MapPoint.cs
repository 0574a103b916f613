namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>A test patch on an embedding map.</summary>
/// <param name="Patch">What names it.</param>
/// <param name="Class">Its class's name.</param>
/// <param name="Group">Its patient or slide.</param>
/// <param name="Component1">Its place on the first principal component.</param>
/// <param name="Component2">Its place on the second.</param>
/// <param name="TSne1">Its first coordinate by t-SNE; null where there is no such map.</param>
/// <param name="TSne2">Its second.</param>
public readonly record struct MapPoint(
    string Patch,
    string Class,
    string Group,
    double Component1,
    double Component2,
    double? TSne1,
    double? TSne2
);
