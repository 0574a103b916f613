namespace Histonic.Learning.Explanation;

/// <summary>What is explained, and how carefully.</summary>
public sealed record GradCamOptions
{
    /// <summary>Gets the name of the target that is explained; null where the run has one only.</summary>
    public string? Target { get; init; }

    /// <summary>Gets the class whose evidence is shown; null takes the predicted one. Other kinds of target have one output.</summary>
    public string? Class { get; init; }

    /// <summary>Gets whether the maps of all 8 symmetries of the grid are averaged.</summary>
    public bool Symmetries { get; init; } = true;
}
