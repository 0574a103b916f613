using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;

namespace Histonic.Cli.Commands;

/// <summary>info: what the file of a slide, or of a compressed one, tells.</summary>
internal static class InfoCommand
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Argument<string[]> _slides = new("SLIDE")
    {
        Description =
            "Slide files: TIFF, SVS, OME-TIFF, PNG, JPEG; with OpenSlide also MRXS, NDPI, SCN, BIF and more. Or compressed slides (SLIDE.h5), which are read whole.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> _asJson = new("--json") { Description = "Print a JSON array of slides." };

    private static readonly Option<double?> _pixelSize = new("--mpp-override")
    {
        Description = "The pixel size in µm per pixel, instead of what the files tell.",
    };

    private static readonly Option<string?> _associated = new("--associated")
    {
        Description = "Writes label, macro and thumbnail of each slide to this folder, as SLIDE.label.png.",
        HelpName = "DIR",
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "info",
            "Shows format, size, levels, pixel size (and where it was found), objective and codec of slides; grid, encoder and options of compressed ones.".WithExamples(
                "info slide.svs",
                "info slides/*.tif --json",
                "info slides/*.svs --associated labels",
                "info features/*.h5"
            )
        )
        {
            _slides,
            _asJson,
            _pixelSize,
            _associated,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var asJson = context.Get(_asJson);
        var found = new List<object>();
        var exit = InputBatch.Run(
            context.Terminal,
            "info",
            context.Get(_slides),
            null,
            path =>
            {
                if (FeatureFolder.IsNamedSo(path))
                {
                    var facts = GridFacts.Of(path);
                    if (asJson)
                        found.Add(facts);
                    else
                        Print(context.Terminal, facts);
                    return;
                }

                using var slide = SlideReader.Open(
                    path,
                    context.Get(_pixelSize) is { } size ? new Microns(size) : null
                );
                if (asJson)
                    found.Add(SlideFacts.Of(slide));
                else
                    Print(context.Terminal, slide);
                if (context.Get(_associated) is { } folder)
                    WriteAssociated(slide, folder);
            },
            cancellationToken
        );
        if (asJson)
            context.Terminal.Result(JsonSerializer.Serialize(found, _json));
        return exit;
    }

    private static void Print(Terminal terminal, GridFacts grid)
    {
        terminal.Result(grid.Path);
        foreach (var (name, value) in grid.Lines())
            PrintLine(terminal, name, value);
    }

    private static void PrintLine(Terminal terminal, string name, string value) =>
        terminal.Result($"  {name, -12} {value}");

    private static void Print(Terminal terminal, ISlide slide)
    {
        void Line(string name, FormattableString value) =>
            PrintLine(terminal, name, value.ToString(CultureInfo.InvariantCulture));

        terminal.Result(slide.Path);
        Line("format", $"{slide.Format}");
        Line("size", $"{slide.Levels[0].Width} × {slide.Levels[0].Height} px");
        if (slide.PixelSize is { } size)
            Line(
                "pixel size",
                $"{size.Value.Value:0.######} µm (from {size.Source}); {slide.Levels[0].Width * size.Value.Value / 1000:0.0} × {slide.Levels[0].Height * size.Value.Value / 1000:0.0} mm"
            );
        else
            Line(
                "pixel size",
                $"{(slide.PixelSizeProblem is { } problem ? $"not believed (the file {problem})" : "not told")}; give it with --mpp-override"
            );
        if (slide.BoundsCorner is not (0, 0) and var corner)
            Line("bounds", $"begin at ({corner.X}, {corner.Y}) of the scan's plane; coordinates count from there");
        if (slide.Objective is { } objective)
            Line("objective", $"{objective}×");
        foreach (var level in slide.Levels)
            Line(
                level.Index == 0 ? "levels" : "",
                $"{level.Index}: {level.Width} × {level.Height}, 1/{level.Downsample:0.##}, tiles {level.TileWidth} × {level.TileHeight}, {level.Codec}"
            );
        if (slide.AssociatedImages.Count > 0)
            Line("also holds", $"{string.Join(", ", slide.AssociatedImages)}");
    }

    private static void WriteAssociated(ISlide slide, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in slide.AssociatedImages)
        {
            // names come from the file: nothing of them may lead out of the folder
            var safe = string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) ? letter : '_'));
            PictureFile.WritePng(Path.Combine(folder, $"{slide.Name}.{safe}.png"), slide.ReadAssociated(name));
        }
    }

    /// <summary>A slide as --json shows it.</summary>
    private sealed record SlideFacts(
        string Path,
        string Name,
        string Format,
        long Bytes,
        int Width,
        int Height,
        double? Mpp,
        string? MppSource,
        string? MppProblem,
        long BoundsX,
        long BoundsY,
        double? Objective,
        IReadOnlyList<SlideLevel> Levels,
        IReadOnlyList<string> AssociatedImages
    )
    {
        public static SlideFacts Of(ISlide slide) =>
            new(
                slide.Path,
                slide.Name,
                slide.Format,
                FileLength.Of(slide.Path),
                slide.Levels[0].Width,
                slide.Levels[0].Height,
                slide.PixelSize?.Value.Value,
                slide.PixelSize?.Source,
                slide.PixelSizeProblem,
                slide.BoundsCorner.X,
                slide.BoundsCorner.Y,
                slide.Objective,
                slide.Levels,
                slide.AssociatedImages
            );
    }
}
