using System.Globalization;

namespace Histonic.Cli.Commands;

/// <summary>What the demo runs, in order: the very command lines a user would type.</summary>
/// <param name="Slides">How many slides the cohort has.</param>
/// <param name="SlideSize">The side of a slide in pixels of level 0.</param>
internal sealed record DemoPlan(int Slides, int SlideSize)
{
    /// <summary>The built-in encoder, trained on synthetic patches of other seeds.</summary>
    public const string Encoder = "histonic-synth";

    public static DemoPlan Quick { get; } = new(Slides: 96, SlideSize: 2048);

    public static DemoPlan Standard { get; } = new(Slides: 240, SlideSize: 3072);

    /// <summary>Gets the three targets: the name of the run, what it is called on the page, and how to ask for it.</summary>
    public static IReadOnlyList<(string Run, string Title, string[] Words)> Targets { get; } =
    [
        ("pattern", "Growth pattern (classification)", ["--task", "classification", "--target", "pattern"]),
        ("proliferation", "Proliferation score (regression)", ["--task", "regression", "--target", "proliferation"]),
        ("survival", "Overall survival (risk)", ["--task", "survival", "--time", "time", "--event", "event"]),
    ];

    /// <summary>The command lines.</summary>
    /// <param name="folder">Where everything goes.</param>
    public IEnumerable<string[]> Steps(string folder)
    {
        var cohort = Path.Combine(folder, "cohort");
        var features = Path.Combine(folder, "features");
        yield return
        [
            "synth",
            "cohort",
            "--out",
            cohort,
            "--slides",
            Slides.ToString(CultureInfo.InvariantCulture),
            "--size",
            SlideSize.ToString(CultureInfo.InvariantCulture),
        ];
        yield return ["compress", Path.Combine(cohort, "slides"), "--encoder", Encoder, "--out", features];
        foreach (var (run, _, words) in Targets)
            yield return
            [
                "train",
                "--features",
                features,
                "--labels",
                Path.Combine(cohort, "labels.csv"),
                .. words,
                "--out",
                Path.Combine(folder, "runs", run),
            ];
    }
}
