using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>The mean embedding of a slide's tissue.</summary>
/// <param name="channels">The length C of an embedding.</param>
internal sealed class MeanInput(int channels) : SlideInput
{
    public override int LengthOf(CompressedSlide slide, in SlideView view) => channels;

    public override SlideView Draw(CompressedSlide slide, Random random) =>
        slide.FeaturesD4 is null ? default : new SlideView(random.Next(GridSymmetry.Count), 0, 0);

    public override SlideView Best(CompressedSlide slide) => default;

    public override IEnumerable<SlideView> All(CompressedSlide slide) =>
        Enumerable.Range(0, slide.FeaturesD4 is null ? 1 : GridSymmetry.Count).Select(k => new SlideView(k, 0, 0));

    public override void Fill(CompressedSlide slide, in SlideView view, FeatureScaling scaling, Span<float> target)
    {
        var embeddings = Embeddings(slide, view.Symmetry);
        var mean = new double[channels];
        for (var i = 0; i < embeddings.Length; i++)
            mean[i % channels] += embeddings[i];
        for (var c = 0; c < channels && slide.Cells.Count > 0; c++)
            target[c] = (float)((mean[c] / slide.Cells.Count) - scaling.Mean[c]) / scaling.Deviation[c];
    }

    public override Tensor Shape(Tensor flat, int count) => flat.view(count, channels);
}
