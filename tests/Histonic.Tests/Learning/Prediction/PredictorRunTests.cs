using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class PredictorRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PredictorRunTests() =>
        PredictorTrainer.Train(
            _folder["run"],
            new PlantedCohort(48).For(PlantedCohort.Value),
            null,
            new PredictorOptions { Epochs = 40 },
            new Seed(1),
            1,
            resume: false,
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_slide_is_predicted_by_all_folds_with_their_spread()
    {
        using var run = PredictorRun.Open(_folder["run"]);
        var cohort = new PlantedCohort(48);
        var random = new Random(99);

        var little = run.Predict(cohort.Slide("a", 0.02, random), TestContext.Current.CancellationToken)[0];
        var much = run.Predict(cohort.Slide("b", 0.38, random), TestContext.Current.CancellationToken)[0];

        Assert.Equal(PlantedCohort.Value, Assert.Single(run.Targets).Spec);
        Assert.InRange(little.Score, 990, 1015); // the truths are 1002 and 1038
        Assert.InRange(much.Score, 1022, 1050);
        Assert.All([little, much], one => Assert.True(one is { Fold: null, Spread: > 0 and < 20, Split: "new" }));
    }

    [Fact]
    public void A_slide_of_another_encoder_or_without_tissue_is_refused()
    {
        using var run = PredictorRun.Open(_folder["run"]);
        var slide = new PlantedCohort(48).Slide("a", 0.1, new Random(1));

        var other = Assert.Throws<InputException>(() =>
            run.Predict(slide with { EncoderSha256 = "11" }, TestContext.Current.CancellationToken)
        );
        var empty = Assert.Throws<InputException>(() =>
            run.Predict(slide with { Cells = [], Features = [] }, TestContext.Current.CancellationToken)
        );

        Assert.Contains("a: was compressed by another encoder", other.Message, StringComparison.Ordinal);
        Assert.Contains("a: has no tissue", empty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_whole_run_is_refused()
    {
        Assert.Contains("does not exist", Refused("none"), StringComparison.Ordinal);
        Directory.Delete(_folder["run/fold-2"], recursive: true);
        Assert.Contains("fold 2 of 4 is not trained", Refused("run"), StringComparison.Ordinal);
        File.WriteAllText(_folder["run/config.yaml"], "a: [");
        Assert.Contains("config.yaml: cannot be read", Refused("run"), StringComparison.Ordinal);
    }

    private string Refused(string name) =>
        Assert.Throws<InputException>(() => PredictorRun.Open(_folder[name])).Message;
}
