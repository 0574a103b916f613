using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Histonic.Slides;
using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>Square crops of the grid, padded with zeros; drawn by the distance map where the grid is larger (papers.md 2.6).</summary>
/// <param name="side">The side R of a crop in cells.</param>
/// <param name="channels">The length C of an embedding.</param>
internal sealed class CropInput(int side, int channels) : SlideInput
{
    private const int TestCrops = 10; // the papers' T

    private readonly ConditionalWeakTable<SlideGrid, DistanceMap> _maps = [];

    public override int LengthOf(SlideGrid slide, in SlideView view) => side * side * channels;

    public override SlideView Draw(SlideGrid slide, Random random)
    {
        var symmetry = random.Next(GridSymmetry.Count);
        return At(slide, symmetry, IsLarger(slide) ? MapOf(slide).Draw(random) : default);
    }

    public override SlideView Best(SlideGrid slide) => At(slide, 0, IsLarger(slide) ? MapOf(slide).Deepest : default);

    public override IEnumerable<SlideView> All(SlideGrid slide) =>
        from symmetry in Enumerable.Range(0, GridSymmetry.Count)
        from centre in IsLarger(slide) ? MapOf(slide).Spaced(TestCrops) : [default]
        select At(slide, symmetry, centre);

    /// <summary>Looks that together show every cell: crops side by side where the grid is larger.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="symmetries">Whether the grid is also turned and mirrored.</param>
    public override IEnumerable<SlideView> Cover(SlideGrid slide, bool symmetries) =>
        from symmetry in Enumerable.Range(0, symmetries ? GridSymmetry.Count : 1)
        let size = GridSymmetry.Size(symmetry, slide.Rows, slide.Columns)
        from top in Starts(size.Rows)
        from left in Starts(size.Columns)
        select new SlideView(symmetry, top, left);

    public override IEnumerable<int> Shown(SlideGrid slide, SlideView view) =>
        Enumerable
            .Range(0, slide.Cells.Count)
            .Where(n => view.Place(slide, n) is var (row, column) && Contains(row, column, (side, side)));

    public override void Fill(SlideGrid slide, in SlideView view, FeatureScaling scaling, Span<float> target) =>
        Fill(
            slide,
            slide.Embeddings(view.Symmetry),
            Enumerable.Range(0, slide.Cells.Count),
            view,
            (side, side),
            scaling,
            (0, channels),
            target
        );

    public override Tensor Shape(Tensor flat, int count) => flat.view(count, side, side, channels).permute(0, 3, 1, 2);

    /// <summary>Some channels of one look, 1 × count × R × R.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="embeddings">Its embeddings under the symmetry of the view.</param>
    /// <param name="view">How it is looked at.</param>
    /// <param name="scaling">How embeddings are scaled.</param>
    /// <param name="part">Which channels: the first, and how many.</param>
    public Tensor Part(
        SlideGrid slide,
        EmbeddingBlock embeddings,
        in SlideView view,
        FeatureScaling scaling,
        (int First, int Count) part
    ) => Window(slide, embeddings, Enumerable.Range(0, slide.Cells.Count), view, (side, side), scaling, part);

    /// <summary>Some channels of some cells, 1 × count × rows × columns; zero elsewhere.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="embeddings">Its embeddings under the symmetry of the window.</param>
    /// <param name="cells">Which cells, as indices; those outside the window are left out.</param>
    /// <param name="window">The symmetry, and where the window's corner lies.</param>
    /// <param name="size">How large the window is.</param>
    /// <param name="scaling">How embeddings are scaled.</param>
    /// <param name="part">Which channels: the first, and how many.</param>
    public Tensor Window(
        SlideGrid slide,
        EmbeddingBlock embeddings,
        IEnumerable<int> cells,
        in SlideView window,
        (int Rows, int Columns) size,
        FeatureScaling scaling,
        (int First, int Count) part
    )
    {
        using var scope = NewDisposeScope();
        var flat = zeros((long)size.Rows * size.Columns * part.Count);
        Fill(slide, embeddings, cells, window, size, scaling, part, MemoryMarshal.Cast<byte, float>(flat.bytes));
        return flat.view(1, size.Rows, size.Columns, part.Count).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    private void Fill(
        SlideGrid slide,
        EmbeddingBlock embeddings,
        IEnumerable<int> cells,
        in SlideView window,
        (int Rows, int Columns) size,
        FeatureScaling scaling,
        (int First, int Count) part,
        Span<float> target
    )
    {
        Span<float> embedding = new float[part.Count];
        foreach (var n in cells)
        {
            var (row, column) = window.Place(slide, n);
            if (!Contains(row, column, size))
                continue;
            embeddings.Read((n * channels) + part.First, embedding);
            var place = target.Slice(((row * size.Columns) + column) * part.Count, part.Count);
            scaling.Apply(embedding, place, part.First);
        }
    }

    private static bool Contains(int row, int column, (int Rows, int Columns) size) =>
        row >= 0 && row < size.Rows && column >= 0 && column < size.Columns;

    private bool IsLarger(SlideGrid slide) => Math.Max(slide.Rows, slide.Columns) > side;

    private DistanceMap MapOf(SlideGrid slide) =>
        _maps.GetValue(slide, one => DistanceMap.Of(one.Cells, one.Rows, one.Columns));

    // centred on the cell along an axis the crop does not span, else on the grid
    private SlideView At(SlideGrid slide, int symmetry, GridCell centre)
    {
        var (rows, columns) = GridSymmetry.Size(symmetry, slide.Rows, slide.Columns);
        var turned = GridSymmetry.Turn(symmetry, centre, slide.Rows, slide.Columns);
        return new SlideView(symmetry, Start(turned.Row, rows), Start(turned.Column, columns));
    }

    private IEnumerable<int> Starts(int length)
    {
        if (length <= side)
            return [Start(0, length)];
        var count = (length + side - 1) / side;
        return Enumerable.Range(0, count).Select(i => i * (length - side) / (count - 1));
    }

    private int Start(int centre, int length) => length <= side ? -((side - length) / 2) : centre - (side / 2);
}
