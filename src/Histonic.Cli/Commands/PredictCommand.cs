using System.CommandLine;
using Histonic.Learning.Prediction;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Cli.Commands;

/// <summary>predict: a trained run on new slides.</summary>
internal static class PredictCommand
{
    private static readonly Option<string> _run = new("--run")
    {
        Description = "A run folder made by train.",
        Required = true,
    };

    private static readonly Option<string> _features = new("--features")
    {
        Description = "The folder of compressed slides (SLIDE.h5), or one of them, made by the encoder of the run.",
        Required = true,
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The CSV file of predictions.",
        Required = true,
    };

    private static readonly Option<string?> _labels = new("--labels")
    {
        Description = "Truths to write beside the predictions, where they are known.",
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "predict",
            "Predicts new compressed slides by all networks of a run: their mean, and their spread in column std.".WithExamples(
                "predict --run runs/hgp --features new-features --out predictions.csv",
                "predict --run runs/hgp --features new-features/slide.h5 --out slide.csv"
            )
        )
        {
            _run,
            _features,
            _out,
            _labels,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        TorchDevice.Require(context.Device);
        TorchSharp.torch.set_num_threads(context.Threads);
        using var run = PredictorRun.Open(context.Get(_run));
        var features = FeatureFolder.Open(context.Get(_features));
        var labels = context.Get(_labels) is { } path ? LabelTable.Read(path) : null;
        var truths = run
            .Targets.Select(target =>
                labels?.Truths(target.Spec).ToDictionary(truth => truth.Slide, StringComparer.Ordinal) ?? []
            )
            .ToArray();
        List<IReadOnlyList<Prediction>> rows = [];
        var file = context.Get(_out);
        var exit = InputBatch.Run(
            context.Terminal,
            "predict",
            [.. features.Slides.Select(features.PathOf)],
            Path.GetDirectoryName(Path.GetFullPath(file)),
            slide =>
            {
                var predictions = run.Predict(features.Grid(SlideName.Of(slide)), cancellationToken);
                rows.Add([
                    .. predictions.Zip(
                        truths,
                        (one, known) => known.TryGetValue(one.Slide, out var truth) ? one.With(truth) : one
                    ),
                ]);
            },
            cancellationToken
        );
        if (rows.Count > 0)
        {
            PredictionTable.Write(file, run.Tables(rows));
            context.Terminal.Result($"{rows.Count} slides predicted  {file}");
        }

        return exit;
    }
}
