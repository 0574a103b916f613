using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>The scale that an encoder wants its patches at.</summary>
/// <remarks>
/// Of a known pixel size, patches are brought to the encoder's; what is larger than P is then cropped, and what is smaller is
/// padded by reflection. Without a pixel size, the patch's shorter side is stretched to P: it shows all that its label was
/// given for, at whatever scale that is.
/// </remarks>
/// <param name="PatchSize">The side P of the encoder's patch, in pixels.</param>
/// <param name="PixelSize">The encoder's pixel size.</param>
public readonly record struct PatchScale(int PatchSize, Microns PixelSize)
{
    private const double Tolerance = 1e-3;

    /// <summary>How many pixels of a patch one pixel becomes: 1, or less where the patch is finer than wanted.</summary>
    /// <param name="width">The patch's width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="own">Its pixel size; null when not known.</param>
    public double Shrink(int width, int height, Microns? own) => Math.Min(1, 1 / Ratio(width, height, own));

    /// <summary>The step (<see cref="SourcePatch.Step"/>) of a patch of this size after it was shrunk.</summary>
    /// <inheritdoc cref="Shrink"/>
    public double Step(int width, int height, Microns? own) => Math.Min(1, Ratio(width, height, own));

    // patch pixels side by side in one of the encoder's pixels
    private double Ratio(int width, int height, Microns? own)
    {
        var ratio = own is { } size ? PixelSize.Value / size.Value : Math.Min(width, height) / (double)PatchSize;
        return Math.Abs(ratio - 1) < Tolerance ? 1 : ratio;
    }
}
