using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

// Shapes: B slides, N cells of the largest of them, C channels of the grid.

/// <summary>
/// The embeddings of a slide's cells without the grid around them: a bag, as multiple-instance learning calls it. Its length
/// follows the tissue, not the slide, so that sparse tissue on a grid of 800 × 800 costs what the tissue costs.
/// </summary>
/// <remarks>
/// A cell is C scaled numbers, then its row and column (from the middle of the grid, in cells, turned with the symmetry), then
/// 1; rows of zeros fill a bag up to the longest of a batch. In a view <see cref="SlideView.Top"/> is the seed of a sample
/// (0 = all cells), or with <see cref="SlideView.Left"/> = −k the remainder of the cells that are seen, every k-th.
/// </remarks>
/// <param name="channels">The length C of an embedding.</param>
/// <param name="positions">Whether the network looks at rows and columns, so that turned grids differ.</param>
internal sealed class BagInput(int channels, bool positions) : SlideInput
{
    /// <summary>What stands behind the C numbers of a cell: row, column, and that it is one.</summary>
    public const int Extra = 3;

    /// <summary>The most cells of a slide a training step sees: a sample of a large one is also augmentation.</summary>
    private const int MostInTraining = 1024;

    /// <summary>The most floats of a look in a test: 64 MB. A larger bag is seen in several looks that share its cells.</summary>
    private const int MostFloats = 1 << 24;

    public override int LengthOf(SlideGrid slide, in SlideView view) => Seen(slide, view).Count * (channels + Extra);

    public override SlideView Draw(SlideGrid slide, Random random) =>
        new(
            Turns(slide) ? random.Next(GridSymmetry.Count) : 0,
            slide.Cells.Count > MostInTraining ? random.Next(1, int.MaxValue) : 0,
            0
        );

    public override SlideView Best(SlideGrid slide) => Parts(slide, 0).First();

    public override IEnumerable<SlideView> All(SlideGrid slide) =>
        Enumerable.Range(0, Turns(slide) ? GridSymmetry.Count : 1).SelectMany(symmetry => Parts(slide, symmetry));

    public override void Fill(SlideGrid slide, in SlideView view, FeatureScaling scaling, Span<float> target)
    {
        var embeddings = slide.Embeddings(view.Symmetry);
        Span<float> embedding = new float[channels];
        var (rows, columns) = GridSymmetry.Size(view.Symmetry, slide.Rows, slide.Columns);
        var seen = Seen(slide, view);
        for (var i = 0; i < seen.Count; i++)
        {
            var n = seen.At(i);
            var place = target.Slice(i * (channels + Extra), channels + Extra);
            embeddings.Read(n * channels, embedding);
            scaling.Apply(embedding, place[..channels]);
            var cell = GridSymmetry.Turn(view.Symmetry, slide.Cells[n], slide.Rows, slide.Columns);
            (place[channels], place[channels + 1]) = (cell.Row - ((rows - 1) / 2f), cell.Column - ((columns - 1) / 2f));
            place[channels + 2] = 1;
        }
    }

    /// <summary>B × N × (C + 3).</summary>
    public override Tensor Shape(Tensor flat, int count) => flat.view(count, -1, channels + Extra);

    /// <summary>The cells of a slide that a view shows, as indices into its embeddings.</summary>
    internal static BagCells Seen(SlideGrid slide, in SlideView view) =>
        view.Left < 0 ? BagCells.EveryNth(slide.Cells.Count, -view.Left, view.Top)
        : view.Top == 0 ? BagCells.EveryNth(slide.Cells.Count, 1, 0)
        : BagCells.Sample(slide.Cells.Count, MostInTraining, view.Top);

    private IEnumerable<SlideView> Parts(SlideGrid slide, int symmetry)
    {
        var most = MostFloats / (channels + Extra);
        var parts = (slide.Cells.Count + most - 1) / most;
        return parts <= 1
            ? [new SlideView(symmetry, 0, 0)]
            : Enumerable.Range(0, parts).Select(part => new SlideView(symmetry, part, -parts));
    }

    private bool Turns(SlideGrid slide) => positions || slide.HasSymmetries;
}
