namespace Histonic.Slides.Tiling;

/// <summary>How a slide is cut into patches.</summary>
public sealed record TilingOptions
{
    /// <summary>Gets the working pixel size. The default is the papers' 0.5 µm.</summary>
    public Microns PixelSize { get; init; } = new(0.5);

    /// <summary>Gets the side of a patch in working pixels. The default is the papers' 128.</summary>
    public int PatchSize { get; init; } = 128;

    /// <summary>Gets the step between patches in working pixels. The default is the papers' 128.</summary>
    public int Stride { get; init; } = 128;

    /// <summary>Gets the least share of tissue, in [0, 1], under a patch that is kept.</summary>
    public double MinTissue { get; init; } = 0.5;

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public TilingOptions Validated() =>
        this switch
        {
            { PixelSize.Value: not (> 0.01 and < 100) } => throw new OptionException(
                "--mpp",
                PixelSize,
                "between 0.01 and 100 µm"
            ),
            { PatchSize: not (>= 8 and <= 4096) } => throw new OptionException(
                "--patch",
                PatchSize,
                "from 8 to 4096 pixels"
            ),
            { Stride: not (>= 1 and <= 4096) } => throw new OptionException(
                "--stride",
                Stride,
                "from 1 to 4096 pixels"
            ),
            { MinTissue: not (>= 0 and <= 1) } => throw new OptionException("--min-tissue", MinTissue, "from 0 to 1"),
            _ => this,
        };
}
