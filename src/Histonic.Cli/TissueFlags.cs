using System.CommandLine;
using Histonic.Slides;
using Histonic.Slides.Tissue;

namespace Histonic.Cli;

/// <summary>The options by which every command that looks for tissue is told how.</summary>
internal static class TissueFlags
{
    private static readonly TissueOptions _defaults = new();

    private static readonly Option<string?> _method = new("--tissue")
    {
        Description =
            "How tissue is found: otsu (what has more colour than glass; the default), hsv (a range of colours, as CLAM and TRIDENT users set it), mask (given by --masks), none (everything is tissue).",
    };

    private static readonly Option<string> _hsv = new("--hsv")
    {
        Description =
            "With --tissue hsv: the ranges of hue (0-180), saturation and value (0-255), in OpenCV's units. A hue range such as 150-20 runs through red.",
        DefaultValueFactory = _ => HsvRange.Default.ToString(),
    };

    private static readonly Option<string?> _masks = new("--masks")
    {
        Description =
            "Masks to take instead of looking: a folder with a file for each slide (NAME, NAME_mask or NAME_tissue, as .png, .tif, .geojson, .json or .xml), or one file. Pictures cover the whole slide and are 0 on glass; outlines lie in level-0 pixels. They are taken as they are.",
    };

    private static readonly Option<double> _maskPixelSize = new("--mask-mpp")
    {
        Description = "The pixel size of the mask in µm.",
        DefaultValueFactory = _ => _defaults.PixelSize.Value,
    };

    private static readonly Option<double> _minArea = new("--min-area")
    {
        Description = "Pieces of tissue below this many µm² are dirt.",
        DefaultValueFactory = _ => _defaults.MinArea,
    };

    private static readonly Option<double> _maxHole = new("--max-hole")
    {
        Description = "Holes in tissue up to this many µm² are filled.",
        DefaultValueFactory = _ => _defaults.MaxHole,
    };

    private static readonly Option<bool> _keepPen = new("--keep-pen")
    {
        Description =
            "Do not remove blue, green, black and red pen marks, and the tissue under them. For stains other than H&E.",
    };

    private static readonly Option<double?> _maxBlur = new("--max-blur")
    {
        Description =
            "Remove tissue whose details are wider than this many µm: it is out of focus. Try 1.8, and look at the mask. Default: blurred tissue stays.",
    };

    static TissueFlags() => _method.AcceptOnlyFromAmong("otsu", "hsv", "mask", "none");

    public static IReadOnlyList<Option> All { get; } =
    [_method, _hsv, _masks, _maskPixelSize, _minArea, _maxHole, _keepPen, _maxBlur];

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="OptionException">An option cannot work, or two contradict each other; the message names them.</exception>
    public static TissueOptions Of(CommandContext context) =>
        new TissueOptions
        {
            Method = MethodOf(context),
            PixelSize = new Microns(context.Get(_maskPixelSize)),
            MinArea = context.Get(_minArea),
            MaxHole = context.Get(_maxHole),
            KeepPen = context.Get(_keepPen),
            MaxBlur = context.Get(_maxBlur) is { } blur ? new Microns(blur) : null,
        }.Validated();

    private static TissueMethod MethodOf(CommandContext context)
    {
        var masks = context.Get(_masks);
        return (context.Get(_method), masks) switch
        {
            ("mask", null) => throw new OptionException("--masks", null, "given with --tissue mask"),
            (null or "mask", { } path) => new TissueMethod.Given(path),
            (null or "otsu", null) => new TissueMethod.Otsu(),
            ("hsv", null) => new TissueMethod.Hsv(HsvRange.Parse(context.Get(_hsv))),
            ("none", null) => new TissueMethod.Everything(),
            var (method, _) => throw new OptionException(
                "--tissue",
                method,
                "mask, or left out, where --masks is given"
            ),
        };
    }
}
