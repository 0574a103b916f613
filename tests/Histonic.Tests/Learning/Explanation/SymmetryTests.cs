using Histonic.Learning.Explanation;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Tests.Learning.Prediction;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Explanation;

/// <summary>The law of D4: averaged over 8 symmetries, the map of a turned slide is the turned map.</summary>
[NoTensorLeaks]
public sealed class SymmetryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cnn", ExplanationMethod.GradCam, 1, true)]
    [InlineData("cnn", ExplanationMethod.GradCam, 2, false)]
    [InlineData("cnn", ExplanationMethod.Occlusion, 1, true)]
    [InlineData("abmil", ExplanationMethod.Attention, 1, true)]
    [InlineData("abmil-position", ExplanationMethod.Attention, 1, false)]
    [InlineData("abmil-position", ExplanationMethod.Occlusion, 1, true)]
    [InlineData("mean", ExplanationMethod.Occlusion, 1, true)]
    public void The_map_of_a_turned_slide_is_the_turned_map(
        string model,
        ExplanationMethod method,
        int layer,
        bool embedded
    )
    {
        var cohort = new PlantedCohort(24, Side: 11);
        using var run = cohort.Train(_folder["run"], PlantedCohort.Value, model, 3);
        var options = new ExplanationOptions
        {
            Method = method,
            Layer = layer,
            Block = 3,
        };
        var slide = cohort.Planted(PlantedCohort.Value)[1].Grid;
        if (embedded)
            slide = slide with { FeaturesD4 = Embeddings(slide) };
        var map = Explainer.Of(run, slide, options, TestContext.Current.CancellationToken);
        Assert.True(map.Range is var (least, greatest) && greatest > least);
        var plain = Explainer.Of(
            run,
            slide,
            options with
            {
                Symmetries = false,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Null(plain.SymmetrySpread);

        for (var symmetry = 0; symmetry < GridSymmetry.Count; symmetry++)
        {
            var turned = Explainer.Of(run, Turned(slide, symmetry), options, TestContext.Current.CancellationToken);
            foreach (var cell in slide.Cells)
            {
                var place = GridSymmetry.Turn(symmetry, cell, slide.Rows, slide.Columns);
                Assert.Equal(map.At(cell), turned.At(place), 1e-4 * Math.Max(1, Math.Abs(map.At(cell))));
                Assert.Equal(map.SpreadAt(cell)!.Value, turned.SpreadAt(place)!.Value, 1e-3);
                Assert.Equal(map.SymmetrySpreadAt(cell) ?? -1, turned.SymmetrySpreadAt(place) ?? -1, 1e-3);
            }
        }

        // the embeddings of turned patches are used, and symmetries that the network cannot tell apart have no spread
        Assert.Equal(embedded || model is "cnn" or "abmil-position", map.SymmetrySpread is not null);
        if (map.SymmetrySpread is not null)
            Assert.Contains(slide.Cells, cell => map.SymmetrySpreadAt(cell) > 0);
    }

    /// <summary>Embeddings of a slide's patches under each symmetry, as different as an encoder might make them.</summary>
    private static float[] Embeddings(CompressedSlide slide)
    {
        var random = new Random(3);
        return
        [
            .. Enumerable
                .Range(0, GridSymmetry.Count)
                .SelectMany(k => slide.Features.Select(value => k == 0 ? value : value + (float)random.NextDouble())),
        ];
    }

    /// <summary>The slide as it were compressed had it been scanned turned.</summary>
    private static CompressedSlide Turned(CompressedSlide slide, int symmetry)
    {
        var (rows, columns) = GridSymmetry.Size(symmetry, slide.Rows, slide.Columns);
        var order = slide
            .Cells.Select((cell, n) => (Cell: GridSymmetry.Turn(symmetry, cell, slide.Rows, slide.Columns), N: n))
            .OrderBy(one => one.Cell.Row)
            .ThenBy(one => one.Cell.Column)
            .ToArray();
        float[] Ordered(float[] block) =>
            [.. order.SelectMany(one => block.AsSpan(one.N * slide.Channels, slide.Channels).ToArray())];
        var d4 = slide.FeaturesD4;
        var length = slide.Features.Length;
        return slide with
        {
            Rows = rows,
            Columns = columns,
            Cells = [.. order.Select(one => one.Cell)],
            // turned by k after it was turned is turned by both
            Features = Ordered(d4 is null ? slide.Features : [.. d4.AsSpan(symmetry * length, length)]),
            FeaturesD4 = d4 is null
                ? null
                :
                [
                    .. Enumerable
                        .Range(0, GridSymmetry.Count)
                        .SelectMany(k => Ordered([.. d4.AsSpan(After(symmetry, k) * length, length)])),
                ],
        };
    }

    /// <summary>Which symmetry is one after the other, found by where they send the corners of a square.</summary>
    private static int After(int first, int then) =>
        Enumerable
            .Range(0, GridSymmetry.Count)
            .Single(k =>
                new[] { new GridCell(0, 0), new GridCell(0, 4) }.All(cell =>
                    GridSymmetry.Turn(then, GridSymmetry.Turn(first, cell, 5, 5), 5, 5)
                    == GridSymmetry.Turn(k, cell, 5, 5)
                )
            );
}
