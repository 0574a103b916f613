using Histonic.Learning.Explanation;
using Histonic.Slides;
using Histonic.Statistics.Classification;
using Histonic.Tests.Learning.Prediction;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Explanation;

[NoTensorLeaks]
public sealed class AttentionMapTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("abmil")]
    [InlineData("abmil-position")]
    public void The_planted_cells_are_looked_at_and_cells_without_tissue_have_no_value(string model)
    {
        var cohort = new PlantedCohort(Slides: 72, Seed: 8);
        using var run = cohort.Train(_folder["run"], PlantedCohort.Class, model, 40);
        var areas = new List<double>();
        foreach (var (grid, _) in cohort.Planted(PlantedCohort.Class).Take(12))
        {
            var map = Explainer.Of(run, grid, new ExplanationOptions(), TestContext.Current.CancellationToken);

            Assert.Equal(grid.Rows * grid.Columns - grid.Cells.Count, map.Values.Count(float.IsNaN));
            Assert.Equal(1, map.Values.Where(value => !float.IsNaN(value)).Max(), 5);
            bool[] planted = [.. grid.Cells.Select((_, n) => PlantedCohort.IsPlanted(grid, n))];
            if (planted.Contains(true) && planted.Contains(false))
                areas.Add(
                    RocCurve.Area(
                        [.. grid.Cells.Select(cell => (double)map.Values[(cell.Row * grid.Columns) + cell.Column])],
                        planted
                    )
                );
        }

        Assert.True(areas.Count > 5);
        // attention may dwell on them or turn from them: either way it tells them from the rest
        Assert.InRange(Math.Abs(areas.Average() - 0.5), 0.2, 0.5);
    }

    [Fact]
    public void A_run_without_attention_is_refused()
    {
        var cohort = new PlantedCohort(Slides: 24);
        using var run = cohort.Train(_folder["run"], PlantedCohort.Class, "mean", 1);

        var error = Assert.Throws<OptionException>(() =>
            Explainer.Of(
                run,
                cohort.Planted(PlantedCohort.Class)[0].Grid,
                new ExplanationOptions { Method = ExplanationMethod.Attention },
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains("attention", error.Message, StringComparison.Ordinal);
    }
}
