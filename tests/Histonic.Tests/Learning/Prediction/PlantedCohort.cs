using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Prediction;

/// <summary>
/// Compressed slides of noise in which a share of the cells is brighter in one channel: the share is the value, a large
/// share is the class "high", and it shortens the time to the event.
/// </summary>
internal sealed record PlantedCohort(int Slides = 48, int Side = 10, int Channels = 6, int Seed = 7)
{
    public const int Channel = 3;

    public static readonly TargetSpec Class = new TargetSpec.Classification("grade");
    public static readonly TargetSpec Value = new TargetSpec.Regression("score");
    public static readonly TargetSpec Risk = new TargetSpec.Survival("months", "died");
    public static readonly IReadOnlyList<TargetSpec> Targets = [Class, Value, Risk];

    /// <summary>Whether the truths are dealt anew, so that they have nothing to do with the slides.</summary>
    public bool Shuffled { get; init; }

    /// <summary>How much brighter.</summary>
    public float Strength { get; init; } = 4;

    /// <summary>The target of a task: classification, regression or survival.</summary>
    public static TargetSpec Target(string task) =>
        Targets.Single(one => string.Equals(one.Task, task, StringComparison.Ordinal));

    /// <summary>Whether a cell is one of the brighter ones.</summary>
    public static bool IsPlanted(CompressedSlide slide, int cell) => slide.Embedding(cell)[Channel] > 12;

    /// <summary>Trains predictors of a target on one thread, with the seed 1, and opens their run.</summary>
    public PredictorRun Train(string folder, TargetSpec target, string model, int epochs)
    {
        PredictorTrainer.Train(
            folder,
            For(target),
            null,
            new PredictorOptions { Model = model, Epochs = epochs },
            new Seed(1),
            1,
            resume: false,
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );
        return PredictorRun.Open(folder);
    }

    public Cohort For(TargetSpec target) => Cohort.Of([target], All(target), "labels.csv", SilentMonitor.Instance);

    /// <summary>The same slides with several truths each, some of them hidden.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="isHidden">Whether the truth of a slide and a target, by their places, is not known.</param>
    public Cohort For(IReadOnlyList<TargetSpec> targets, Func<int, int, bool>? isHidden = null)
    {
        var planted = targets.Select(Planted).ToArray();
        return Cohort.Of(
            targets,
            planted[0]
                .Select(
                    (slide, i) =>
                        new LabelledSlide(
                            slide.Grid,
                            [
                                .. planted.Select(
                                    (of, t) =>
                                        isHidden?.Invoke(i, t) == true
                                            ? new Truth(of[i].Truth.Slide, of[i].Truth.Patient, of[i].Truth.Line)
                                            : of[i].Truth
                                ),
                            ]
                        )
                ),
            "labels.csv",
            SilentMonitor.Instance
        );
    }

    public IReadOnlyList<LabelledSlide> All(TargetSpec target) =>
        [.. Planted(target).Select(slide => new LabelledSlide(slide.Grid, slide.Truth))];

    public IReadOnlyList<(CompressedSlide Grid, Truth Truth)> Planted(TargetSpec target)
    {
        var random = new Random(Seed);
        var slides = Enumerable
            .Range(0, Slides)
            .Select(i =>
            {
                var share = random.NextDouble() * 0.4;
                var months = -Math.Log(1 - random.NextDouble()) * 60 * Math.Exp(-10 * share);
                var truth = new Truth($"s{i:000}", $"p{i / 2:000}", i + 2);
                truth = target switch
                {
                    TargetSpec.Classification => truth with { Label = share > 0.2 ? "high" : "low" },
                    TargetSpec.Regression => truth with { Value = (100 * share) + 1000 },
                    _ => truth with { Time = Math.Ceiling(Math.Min(months, 30)), Event = months < 30 },
                };
                return (Grid: Slide(truth.Slide, share, random), Truth: truth);
            })
            .ToArray();
        if (!Shuffled)
            return slides;
        var truths = slides.Select(slide => slide.Truth).ToArray();
        random.Shuffle(truths);
        return
        [
            .. slides.Select(
                (slide, i) => (slide.Grid, truths[i] with { Slide = slide.Grid.Slide, Patient = slide.Truth.Patient })
            ),
        ];
    }

    public CompressedSlide Slide(string name, double share, Random random)
    {
        // an oval of tissue, of a size of its own
        int rows = Side - random.Next(3),
            columns = Side - random.Next(3);
        GridCell[] cells =
        [
            .. from row in Enumerable.Range(0, rows)
            from column in Enumerable.Range(0, columns)
            where Math.Pow(((row + 0.5) / rows) - 0.5, 2) + Math.Pow(((column + 0.5) / columns) - 0.5, 2) < 0.25
            select new GridCell(row, column),
        ];
        var features = new float[cells.Length * Channels];
        for (var i = 0; i < features.Length; i++)
            features[i] = 10 + (float)(random.NextDouble() + random.NextDouble() - 1);
        for (var n = 0; n < cells.Length; n++)
        {
            if (random.NextDouble() < share)
                features[(n * Channels) + Channel] += Strength;
        }

        return Grid(name, rows, columns, Channels, cells, features);
    }

    public static CompressedSlide Grid(
        string name,
        int rows,
        int columns,
        int channels,
        IReadOnlyList<GridCell> cells,
        float[] features
    ) =>
        new()
        {
            Slide = name,
            Geometry = Lattices.SideBySide(columns * 128, rows * 128, 0.5, 128),
            Rows = rows,
            Columns = columns,
            Channels = channels,
            Cells = cells,
            Features = features,
            Tissue = new float[rows * columns],
            Encoder = "test",
            EncoderSha256 = "00",
            TissueMethod = "test",
        };
}
