using System.CommandLine;
using Histonic.Learning.Explanation;
using Histonic.Learning.Prediction;
using Histonic.Reports.HeatMaps;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;

namespace Histonic.Cli.Commands;

/// <summary>explain: where a run looked.</summary>
internal static class ExplainCommand
{
    private static readonly Option<string> _run = new("--run")
    {
        Description = "A run folder made by train, with the network cnn (Grad-CAM) or abmil (attention).",
        Required = true,
    };

    private static readonly Option<string> _features = new("--features")
    {
        Description = "The folder of compressed slides (SLIDE.h5).",
        Required = true,
    };

    private static readonly Option<string?> _slides = new("--slides")
    {
        Description = "The folder of the slides themselves: a heat map over each thumbnail is written too.",
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description =
            "The folder that receives SLIDE.csv (row, column, x, y, value, spread over networks), SLIDE.geojson for QuPath, SLIDE.tiff (one pixel a cell), SLIDE.patches.csv (the patches that spoke most and least), and with --slides SLIDE.png and SLIDE.patches.png.",
        Required = true,
    };

    private static readonly Option<string[]> _only = new("--slide")
    {
        Description = "Only these slides.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> _target = new("--target")
    {
        Description =
            "Of a run of several targets, the name of the one that is explained by Grad-CAM. Attention is the same for all.",
    };

    private static readonly Option<string?> _class = new("--class")
    {
        Description = "The class whose evidence is shown by Grad-CAM. Default: the predicted one.",
    };

    private static readonly Option<bool> _once = new("--no-symmetries")
    {
        Description = "Explain the grid as it is only, 8 times as fast, instead of averaging over its 8 symmetries.",
    };

    private static readonly Option<int> _side = new("--thumbnail")
    {
        Description = "The longer side of the pictures, in pixels.",
        DefaultValueFactory = _ => 1024,
    };

    private static readonly Option<int> _extremes = new("--patches")
    {
        Description = "How many of the patches that spoke most, and least, are listed and shown.",
        DefaultValueFactory = _ => 8,
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "explain",
            "Shows which parts of a slide spoke for its prediction (Grad-CAM; of abmil what it looked at), averaged over the folds.".WithExamples(
                "explain --run runs/hgp --features features --slides slides --out maps",
                "explain --run runs/hgp --features features --slide case-7 --class desmoplastic --out maps"
            )
        )
        {
            _run,
            _features,
            _slides,
            _out,
            _only,
            _target,
            _class,
            _once,
            _side,
            _extremes,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        TorchDevice.Require(context.Device);
        TorchSharp.torch.set_num_threads(context.Threads);
        if (context.Get(_side) is < 64 or > 16384)
            throw new OptionException("--thumbnail", context.Get(_side), "from 64 to 16384 pixels");
        if (context.Get(_extremes) is < 1 or > 1000)
            throw new OptionException("--patches", context.Get(_extremes), "from 1 to 1000");
        using var run = PredictorRun.Open(context.Get(_run));
        var features = FeatureFolder.Open(context.Get(_features));
        var options = new GradCamOptions
        {
            Target = context.Get(_target),
            Class = context.Get(_class),
            Symmetries = !context.Get(_once),
        };
        var pictures = context.Get(_slides) is { } folder ? SlideFolder.Open(folder) : null;
        var wanted = (context.Get(_only) ?? []).Select(SlideName.Of).ToArray();
        if (wanted.FirstOrDefault(slide => !features.Contains(slide)) is { } missing)
            throw new InputException(missing, $"is not in {features.Folder}", "Compress it, or check the name");
        var output = context.Get(_out);
        var byAttention = run.Networks[0] is AttentionMil;
        if (options.Target is not null || !byAttention)
            _ = run.IndexOf(options.Target);
        return InputBatch.Run(
            context.Terminal,
            "explain",
            [.. (wanted.Length > 0 ? wanted : features.Slides).Select(features.PathOf)],
            output,
            path =>
            {
                var slide = features.Grid(SlideName.Of(path));
                string Target(string ending) => Path.Combine(output, slide.Slide + ending);
                var map = byAttention
                    ? AttentionMap.Of(run, slide, options.Symmetries, cancellationToken)
                    : GradCam.Of(run, slide, options, cancellationToken);
                HeatMapFile.Write(Target(".csv"), map);
                HeatMapGeoJson.Write(Target(".geojson"), map, byAttention ? "Attention" : "Grad-CAM");
                HeatMapTiff.Write(Target(".tiff"), map);
                var extremes = ExtremePatches.Of(map, context.Get(_extremes));
                extremes.WriteCsv(Target(".patches.csv"), map);
                if (pictures is null)
                    return;
                var picture =
                    pictures.Find(slide.Slide)
                    ?? throw new InputException(slide.Slide, "has no slide in the folder --slides", "Put it there");
                using var opened = SlideReader.Open(picture);
                PictureFile.WritePng(Target(".patches.png"), extremes.Draw(opened, map));
                var thumbnail = HeatMapPicture.Thumbnail(opened, context.Get(_side));
                PictureFile.WritePng(Target(".png"), HeatMapFigure.Of(HeatMapPicture.Render(thumbnail, map), map));
            },
            cancellationToken
        );
    }
}
