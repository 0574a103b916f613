namespace Histonic.Slides.Tissue;

/// <summary>How tissue is told from glass.</summary>
public sealed record TissueOptions
{
    /// <summary>Gets the pixel size of the mask. The default is 8 µm.</summary>
    public Microns PixelSize { get; init; } = new(8);

    /// <summary>Gets the area below which a piece of tissue is taken for dirt, in µm². The default, 20,000 µm², is 140 µm squared.</summary>
    public double MinArea { get; init; } = 20_000;

    /// <summary>Gets the area up to which a hole in tissue is filled, in µm². The default, 100,000 µm², spans glands and vessels.</summary>
    public double MaxHole { get; init; } = 100_000;

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public TissueOptions Validated() =>
        this switch
        {
            { PixelSize.Value: not (>= 0.5 and <= 100) } => throw new OptionException(
                "--mask-mpp",
                PixelSize,
                "from 0.5 to 100 µm"
            ),
            { MinArea: not (>= 0 and <= 1e12) } => throw new OptionException(
                "--min-area",
                MinArea,
                "from 0 to 1e12 µm²"
            ),
            { MaxHole: not (>= 0 and <= 1e12) } => throw new OptionException(
                "--max-hole",
                MaxHole,
                "from 0 to 1e12 µm²"
            ),
            _ => this,
        };
}
