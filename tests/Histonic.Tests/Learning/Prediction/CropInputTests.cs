using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class CropInputTests
{
    private static readonly FeatureScaling _plain = new([0, 0], [1, 1]);

    [Fact]
    public void A_small_grid_stands_in_the_middle_of_zeros()
    {
        using var scope = NewDisposeScope();
        var input = new CropInput(5, 2);
        var slide = Numbered(2, 3);

        var grid = input.Stack([(slide, input.Best(slide))], _plain);

        Assert.Equal([1, 2, 5, 5], grid.shape);
        Assert.Equal(
            [0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            grid[0, 0].contiguous().data<float>().ToArray()
        );
        Assert.Equal(-21, grid[0, 1].sum().item<float>());
    }

    [Fact]
    public void Tests_look_at_all_eight_symmetries_of_the_grid()
    {
        using var scope = NewDisposeScope();
        var input = new CropInput(3, 2);
        var slide = Numbered(3, 3);

        var looks = input.All(slide).Select(view => ((SlideGrid)slide, view)).ToArray();
        var grids = input.Stack(looks, _plain).select(1, 0);
        var seen = Enumerable.Range(0, 8).Select(k => string.Concat(grids[k].contiguous().data<float>().ToArray()));

        // numpy.rot90 and flips of 123456789 in the order of features_d4
        Assert.Equal(
            ["123456789", "369258147", "987654321", "741852963", "321654987", "789456123", "147258369", "963852741"],
            seen
        );
    }

    [Fact]
    public void The_embeddings_of_turned_patches_are_taken_where_they_were_stored()
    {
        using var scope = NewDisposeScope();
        var input = new CropInput(1, 1);
        var slide = PlantedCohort.Grid("a", 1, 1, 1, [default], [0]) with { FeaturesD4 = [0, 1, 2, 3, 4, 5, 6, 7] };

        var grids = input.Stack([.. input.All(slide).Select(view => (slide, view))], new FeatureScaling([0], [1]));

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], grids.contiguous().data<float>().ToArray());
    }

    [Fact]
    public void A_large_grid_is_cut_around_cells_of_tissue_and_padded_where_the_crop_leaves_it()
    {
        using var scope = NewDisposeScope();
        var input = new CropInput(5, 2);
        var slide = Numbered(9, 3);
        var random = new Random(1);

        Assert.Equal(new SlideView(0, -1, -1), input.Best(slide)); // (1, 1) is as deep as any, and comes first
        Assert.Equal(80, input.All(slide).Count());
        for (var i = 0; i < 50; i++)
            Assert.True(input.Stack([(slide, input.Draw(slide, random))], _plain).ne(0).any().item<bool>());
    }

    [Fact]
    public void Embeddings_are_scaled_and_the_background_stays_zero()
    {
        using var scope = NewDisposeScope();
        var input = new CropInput(3, 2);
        var slide = Numbered(1, 1);

        var grid = input.Stack([(slide, default)], new FeatureScaling([11, -1], [2, 4]));

        Assert.Equal([-5, 0, 0, 0, 0, 0, 0, 0, 0], grid[0, 0].contiguous().data<float>().ToArray());
    }

    private static CompressedSlide Numbered(int rows, int columns)
    {
        var cells = Enumerable.Range(0, rows * columns).Select(i => new GridCell(i / columns, i % columns)).ToArray();
        float[] features = [.. Enumerable.Range(1, cells.Length).SelectMany(i => new float[] { i, -i })];
        return PlantedCohort.Grid("a", rows, columns, 2, cells, features);
    }
}
