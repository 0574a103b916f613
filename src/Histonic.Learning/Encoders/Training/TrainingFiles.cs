using System.Globalization;
using System.Text.Json;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Training;

/// <summary>
/// The files of a training: encoder.onnx (to compress slides with), encoder.safetensors (all that was trained, at its best), checkpoint.safetensors
/// (to go on from), log.csv (a line an epoch), tensorboard/, splits.csv (which patch was used for what), metrics.json, model-card.md, config.yaml
/// (the settings, to train again with).
/// </summary>
internal sealed class TrainingFiles
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    private readonly EncoderTrainingOptions _options;
    private TensorBoardLog? _board;

    /// <summary>Names the files; nothing is written yet.</summary>
    /// <param name="folder">Where they come to be.</param>
    /// <param name="options">How it is trained.</param>
    public TrainingFiles(string folder, EncoderTrainingOptions options)
    {
        (Folder, _options) = (folder, options);
        Checkpoint = new TrainingCheckpoint(At("checkpoint.safetensors"), EncoderTrainingFile.Essential(options));
    }

    /// <summary>Gets where they come to be.</summary>
    public string Folder { get; }

    /// <summary>Gets the state to go on from.</summary>
    public TrainingCheckpoint Checkpoint { get; }

    /// <summary>One line on a task: how much of it goes where.</summary>
    public static string Describe(PatchTask task)
    {
        var counts = Enum.GetValues<SplitPart>()
            .Select(part => $"{task.Of(part).Count()} {Name(part)} ({task.GroupsOf(part)} groups)");
        return $"task {task.Name}: {task.Samples.Count} patches of {string.Join(", ", task.Classes)}; {string.Join(", ", counts)}";
    }

    public void WriteConfig() => EncoderTrainingFile.Write(At("config.yaml"), _options);

    public void WriteSplits(IReadOnlyList<PatchTask> tasks) => WriteSplits(At("splits.csv"), tasks);

    /// <summary>A line a patch: who is in which part, as --splits takes it.</summary>
    public static void WriteSplits(string path, IReadOnlyList<PatchTask> tasks) =>
        CsvTable.Write(
            path,
            ["task", "class", "group", "part", "file"],
            tasks.SelectMany(task =>
                task.Samples.Select(sample =>
                    new object?[]
                    {
                        task.Name,
                        task.Classes[sample.Class],
                        sample.Entry.Group,
                        Name(sample.Part),
                        PatchSplit.FileOf(task.Options, sample.Id),
                    }
                )
            )
        );

    /// <summary>After each epoch: the log, and the weights when they are the best so far.</summary>
    public void WriteEpoch(
        IObjective objective,
        IReadOnlyList<PatchTask> tasks,
        IReadOnlyList<EpochRecord> epochs,
        EpochRecord last
    )
    {
        CsvTable.Write(
            At("log.csv"),
            [
                "epoch",
                "steps",
                "learning_rate",
                "best",
                .. objective.LossNames,
                .. objective.ScoreNames,
                "patches_per_second",
                "waited_share",
            ],
            epochs.Select(epoch =>
                (IReadOnlyList<object?>)
                    [
                        epoch.Epoch,
                        epoch.Steps,
                        epoch.LearningRate,
                        epoch.Best ? 1 : 0,
                        .. epoch.Losses.Select(Rounded),
                        .. epoch.Scores.Select(Rounded),
                        Math.Round(epoch.PatchesPerSecond, 1),
                        Math.Round(epoch.Waited, 4),
                    ]
            )
        );
        _board ??= new TensorBoardLog(At("tensorboard"));
        _board.Add(objective.LossNames, objective.ScoreNames, last);
        if (last.Best)
            WriteWeights(objective, tasks);

        static object? Rounded(double number) => double.IsNaN(number) ? null : Math.Round(number, 6);
    }

    /// <summary>In the end, while the network holds the best weights.</summary>
    public void WriteResult(
        IObjective objective,
        EncoderTrainingResult result,
        IReadOnlyList<PatchTask> tasks,
        IReadOnlyList<EpochRecord> epochs
    )
    {
        WriteWeights(objective, tasks);
        OnnxEncoderFile.Write(
            At("encoder.onnx"),
            objective.Encoder.ToWeights(),
            Info(tasks, _options.Encoder.Channels)
        );
        WriteMetrics(result);
        AtomicFile.WriteText(
            At("model-card.md"),
            ModelCard.Write(_options, objective, result, tasks, epochs, ProductVersion.Current)
        );
    }

    /// <summary>Mean-RGB, which needs no training.</summary>
    public EncoderTrainingResult WriteMeanRgb()
    {
        OnnxEncoderFile.Write(At("encoder.onnx"), EncoderWeights.MeanRgb(_options.Encoder.PatchSize), Info([], 3));
        var result = new EncoderTrainingResult(Folder, TrainingEnd.Completed, 0, [], 0, 0);
        AtomicFile.WriteText(At("model-card.md"), ModelCard.WriteMeanRgb(_options, ProductVersion.Current));
        return result;
    }

    internal static string Name(SplitPart part) =>
        part switch
        {
            SplitPart.Train => "train",
            SplitPart.Validation => "validation",
            _ => "test",
        };

    private EncoderInfo Info(IReadOnlyList<PatchTask> tasks, int channels)
    {
        var labelled = _options.Objective is TrainingObjective.Mtl or TrainingObjective.Supervised;
        return new EncoderInfo
        {
            Name = _options.Name,
            PatchSize = _options.Encoder.PatchSize,
            PixelSize = _options.Encoder.PixelSize,
            Channels = channels,
            Objective = EncoderTrainingFile.Word(_options.Objective),
            Tasks = (labelled ? tasks : []).ToDictionary(
                task => task.Name,
                task => task.Classes,
                StringComparer.Ordinal
            ),
            TrainingData =
                _options.Objective == TrainingObjective.MeanRgb
                    ? "none"
                    : _options.DataNote
                        ?? string.Join(
                            "; ",
                            tasks.Select(task => $"{task.Name}: {task.Of(SplitPart.Train).Count()} patches")
                        ),
            Licence = _options.Licence,
            Seed = _options.Seed.Value,
            CodeVersion = ProductVersion.Current,
        };
    }

    private void WriteWeights(IObjective objective, IReadOnlyList<PatchTask> tasks) =>
        Safetensors.Write(
            At("encoder.safetensors"),
            objective.Network,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["name"] = _options.Name,
                ["objective"] = EncoderTrainingFile.Word(_options.Objective),
                ["tasks"] = JsonSerializer.Serialize(
                    tasks.Select(task => new { name = task.Name, classes = task.Classes })
                ),
                ["architecture"] = EncoderTrainingFile.Word(_options.Encoder.Architecture),
                ["patch"] = Text(_options.Encoder.PatchSize),
                ["mpp"] = Text(_options.Encoder.PixelSize.Value),
                ["width"] = Text(_options.Encoder.Width),
                ["embedding"] = Text(_options.Encoder.Channels),
                ["seed"] = Text(_options.Seed.Value),
                ["licence"] = _options.Licence,
                ["histonic_version"] = ProductVersion.Current,
            }
        );

    private void WriteMetrics(EncoderTrainingResult result) =>
        AtomicFile.WriteText(
            At("metrics.json"),
            JsonSerializer.Serialize(
                new
                {
                    best_epoch = result.BestEpoch,
                    end = result.End.ToString(),
                    patches_per_second = Math.Round(result.PatchesPerSecond, 1),
                    waited_share = Math.Round(result.Waited, 4),
                    tasks = result.Figures.ToDictionary(
                        task => task.Name,
                        task => new { validation = Json(task.Validation), test = Json(task.Test) },
                        StringComparer.Ordinal
                    ),
                },
                _indented
            ) + "\n"
        );

    private static Dictionary<string, object> Json(IReadOnlyDictionary<string, Estimate> estimates) =>
        estimates.ToDictionary(
            one => one.Key,
            object (one) =>
                new
                {
                    value = one.Value.Value,
                    low = one.Value.Low,
                    high = one.Value.High,
                    n = one.Value.N,
                },
            StringComparer.Ordinal
        );

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private string At(string name) => Path.Combine(Folder, name);
}
