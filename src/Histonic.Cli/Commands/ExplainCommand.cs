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
    private static readonly Dictionary<string, ExplanationMethod> _methods = new(StringComparer.Ordinal)
    {
        ["grad-cam"] = ExplanationMethod.GradCam,
        ["attention"] = ExplanationMethod.Attention,
        ["occlusion"] = ExplanationMethod.Occlusion,
    };

    private static readonly Option<string> _run = new("--run")
    {
        Description = "A run folder made by train.",
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
            "The folder that receives SLIDE.csv (row, column, x, y, value, spread over networks and over symmetries), SLIDE.geojson for QuPath, SLIDE.tiff (one pixel a cell), SLIDE.patches.csv (the patches that spoke most and least), and with --slides SLIDE.png and SLIDE.patches.png.",
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
            "Of a run of several targets, the name of the one that is explained. Attention is the same for all.",
    };

    private static readonly Option<string?> _method = new("--method")
    {
        Description =
            "grad-cam (of cnn), attention (of abmil) or occlusion (what the output loses when squares of cells are taken for background). Default: the first that the network has.",
    };

    private static readonly Option<int> _layer = new("--layer")
    {
        Description = "The convolution whose maps Grad-CAM weighs; later ones see more around a cell, and are coarser.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> _block = new("--block")
    {
        Description =
            "The side in cells of the squares that occlusion takes out. Default: a sixteenth of the grid's longer side.",
    };

    private static readonly Option<string?> _class = new("--class")
    {
        Description =
            "For what evidence is shown: a class, of numbers and risks higher or lower, or predicted. Default: the predicted class; higher.",
    };

    private static readonly Option<int> _symmetries = new("--symmetries")
    {
        Description =
            "8: the mean over the grid turned and mirrored, with the embeddings of the turned patches where compress made them; 1: the grid as it is, 8 times as fast.",
        DefaultValueFactory = _ => GridSymmetry.Count,
    };

    private static readonly Option<string?> _truth = new("--truth")
    {
        Description =
            "A folder of masks SLIDE.png with classes.csv (value, class), as synth cohort writes: maps are checked against the region of --region. Adds overlap.csv and overlap-summary.csv.",
    };

    private static readonly Option<string[]> _region = new("--region")
    {
        Description = "The classes of --truth that decide the target; together they are the region.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> _randomWeights = new("--random-weights")
    {
        Description =
            "Check maps against those of networks with random weights, which must not look like them. Adds overlap.csv and overlap-summary.csv.",
    };

    private static readonly Option<string?> _labels = new("--labels")
    {
        Description =
            "The labels, for the patients: intervals of --truth and --random-weights are over whole patients. Default: every slide is of its own.",
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

    static ExplainCommand()
    {
        _method.AcceptOnlyFromAmong([.. _methods.Keys]);
        _symmetries.AcceptOnlyFromAmong("1", "8");
    }

    public static Command Create(Terminal terminal) =>
        new Command(
            "explain",
            "Shows which parts of a slide spoke for its prediction (Grad-CAM, attention or occlusion), averaged over folds and symmetries.".WithExamples(
                "explain --run runs/hgp --features features --slides slides --out maps",
                "explain --run runs/hgp --features features --slide case-7 --class desmoplastic --out maps",
                "explain --run runs/hgp --features features --method occlusion --block 4 --out check",
                "explain --run runs/hgp --features features --truth cohort/truth/regions --region front --random-weights --out check"
            )
        )
        {
            _run,
            _features,
            _slides,
            _out,
            _only,
            _target,
            _method,
            _layer,
            _block,
            _class,
            _symmetries,
            _truth,
            _region,
            _randomWeights,
            _labels,
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
        var method = context.Get(_method) is { } named ? _methods[named] : Explainer.UsualOf(run);
        var options = new ExplanationOptions
        {
            Method = method,
            Target = context.Get(_target),
            Layer = context.Get(_layer),
            Block = context.Get(_block),
            For = context.Get(_class),
            Symmetries = context.Get(_symmetries) == GridSymmetry.Count,
        };
        Explainer.Require(run, options);
        var pictures = context.Get(_slides) is { } folder ? SlideFolder.Open(folder) : null;
        var wanted = (context.Get(_only) ?? []).Select(SlideName.Of).ToArray();
        if (wanted.FirstOrDefault(slide => !features.Contains(slide)) is { } missing)
            throw new InputException(missing, $"is not in {features.Folder}", "Compress it, or check the name");
        var output = context.Get(_out);
        using var randomised = context.Get(_randomWeights) ? run.WithRandomWeights(context.Seed) : null;
        var check = Check(context, randomised);
        var exit = InputBatch.Run(
            context.Terminal,
            "explain",
            [.. (wanted.Length > 0 ? wanted : features.Slides).Select(features.PathOf)],
            output,
            path =>
            {
                var slide = features.Grid(SlideName.Of(path));
                string Target(string ending) => Path.Combine(output, slide.Slide + ending);
                // attention speaks for no outcome
                var outcome =
                    method == ExplanationMethod.Attention
                        ? null
                        : Explainer.OutcomeOf(run, slide, options, cancellationToken);
                var named = options with { For = outcome };
                var map = Explainer.Of(run, slide, named, cancellationToken);
                check?.Add(map, features.Read(slide.Slide), named, cancellationToken);
                HeatMapFile.Write(Target(".csv"), map);
                HeatMapGeoJson.Write(Target(".geojson"), map, Title(method, outcome));
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
        check?.Write(output, context.Terminal);
        return exit;
    }

    private static MapCheck? Check(CommandContext context, PredictorRun? randomised)
    {
        var (truth, classes) = (context.Get(_truth), context.Get(_region) ?? []);
        if (truth is null && classes.Length > 0)
            throw new OptionException("--region", string.Join(' ', classes), "given with --truth");
        if (truth is not null && classes.Length == 0)
            throw new OptionException("--truth", truth, "given with --region, the classes that decide the target");
        var labels = context.Get(_labels) is { } path ? LabelTable.Read(path) : null;
        return truth is null && randomised is null
            ? null
            : new MapCheck(context.Seed, truth is null ? null : RegionMasks.Open(truth, classes), labels, randomised);
    }

    private static string Title(ExplanationMethod method, string? outcome) =>
        method switch
        {
            ExplanationMethod.GradCam => $"Grad-CAM, {outcome}",
            ExplanationMethod.Attention => "Attention",
            _ => $"Occlusion, {outcome}",
        };
}
