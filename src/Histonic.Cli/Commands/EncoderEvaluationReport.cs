using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Evaluation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Reports.Encoders;
using Histonic.Slides;

namespace Histonic.Cli.Commands;

/// <summary>The page of an encoder evaluation.</summary>
internal static class EncoderEvaluationReport
{
    public const string FileName = "report.html";

    /// <summary>Writes report.html into a folder.</summary>
    public static void Write(string folder, EncoderEvaluation result, CommandContext context) =>
        EncoderReportPage.Write(
            Path.Combine(folder, FileName),
            new EncoderReport(
                [.. result.Encoders.Select(encoder => new EncoderEntry(encoder.Label, Describe(encoder.Info)))],
                [
                    .. result.Tasks.Select(task => new TaskEntry(
                        task.Name,
                        task.Classes,
                        task.Patches[SplitPart.Test],
                        task.Groups[SplitPart.Test],
                        task.FewGroups
                    )),
                ],
                [.. result.Encoders.SelectMany(Figures)],
                [
                    .. result.Differences.Select(one => new EncoderDifference(
                        one.Minus,
                        one.Task,
                        Title(one.Method),
                        one.Difference
                    )),
                ],
                [.. result.Encoders.SelectMany(Maps)],
                [.. Notes(result)],
                [
                    ("Histonic", ProductVersion.Current),
                    ("Seed", context.Seed.Value.ToString(CultureInfo.InvariantCulture)),
                    .. result.Encoders.Select(encoder =>
                        ($"Encoder {encoder.Label}", $"{encoder.Source} (SHA-256 {encoder.Info.Sha256})")
                    ),
                    .. result.Tasks.Select(task =>
                        (
                            $"Task {task.Name}",
                            task.Source.PixelSize is { } size
                                ? string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"{task.Source.Location} at {size.Value} µm per pixel"
                                )
                                : $"{task.Source.Location}, stretched to the encoder's patch"
                        )
                    ),
                    .. result.Failures.Select(failure => ("Left out", failure.Reason)),
                    ("Command", $"histonic {string.Join(' ', context.Parsed.Tokens.Select(token => token.Value))}"),
                ]
            )
        );

    private static IEnumerable<EncoderFigure> Figures(EvaluatedEncoder encoder) =>
        encoder.Figures.SelectMany(figures =>
            figures.Test.Select(one => new EncoderFigure(
                encoder.Label,
                figures.Task,
                Title(figures.Method),
                one.Key switch
                {
                    "auc" => EncoderReport.MainMetric,
                    "balanced_accuracy" => "Balanced accuracy",
                    _ => "Accuracy",
                },
                one.Value.Estimate,
                one.Value.Spread
            ))
        );

    private static IEnumerable<PatchMap> Maps(EvaluatedEncoder encoder) =>
        encoder.Maps.Select(map => new PatchMap(
            encoder.Label,
            map.Task,
            [
                .. map.Points.Select(point => new PatchPoint(
                    Path.GetFileName(point.Patch),
                    point.Class,
                    Path.GetFileName(point.Group),
                    (point.Component1, point.Component2),
                    point is { TSne1: { } x, TSne2: { } y } ? (x, y) : null
                )),
            ],
            map.Of,
            map.Explained
        ));

    private static IEnumerable<string> Notes(EncoderEvaluation result)
    {
        yield return "Patients or slides were dealt to training, validation and test, the same for every encoder; classifiers were fitted to the first, "
            + "chosen on the second and measured once on the third. Embeddings were scaled to mean 0 and standard deviation 1 over the training patches.";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Intervals are 95 % percentiles of {EncoderEvaluationOptions.Resamples} resamples of whole patients or slides. They do not show what another "
        )
            + "split would give. A value by the small network is the mean over its trainings; sd is their standard deviation.";
        if (result.Tasks.Where(task => task.Ungrouped > 0).Select(task => task.Name).ToList() is { Count: > 0 } names)
        {
            yield return $"{string.Join(", ", names)}: patches whose names tell no patient or slide count as one each; figures may be too good, "
                + "intervals too narrow.";
        }

        if (result.Encoders.Any(encoder => encoder.Info.Tasks.Count > 0) && result.Options.SplitsFile is null)
        {
            yield return "At least one encoder was trained on labelled tasks. Where a task here holds patches of its training, its figures are too good: "
                + "its own splits.csv by --splits keeps them apart.";
        }
    }

    private static string Title(ProbeMethod method) =>
        method switch
        {
            ProbeMethod.Mlp => "Small network on frozen embeddings",
            ProbeMethod.Knn => "Nearest neighbours",
            _ => "Head trained with the encoder",
        };

    private static string Describe(EncoderInfo info) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{info.PatchSize} × {info.PatchSize} px at {info.PixelSize.Value} µm/px → {info.Channels} numbers; objective {info.Objective}"
        ) + (info.Tasks.Count > 0 ? $", tasks {string.Join(", ", info.Tasks.Keys)}" : "");
}
