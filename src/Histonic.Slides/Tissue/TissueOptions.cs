namespace Histonic.Slides.Tissue;

/// <summary>How tissue is told from glass.</summary>
public sealed record TissueOptions
{
    /// <summary>Gets the method. The default is Otsu's threshold on saturation.</summary>
    public TissueMethod Method { get; init; } = new TissueMethod.Otsu();

    /// <summary>Gets the pixel size of the mask. The default is 4 µm.</summary>
    public Microns PixelSize { get; init; } = new(4);

    /// <summary>Gets the area below which a piece of tissue is taken for dirt, in µm². The default, 20,000 µm², is 140 µm squared.</summary>
    public double MinArea { get; init; } = 20_000;

    /// <summary>Gets the area up to which a hole in tissue is filled, in µm². The default, 40,000 µm², is 200 µm squared: glands and vessels, but not a lobule of fat.</summary>
    public double MaxHole { get; init; } = 40_000;

    /// <summary>Gets whether marks of a pen may count as tissue, and tissue under them.</summary>
    public bool KeepPen { get; init; }

    /// <summary>Gets the width of detail (see <see cref="BlurFinder"/>) above which tissue is out of focus and left out; null = none is.</summary>
    public Microns? MaxBlur { get; init; }

    /// <summary>Gets the method in words, as masks and compressed slides record it.</summary>
    public string MethodName =>
        Method.LooksAtPixels
            ? FormattableString.Invariant(
                $"{Method.Name}{(KeepPen ? "" : ", pen removed")}{(MaxBlur is { } blur ? $", blur above {blur.Value} µm removed" : "")}"
            )
            : Method.Name;

    /// <summary>All that decides a slide's mask, as it is recorded; of a given mask its content, not its place.</summary>
    /// <param name="slide">The slide's name.</param>
    /// <exception cref="InputException">There is no mask of this slide, or it cannot be read.</exception>
    public string Describe(string slide) =>
        Method switch
        {
            TissueMethod.Given given => FormattableString.Invariant(
                $"{MethodName} {PixelSize.Value} {TissueMaskFile.Sha256(TissueMaskFile.Of(given.Path, slide))}"
            ),
            TissueMethod.Everything => MethodName,
            _ => FormattableString.Invariant($"{MethodName} {PixelSize.Value} {MinArea} {MaxHole}"),
        };

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
            { MaxBlur.Value: not (>= 0.5 and <= 100) } => throw new OptionException(
                "--max-blur",
                MaxBlur,
                "from 0.5 to 100 µm"
            ),
            _ => this,
        };
}
