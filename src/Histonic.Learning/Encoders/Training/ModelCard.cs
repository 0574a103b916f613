using System.Globalization;
using System.Text;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Learning.Encoders.Training.Objectives.Multitask;
using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Training;

/// <summary>Says in Markdown what an encoder is, what it was trained on, how good it is, and where it should not be trusted.</summary>
internal static class ModelCard
{
    private static readonly Dictionary<string, string> _titles = new(StringComparer.Ordinal)
    {
        ["auc"] = "AUC",
        ["balanced_accuracy"] = "Balanced accuracy",
        ["accuracy"] = "Accuracy",
        ["pair_accuracy"] = "Pair accuracy",
        ["reconstruction_error"] = "Reconstruction error",
    };

    /// <summary>The card of a trained encoder.</summary>
    public static string Write(
        EncoderTrainingOptions options,
        IObjective objective,
        EncoderTrainingResult result,
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
            $"A patch encoder for neural image compression, {Trained(options, tasks)}: "
                + $"{encoder.PatchSize} × {encoder.PatchSize} pixels at {encoder.PixelSize} per pixel become {encoder.Channels} numbers."
        );
        Line(text);
        Line(text, $"- Network: {Network(encoder)}");
        Line(text, $"- Licence of the weights: {options.Licence}");
        Line(text, $"- Seed {options.Seed.Value}; Histonic {version}; config.yaml holds every setting");
        Line(text);
        Data(text, options, tasks);
        Training(text, options, objective, result, epochs);
        Figures(text, result);
        Limits(text, result, tasks);
        return text.ToString();
    }

    /// <summary>The card of the encoder that needs no training.</summary>
    public static string WriteMeanRgb(EncoderTrainingOptions options, string version)
    {
        var text = new StringBuilder();
        Line(text, $"# {options.Name}");
        Line(text);
        Line(
            text,
            $"The baseline of neural image compression: of a patch of {options.Encoder.PatchSize} × {options.Encoder.PatchSize} pixels at "
                + $"{options.Encoder.PixelSize} per pixel the mean of red, green and blue, each in [-1, 1]. Nothing is trained."
        );
        Line(text);
        Line(text, $"- Histonic {version}");
        return text.ToString();
    }

    private static string Trained(EncoderTrainingOptions options, IReadOnlyList<PatchTask> tasks) =>
        options.Objective switch
        {
            TrainingObjective.Mtl => $"trained on {tasks.Count} labelled tasks at once",
            TrainingObjective.Supervised => $"trained on one labelled task ({tasks[0].Name})",
            TrainingObjective.Vae => "trained without labels as a variational autoencoder",
            TrainingObjective.Contrastive =>
                "trained without labels to tell pairs of the same place from pairs of different ones",
            _ => "trained without labels as a bidirectional generative adversarial network (BiGAN)",
        };

    private static string Network(EncoderShape shape) =>
        shape.Architecture switch
        {
            EncoderArchitecture.Published =>
                $"2 × 2 average pooling, 4 × (convolution {shape.Width} @ 3 × 3, stride 2; LeakyReLU 0.2; batch norm), dense {shape.Channels}",
            EncoderArchitecture.Shallow =>
                $"2 × (convolution {shape.Width / 4}, {shape.Width / 2} @ 3 × 3, stride 2; LeakyReLU 0.2; batch norm), dense {shape.Width / 2}, LeakyReLU, batch norm, dense {shape.Channels}",
            _ =>
                $"5 × (convolution {shape.Width / 4}, {shape.Width / 2}, {shape.Width}, {2 * shape.Width}, {4 * shape.Width} @ 3 × 3, stride 2; "
                    + $"LeakyReLU 0.2; batch norm), dense {4 * shape.Width}, LeakyReLU, batch norm, dense {shape.Channels}",
        };

    private static void Data(StringBuilder text, EncoderTrainingOptions options, IReadOnlyList<PatchTask> tasks)
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
                $"| {task.Name} | {string.Join(", ", classes)} | {task.Options.PixelSize?.Value.ToString(CultureInfo.InvariantCulture) ?? "unknown: fitted to the patch"} "
                    + $"| {Count(SplitPart.Train)} | {Count(SplitPart.Validation)} | {Count(SplitPart.Test)} | {groups} | {task.Broken.Count} |"
            );

            int Count(SplitPart part) => task.Of(part).Count();
        }

        Line(text);
        foreach (var task in tasks.Where(task => task.Options.Origin is not null))
            Line(text, $"- {task.Name}: {task.Options.Origin}");
        if (tasks.Any(task => task.Options.Origin is not null))
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
        EncoderTrainingOptions options,
        IObjective objective,
        EncoderTrainingResult result,
        IReadOnlyList<EpochRecord> epochs
    )
    {
        Line(text, "## Training");
        Line(text);
        var clip = options.ClipNorm is { } norm ? $"; gradients longer than {norm} are cut" : "";
        Line(
            text,
            $"{Method(options)} Batches of {objective.Planner.Views} views; Adam from {options.StartRate}{Schedule(options)}{clip}. "
                + $"Augmentation: {options.Augmentation}."
        );
        Line(text);
        Line(
            text,
            $"{epochs.Count} epochs, {epochs[^1].Steps} steps ({End(result.End)}); the weights are those of epoch {result.BestEpoch}. "
                + $"{result.PatchesPerSecond:0} patches a second, {100 * result.Waited:0.0} % of the time waiting for them."
        );
        Line(text);
    }

    private static string Method(EncoderTrainingOptions options) =>
        options.Objective switch
        {
            TrainingObjective.Mtl or TrainingObjective.Supervised =>
                $"One head a task (dense {MultitaskNetwork.HeadWidth}, batch norm, LeakyReLU, linear), cross-entropy, "
                    + $"{EncoderTrainingFile.Word(options.Weighting)} weights; every batch holds all tasks and all classes in their shares.",
            TrainingObjective.Vae =>
                $"Squared error of the patch drawn again, plus {options.VaeGamma} times the Kullback-Leibler divergence; decoder of {options.DecoderWidth} times P2's width.",
            TrainingObjective.Contrastive =>
                $"Cross-entropy of pairs, half of them the same place twice; of the others {100 * options.NeighbourShare} % from one slide or patient.",
            _ =>
                $"Encoder and generator against a discriminator; generator of {options.DecoderWidth} times P2's width.",
        };

    private static string Schedule(EncoderTrainingOptions options) =>
        options.Objective == TrainingObjective.Bigan
            ? ", fixed; the last epoch is kept"
            : $", a tenth after {options.Patience} epochs without a better one, down to {options.LeastLearningRate}; the best epoch by validation is kept";

    private static void Figures(StringBuilder text, EncoderTrainingResult result)
    {
        string[] names =
        [
            .. result
                .Figures.SelectMany(one => one.Validation.Keys.Concat(one.Test.Keys))
                .Distinct(StringComparer.Ordinal),
        ];
        if (names.Length == 0)
            return;
        Line(text, "## Figures");
        Line(text);
        Line(
            text,
            "With 95 % intervals (bootstrap by group). Validation patches chose the weights, so theirs are optimistic; "
                + "test patches were looked at once."
        );
        Line(text);
        var titles = names.Select(name => _titles.GetValueOrDefault(name, name));
        Line(text, $"| data | part | n | groups | {string.Join(" | ", titles)} |");
        Line(text, $"|---|---|---|---|{string.Concat(names.Select(_ => "---|"))}");
        foreach (var figures in result.Figures)
        {
            Row(text, figures.Name, SplitPart.Test, figures.Test, figures.TestGroups, names);
            Row(text, figures.Name, SplitPart.Validation, figures.Validation, figures.ValidationGroups, names);
        }

        Line(text);
    }

    private static void Row(
        StringBuilder text,
        string name,
        SplitPart part,
        IReadOnlyDictionary<string, Estimate> estimates,
        int groups,
        string[] names
    )
    {
        if (estimates.Count == 0)
            return;
        var cells = names.Select(figure =>
            estimates.TryGetValue(figure, out var one)
                ? string.Create(CultureInfo.InvariantCulture, $"{one.Value:0.000} ({one.Low:0.000}–{one.High:0.000})")
                : "–"
        );
        Line(
            text,
            $"| {name} | {TrainingFiles.Name(part)} | {estimates.Values.First().N} | {groups} | {string.Join(" | ", cells)} |"
        );
    }

    private static void Limits(StringBuilder text, EncoderTrainingResult result, IReadOnlyList<PatchTask> tasks)
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

            if (task.Options.PixelSize is null)
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
