using System.Globalization;
using Histonic.Learning.Prediction;
using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Synthetic;
using Histonic.Statistics;
using Histonic.Statistics.Survival;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Prediction;

/// <summary>Cohorts of which the answer is known before anything is trained: the truth itself as embeddings, and no truth at all.</summary>
public sealed class KnownAnswerTests : IDisposable
{
    private const int Cells = 8; // of a slide of 1,024 px
    private const int Classes = 7; // of truth/classes.csv

    private static readonly string[] _drawn = ["mitosis_sd", "density_sd", "log_hazard"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Cells of the synthetic cohort embedded by what truly lies in them: the share of each class and, in tumour, what the generator
    /// drew for the patient's mitoses and density. What can be known is then found; of survival, what chance leaves of it.
    /// </summary>
    [Fact]
    public void With_the_truths_own_features_prediction_is_nearly_perfect()
    {
        SyntheticCohort.Write(
            _folder.Path,
            new CohortOptions
            {
                Slides = 80,
                SlideSize = 1024,
                LabelNoise = 0,
            },
            new Seed(3),
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );
        var truth = CsvTable.Read(_folder["truth/truth.csv"]);
        var drawn = truth.Rows.ToDictionary(
            row => row.Fields[truth.Require("slide")],
            row =>
                _drawn
                    .Select(name => double.Parse(row.Fields[truth.Require(name)], CultureInfo.InvariantCulture))
                    .ToArray(),
            StringComparer.Ordinal
        );

        var pattern = Score(new TargetSpec.Classification("pattern"), drawn, "auc");
        var proliferation = Score(new TargetSpec.Regression("proliferation"), drawn, "spearman");
        var survival = Score(new TargetSpec.Survival("time", "event"), drawn, "c_index");

        Assert.InRange(pattern, 0.97, 1);
        Assert.InRange(proliferation, 0.95, 1);
        var truths = LabelTable.Read(_folder["labels.csv"]).Truths(new TargetSpec.Survival("time", "event"));
        var known = Concordance.Harrell(
            [.. truths.Select(one => one.Time!.Value)],
            [.. truths.Select(one => one.Event == true)],
            [.. truths.Select(one => drawn[one.Slide][2])]
        );
        Assert.InRange(survival, known - 0.06, 1);
    }

    /// <summary>On demand, a few minutes: HISTONIC_REPEATS=100 (docs/statistics.md).</summary>
    [Theory]
    [InlineData("auc", 0.5)]
    [InlineData("spearman", 0)]
    [InlineData("c_index", 0.5)]
    public void With_shuffled_labels_intervals_cover_chance(string metric, double chance)
    {
        var given = Environment.GetEnvironmentVariable("HISTONIC_REPEATS");
        Assert.SkipWhen(string.IsNullOrEmpty(given), "on demand: HISTONIC_REPEATS=100");
        var repeats = int.Parse(given!, CultureInfo.InvariantCulture);
        TargetSpec target = metric switch
        {
            "auc" => PlantedCohort.Class,
            "spearman" => PlantedCohort.Value,
            _ => PlantedCohort.Risk,
        };
        var covered = 0;
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var cohort = new PlantedCohort(Slides: 96, Seed: 1000 + repeat) { Shuffled = true };
            var table = Train(cohort.For(target), new PredictorOptions { Model = "mean", Epochs = 15 }, repeat);
            var score = Pooled(table, metric);
            covered += score.Low <= chance && chance <= score.High ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{metric}: {covered} of {repeats} intervals cover {chance}");
        Assert.InRange(covered, 0.9 * repeats, repeats);
    }

    private double Score(TargetSpec target, Dictionary<string, double[]> drawn, string metric)
    {
        var labels = LabelTable.Read(_folder["labels.csv"]);
        var slides = labels
            .Truths(target)
            .Select(truth => new LabelledSlide(Grid(truth.Slide, drawn[truth.Slide]), truth));
        var cohort = Cohort.Of([target], slides, labels.Path, SilentMonitor.Instance);
        return Pooled(Train(cohort, new PredictorOptions { Model = "mean" }, 1), metric).Value;
    }

    private CompressedSlide Grid(string name, double[] drawn)
    {
        const int Channels = Classes - 1 + 3;
        var classes = PictureFile.Read(_folder[$"truth/{name}.png"]); // grey values are classes
        var side = classes.Width / Cells;
        List<GridCell> cells = [];
        List<float> features = [];
        for (var cell = 0; cell < Cells * Cells; cell++)
        {
            var (row, column) = Math.DivRem(cell, Cells);
            var shares = new float[Classes];
            for (var i = 0; i < side * side; i++)
                shares[
                    classes.Pixels[((((row * side) + (i / side)) * classes.Width) + (column * side) + (i % side)) * 3]
                ] += 1f / (side * side);
            if (shares[0] > 0.5)
                continue;
            cells.Add(new GridCell(row, column));
            features.AddRange(shares[1..]);
            features.AddRange(drawn.Select(value => (float)value));
        }

        return PlantedCohort.Grid(name, Cells, Cells, Channels, cells, [.. features]);
    }

    private PredictionTable Train(Cohort cohort, PredictorOptions options, int seed) =>
        PredictorTrainer.Train(
            _folder[$"run-{Guid.NewGuid()}"],
            cohort,
            null,
            options,
            new Seed(seed),
            Environment.ProcessorCount,
            resume: false,
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        )[0];

    private static Estimate Pooled(PredictionTable table, string metric) =>
        Evaluator.Evaluate(table, new EvaluationOptions { Resamples = 400 }).Pooled[metric].Estimate!.Value;
}
