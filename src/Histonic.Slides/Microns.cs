using System.Globalization;

namespace Histonic.Slides;

/// <summary>A length on the tissue, in micrometres.</summary>
/// <param name="Value">The number of micrometres.</param>
public readonly record struct Microns(double Value)
{
    /// <summary>How many pixels of the given size this length covers.</summary>
    /// <param name="pixelSize">The width of one pixel on the tissue.</param>
    public double InPixelsOf(Microns pixelSize) => Value / pixelSize.Value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} µm");
}
