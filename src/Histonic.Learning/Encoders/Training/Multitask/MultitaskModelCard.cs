using System.Globalization;
using System.Text;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>Says in Markdown what an encoder is, what it was trained on, how good it is, and where it should not be trusted.</summary>
internal static class MultitaskModelCard
{
    private static readonly (string Key, string Name)[] _figures =
    [
        ("auc", "AUC"),
        ("balanced_accuracy", "Balanced accuracy"),
        ("accuracy", "Accuracy"),
    ];

    public static string Write(
        MultitaskOptions options,
        MultitaskResult result,
        IReadOnlyList<PatchTask> tasks,
        IReadOnlyList<EpochRecord> epochs,
        string version
    )
    {
        var text = new StringBuilder();
        var encoder = options.Encoder;
        Line(text, $"# {options.Name}");
        Line(text);
        Line(
            text,
            $"A patch encoder for neural image compression, trained on {tasks.Count} labelled tasks at once: "
                + $"{encoder.PatchSize} × {encoder.PatchSize} pixels at {encoder.PixelSize} per pixel become {encoder.Channels} numbers."
        );
        Line(text);
        Line(
            text,
            $"- Network: 2 × 2 average pooling, 4 × (convolution {encoder.Width} @ 3 × 3, stride 2; LeakyReLU 0.2; "
                + $"batch norm), dense {encoder.Channels}"
        );
        Line(text, $"- Licence of the weights: {options.Licence}");
        Line(text, $"- Seed {options.Seed.Value}; Histonic {version}; config.json holds every setting");
        Line(text);
        Data(text, options, tasks);
        Training(text, options, result, epochs);
        Figures(text, result, tasks);
        Limits(text, result, tasks);
        return text.ToString();
    }

    private static void Data(StringBuilder text, MultitaskOptions options, IReadOnlyList<PatchTask> tasks)
    {
        Line(text, "## Data");
        Line(text);
        if (options.DataNote is { } note)
        {
            Line(text, note);
            Line(text);
        }

        Line(text, "| task | classes (patches) | µm per pixel | train | validation | test | groups | unreadable |");
        Line(text, "|---|---|---|---|---|---|---|---|");
        foreach (var task in tasks)
        {
            var classes = task.Classes.Select(
                (name, label) => $"{name} ({task.Samples.Count(sample => sample.Class == label)})"
            );
            var groups = task.Samples.Select(sample => sample.Group).Distinct(StringComparer.Ordinal).Count();
            Line(
                text,
                $"| {task.Name} | {string.Join(", ", classes)} | {task.Source.PixelSize?.Value.ToString(CultureInfo.InvariantCulture) ?? "unknown: fitted to the patch"} "
                    + $"| {Count(SplitPart.Train)} | {Count(SplitPart.Validation)} | {Count(SplitPart.Test)} | {groups} | {task.Broken.Count} |"
            );

            int Count(SplitPart part) => task.Of(part).Count();
        }

        Line(text);
        Line(
            text,
            "Patches were split by group (patient or slide, from the file's name) across all tasks, stratified by class; "
                + "splits.csv tells where each went."
        );
        Line(text);
    }

    private static void Training(
        StringBuilder text,
        MultitaskOptions options,
        MultitaskResult result,
        IReadOnlyList<EpochRecord> epochs
    )
    {
        Line(text, "## Training");
        Line(text);
        Line(
            text,
            $"One head a task (dense {MultitaskNetwork.HeadWidth}, batch norm, LeakyReLU, linear), cross-entropy, equal weights; "
                + $"batches of {options.Batch} with all tasks and all classes in equal shares; Adam from {options.LearningRate}, "
                + $"a tenth after {options.Patience} epochs without a better one, down to {options.LeastLearningRate}. "
                + $"Augmentation: the 8 symmetries of the square, crops, stains ± {options.Colour.Stain}, "
                + $"brightness ± {options.Colour.Brightness}, contrast ± {options.Colour.Contrast}."
        );
        Line(text);
        Line(
            text,
            $"{epochs.Count} epochs, {epochs[^1].Steps} steps ({End(result.End)}); the weights are those of epoch {result.BestEpoch}, "
                + $"the best by the mean validation AUC. {result.PatchesPerSecond:0} patches a second, "
                + $"{result.Waited:0.0 %} of the time waiting for them."
        );
        Line(text);
    }

    private static void Figures(StringBuilder text, MultitaskResult result, IReadOnlyList<PatchTask> tasks)
    {
        Line(text, "## Figures");
        Line(text);
        Line(
            text,
            "With 95 % intervals (bootstrap by group). Validation patches chose the weights, so theirs are optimistic; "
                + "test patches were looked at once."
        );
        Line(text);
        Line(
            text,
            $"| task | part | patches | groups | {string.Join(" | ", _figures.Select(figure => figure.Name))} |"
        );
        Line(text, $"|---|---|---|---|{string.Concat(_figures.Select(_ => "---|"))}");
        foreach (var (task, figures) in tasks.Zip(result.Tasks))
        {
            Row(text, task, SplitPart.Test, figures.Test);
            Row(text, task, SplitPart.Validation, figures.Validation);
        }

        Line(text);
    }

    private static void Row(
        StringBuilder text,
        PatchTask task,
        SplitPart part,
        IReadOnlyDictionary<string, Estimate> estimates
    )
    {
        if (estimates.Count == 0)
            return;
        var cells = _figures.Select(figure =>
            estimates.TryGetValue(figure.Key, out var one)
                ? string.Create(CultureInfo.InvariantCulture, $"{one.Value:0.000} ({one.Low:0.000}–{one.High:0.000})")
                : "–"
        );
        Line(
            text,
            $"| {task.Name} | {MultitaskFiles.Name(part)} | {estimates.Values.First().N} | {task.GroupsOf(part)} | {string.Join(" | ", cells)} |"
        );
    }

    private static void Limits(StringBuilder text, MultitaskResult result, IReadOnlyList<PatchTask> tasks)
    {
        Line(text, "## Limits");
        Line(text);
        Line(text, "- For research. Not validated for any clinical use.");
        Line(
            text,
            "- It has seen the stains, scanners and tissues of the data above only; look at a few slides of your own first."
        );
        if (result.End is TrainingEnd.Cancelled or TrainingEnd.Diverged)
            Line(text, $"- Training ended early ({End(result.End)}), and the test patches were not looked at.");
        foreach (var task in tasks)
        {
            if (Math.Min(task.GroupsOf(SplitPart.Validation), task.GroupsOf(SplitPart.Test)) < PatchTask.FewGroups)
                Line(
                    text,
                    $"- {task.Name}: fewer than {PatchTask.FewGroups} patients or slides in its validation or test patches; figures and intervals say little."
                );
            if (task.Ungrouped > 0)
            {
                Line(
                    text,
                    $"- {task.Name}: {task.Ungrouped} patches tell no patient or slide and were split one by one; patches of one patient may lie "
                        + "on both sides, and the figures may be too good."
                );
            }

            if (task.Source.PixelSize is null)
                Line(
                    text,
                    $"- {task.Name}: its pixel size is unknown; its patches were fitted to the encoder's, at whatever scale that is."
                );
        }
    }

    private static string End(TrainingEnd end) =>
        end switch
        {
            TrainingEnd.Completed => "all that were asked for",
            TrainingEnd.EarlyStopped => "nothing got better any more",
            TrainingEnd.Cancelled => "stopped by the user",
            _ => "the loss was no longer a number",
        };

    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append('\n');
}
