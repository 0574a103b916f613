namespace Histonic.Slides.Interchange;

/// <summary>What coordinates count.</summary>
internal enum CoordinateUnit
{
    /// <summary>Pixels of level 0.</summary>
    Level0Pixel,

    /// <summary>Pixels of the working size.</summary>
    WorkingPixel,

    /// <summary>Micrometres.</summary>
    Micron,

    /// <summary>Cells of the grid.</summary>
    Cell,
}
