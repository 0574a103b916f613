using Histonic.Learning.Explanation;
using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Tests.Learning.Prediction;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Explanation;

[NoTensorLeaks]
public sealed class OcclusionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cnn", "classification")]
    [InlineData("abmil", "classification")]
    [InlineData("mean", "classification")]
    [InlineData("cnn", "regression")]
    [InlineData("abmil", "regression")]
    [InlineData("mean", "regression")]
    [InlineData("cnn", "survival")]
    [InlineData("mean", "survival")]
    public void The_planted_cells_speak_for_what_they_cause(string model, string task)
    {
        var cohort = new PlantedCohort(Slides: 72, Seed: 8);
        var target = PlantedCohort.Target(task);
        using var run = cohort.Train(_folder["run"], target, model, 40);
        var options = new ExplanationOptions
        {
            Method = ExplanationMethod.Occlusion,
            For = target is TargetSpec.Classification ? "high" : null,
            Block = 1,
            Symmetries = false,
        };
        var (planted, others) = (new List<double>(), new List<double>());
        foreach (var slide in cohort.Planted(target).Select(one => one.Grid).Take(6))
        {
            var map = Explainer.Of(run, slide, options, TestContext.Current.CancellationToken);
            Assert.Equal(slide.Cells.Count, map.Values.Count(float.IsFinite));
            foreach (var (n, cell) in slide.Cells.Index())
                (PlantedCohort.IsPlanted(slide, n) ? planted : others).Add(map.At(cell));
        }

        // a planted cell speaks for it, and more than another
        Assert.True(planted.Average() > 0, $"{planted.Average()}");
        Assert.True(planted.Average() > others.Average(), $"{planted.Average()} against {others.Average()}");
    }

    [Fact]
    public void A_value_is_the_change_of_what_is_predicted_when_the_square_holds_no_tissue()
    {
        var cohort = new PlantedCohort(24);
        using var run = cohort.Train(_folder["run"], PlantedCohort.Value, "cnn", 3);
        var slide = cohort.Planted(PlantedCohort.Value)[0].Grid;
        var options = new ExplanationOptions { Method = ExplanationMethod.Occlusion, Block = 3 };

        var map = Explainer.Of(run, slide, options, TestContext.Current.CancellationToken);

        // these grids fit the crop, so that Predict, too, is a mean over folds and symmetries; turned grids are tiled from another
        // corner, so the square is found under each
        var whole = run.Predict(slide, TestContext.Current.CancellationToken)[0].Score;
        foreach (var n in new[] { 0, slide.Cells.Count / 2, slide.Cells.Count - 1 })
        {
            var sum = 0.0;
            for (var symmetry = 0; symmetry < GridSymmetry.Count; symmetry++)
            {
                GridCell Square(GridCell cell)
                {
                    var turned = GridSymmetry.Turn(symmetry, cell, slide.Rows, slide.Columns);
                    return new GridCell(turned.Row / 3, turned.Column / 3);
                }

                int[] kept =
                [
                    .. Enumerable
                        .Range(0, slide.Cells.Count)
                        .Where(i => Square(slide.Cells[i]) != Square(slide.Cells[n])),
                ];
                SlideGrid without = slide with
                {
                    Cells = [.. kept.Select(i => slide.Cells[i])],
                    Features = [.. kept.SelectMany(i => slide.Embedding(i).ToArray())],
                };
                sum += run.Networks.Average(network =>
                    NetworkOutputs.Of(
                        network,
                        run.Heads,
                        network.Scales,
                        [without],
                        one => network.Input.All(one).Where(view => view.Symmetry == symmetry),
                        TestContext.Current.CancellationToken
                    )[0][0]
                );
            }

            Assert.Equal(whole - (sum / GridSymmetry.Count), map.At(slide.Cells[n]), 1e-3);
        }

        var lower = Explainer.Of(
            run,
            slide,
            options with
            {
                For = ExplanationOptions.Lower,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(-map.At(slide.Cells[5]), lower.At(slide.Cells[5]), 1e-5);
        var predicted = Explainer.Of(
            run,
            slide,
            options with
            {
                For = ExplanationOptions.Predicted,
            },
            TestContext.Current.CancellationToken
        );
        var high = whole >= run.Networks.Average(network => network.Scales[0].Centre);
        Assert.Equal((high ? map : lower).Values, predicted.Values);
    }
}
