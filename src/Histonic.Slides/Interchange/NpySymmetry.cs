namespace Histonic.Slides.Interchange;

/// <summary>How neural image compression calls the grids of its eight symmetries.</summary>
internal static class NpySymmetry
{
    /// <summary>Gets the file names (degrees, then flip) in the order of our symmetries; they stand in a folder of the slide's name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "0_none_features.npy",
        "90_none_features.npy",
        "180_none_features.npy",
        "270_none_features.npy",
        "0_horizontal_features.npy",
        "0_vertical_features.npy",
        "90_vertical_features.npy",
        "270_vertical_features.npy",
    ];
}
