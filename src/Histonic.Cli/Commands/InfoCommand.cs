using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Histonic.Slides;
using Histonic.Slides.Reading;

namespace Histonic.Cli.Commands;

/// <summary>info: what a slide's file tells.</summary>
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
        Description = "Slide files: TIFF, SVS, PNG, JPEG.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> _asJson = new("--json") { Description = "Print a JSON array of slides." };

    private static readonly Option<double?> _pixelSize = new("--mpp-override")
    {
        Description = "The pixel size in µm per pixel, instead of what the files tell.",
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "info",
            "Shows format, size, levels, pixel size (and where it was found), objective and codec of slides.".WithExamples(
                "info slide.svs",
                "info slides/*.tif --json"
            )
        )
        {
            _slides,
            _asJson,
            _pixelSize,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var asJson = context.Get(_asJson);
        var found = new List<SlideFacts>();
        var exit = InputBatch.Run(
            context.Terminal,
            "info",
            context.Get(_slides),
            null,
            path =>
            {
                using var slide = SlideReader.Open(
                    path,
                    context.Get(_pixelSize) is { } size ? new Microns(size) : null
                );
                if (asJson)
                    found.Add(SlideFacts.Of(slide));
                else
                    Print(context.Terminal, slide);
            },
            cancellationToken
        );
        if (asJson)
            context.Terminal.Result(JsonSerializer.Serialize(found, _json));
        return exit;
    }

    private static void Print(Terminal terminal, ISlide slide)
    {
        void Line(string name, FormattableString value) =>
            terminal.Result($"  {name, -12} {value.ToString(CultureInfo.InvariantCulture)}");

        terminal.Result(slide.Path);
        Line("format", $"{slide.Format}");
        Line("size", $"{slide.Levels[0].Width} × {slide.Levels[0].Height} px");
        if (slide.PixelSize is { } size)
            Line(
                "pixel size",
                $"{size.Value} (from {size.Source}); {slide.Levels[0].Width * size.Value.Value / 1000:0.0} × {slide.Levels[0].Height * size.Value.Value / 1000:0.0} mm"
            );
        else
            Line("pixel size", $"not told; give it with --mpp-override");
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
                new FileInfo(slide.Path).Length,
                slide.Levels[0].Width,
                slide.Levels[0].Height,
                slide.PixelSize?.Value.Value,
                slide.PixelSize?.Source,
                slide.Objective,
                slide.Levels,
                slide.AssociatedImages
            );
    }
}
