using System.Globalization;
using System.Text;
using System.Text.Json;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>
/// The files of a training: encoder.onnx (to compress slides with), encoder.safetensors (encoder and heads, to train on
/// from), log.csv (a line an epoch), splits.csv (which patch was used for what), metrics.json, model-card.md, config.json.
/// </summary>
/// <param name="folder">Where they come to be.</param>
/// <param name="options">How it was trained.</param>
internal sealed class MultitaskFiles(string folder, MultitaskOptions options)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private static readonly string[] _taskColumns =
    [
        "loss",
        "validation_loss",
        "validation_accuracy",
        "validation_balanced_accuracy",
        "validation_auc",
    ];

    /// <summary>Gets where they come to be.</summary>
    public string Folder { get; } = folder;

    /// <summary>One line on a task: how much of it goes where.</summary>
    public static string Describe(PatchTask task)
    {
        var counts = Enum.GetValues<SplitPart>()
            .Select(part => $"{task.Of(part).Count()} {Name(part)} ({task.GroupsOf(part)} groups)");
        return $"task {task.Name}: {task.Samples.Count} patches of {string.Join(", ", task.Classes)}; {string.Join(", ", counts)}";
    }

    public void WriteConfig() =>
        AtomicFile.WriteText(
            At("config.json"),
            JsonSerializer.Serialize(
                new
                {
                    objective = "mtl",
                    name = options.Name,
                    tasks = options.Tasks.Select(task => new
                    {
                        name = task.Name,
                        folder = task.Folder,
                        mpp = task.PixelSize?.Value,
                    }),
                    group_regex = options.GroupRegex,
                    split = new[] { options.Split.Train, options.Split.Validation, options.Split.Test },
                    encoder = new
                    {
                        patch = options.Encoder.PatchSize,
                        mpp = options.Encoder.PixelSize.Value,
                        width = options.Encoder.Width,
                        embedding = options.Encoder.Channels,
                    },
                    epochs = options.Epochs,
                    max_steps = options.MaxSteps,
                    steps_per_epoch = options.StepsPerEpoch,
                    batch = options.Batch,
                    learning_rate = options.LearningRate,
                    least_learning_rate = options.LeastLearningRate,
                    patience = options.Patience,
                    colour = new
                    {
                        stain = options.Colour.Stain,
                        brightness = options.Colour.Brightness,
                        contrast = options.Colour.Contrast,
                    },
                    threads = options.Threads,
                    device = options.Device,
                    seed = options.Seed.Value,
                    histonic_version = ProductVersion.Current,
                },
                _indented
            ) + "\n"
        );

    public void WriteSplits(IReadOnlyList<PatchTask> tasks)
    {
        var text = new StringBuilder("task,class,group,part,file\n");
        foreach (var task in tasks)
        {
            foreach (var sample in task.Samples)
            {
                // a patch whose name tells no patient has its path for a group: beside the path it would say nothing
                var group = string.Equals(sample.Group, sample.Path, StringComparison.Ordinal) ? "" : sample.Group;
                Line(
                    text,
                    task.Name,
                    task.Classes[sample.Class],
                    group,
                    Name(sample.Part),
                    Path.GetRelativePath(task.Source.Folder, sample.Path)
                );
            }
        }

        AtomicFile.WriteText(At("splits.csv"), text.ToString());
    }

    public void WriteLog(IReadOnlyList<PatchTask> tasks, IReadOnlyList<EpochRecord> epochs)
    {
        var text = new StringBuilder();
        Line(
            text,
            [
                "epoch",
                "steps",
                "learning_rate",
                "loss",
                "validation_score",
                "best",
                .. tasks.SelectMany(task => _taskColumns.Select(column => $"{task.Name}_{column}")),
                "patches_per_second",
                "waited_share",
            ]
        );
        foreach (var epoch in epochs)
        {
            Line(
                text,
                [
                    Text(epoch.Epoch),
                    Text(epoch.Steps),
                    Text(epoch.LearningRate),
                    Text(epoch.Loss),
                    Text(epoch.Choice),
                    epoch.Best ? "1" : "0",
                    .. epoch
                        .Validation.Zip(epoch.Losses)
                        .SelectMany(pair =>
                            new[]
                            {
                                Text(pair.Second),
                                Text(pair.First.Loss),
                                Text(pair.First.Accuracy),
                                Text(pair.First.BalancedAccuracy),
                                pair.First.Auc is { } auc ? Text(auc) : "",
                            }
                        ),
                    epoch.PatchesPerSecond.ToString("0.#", CultureInfo.InvariantCulture),
                    epoch.Waited.ToString("0.####", CultureInfo.InvariantCulture),
                ]
            );
        }

        AtomicFile.WriteText(At("log.csv"), text.ToString());
    }

    public void WriteWeights(MultitaskNetwork network, IReadOnlyList<PatchTask> tasks) =>
        Safetensors.Write(
            At("encoder.safetensors"),
            network,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["name"] = options.Name,
                ["objective"] = "mtl",
                ["tasks"] = JsonSerializer.Serialize(
                    tasks.Select(task => new { name = task.Name, classes = task.Classes })
                ),
                ["patch"] = Text(options.Encoder.PatchSize),
                ["mpp"] = Text(options.Encoder.PixelSize.Value),
                ["width"] = Text(options.Encoder.Width),
                ["embedding"] = Text(options.Encoder.Channels),
                ["seed"] = Text(options.Seed.Value),
                ["licence"] = options.Licence,
                ["histonic_version"] = ProductVersion.Current,
            }
        );

    public void WriteEncoder(PatchEncoderNetwork encoder, IReadOnlyList<PatchTask> tasks) =>
        OnnxEncoderFile.Write(
            At("encoder.onnx"),
            encoder.ToWeights(),
            new EncoderInfo
            {
                Name = options.Name,
                PatchSize = options.Encoder.PatchSize,
                PixelSize = options.Encoder.PixelSize,
                Channels = options.Encoder.Channels,
                Objective = "mtl",
                Tasks = tasks.ToDictionary(task => task.Name, task => task.Classes, StringComparer.Ordinal),
                TrainingData = options.DataNote ?? string.Join("; ", tasks.Select(Data)),
                Licence = options.Licence,
                Seed = options.Seed.Value,
                CodeVersion = ProductVersion.Current,
            }
        );

    public void WriteMetrics(MultitaskResult result) =>
        AtomicFile.WriteText(
            At("metrics.json"),
            JsonSerializer.Serialize(
                new
                {
                    best_epoch = result.BestEpoch,
                    end = result.End.ToString(),
                    patches_per_second = Math.Round(result.PatchesPerSecond, 1),
                    waited_share = Math.Round(result.Waited, 4),
                    tasks = result.Tasks.ToDictionary(
                        task => task.Name,
                        task => new { validation = Json(task.Validation), test = Json(task.Test) },
                        StringComparer.Ordinal
                    ),
                },
                _indented
            ) + "\n"
        );

    public void WriteCard(MultitaskResult result, IReadOnlyList<PatchTask> tasks, IReadOnlyList<EpochRecord> epochs) =>
        AtomicFile.WriteText(
            At("model-card.md"),
            MultitaskModelCard.Write(options, result, tasks, epochs, ProductVersion.Current)
        );

    internal static string Name(SplitPart part) =>
        part switch
        {
            SplitPart.Train => "train",
            SplitPart.Validation => "validation",
            _ => "test",
        };

    private static string Data(PatchTask task) => $"{task.Name}: {task.Of(SplitPart.Train).Count()} patches";

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

    private static void Line(StringBuilder text, params IEnumerable<string> cells) =>
        text.AppendJoin(
                ',',
                cells.Select(cell =>
                    cell.AsSpan().ContainsAny(",\"\n\r")
                        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
                        : cell
                )
            )
            .Append('\n');

    private static string Text(double number) =>
        double.IsNaN(number) ? "" : number.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string At(string name) => Path.Combine(Folder, name);
}
