using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>The mean embedding of a slide's tissue.</summary>
/// <param name="channels">The length C of an embedding.</param>
internal sealed class MeanInput(int channels) : SlideInput
{
    public override int LengthOf(SlideGrid slide, in SlideView view) => channels;

    public override SlideView Draw(SlideGrid slide, Random random) =>
        slide.HasSymmetries ? new SlideView(random.Next(GridSymmetry.Count), 0, 0) : default;

    public override SlideView Best(SlideGrid slide) => default;

    public override IEnumerable<SlideView> All(SlideGrid slide) =>
        Enumerable.Range(0, slide.HasSymmetries ? GridSymmetry.Count : 1).Select(k => new SlideView(k, 0, 0));

    public override void Fill(SlideGrid slide, in SlideView view, FeatureScaling scaling, Span<float> target)
    {
        var embeddings = slide.Embeddings(view.Symmetry);
        Span<float> embedding = new float[channels];
        var mean = new double[channels];
        for (var n = 0; n < slide.Cells.Count; n++)
        {
            embeddings.Read(n * channels, embedding);
            for (var c = 0; c < channels; c++)
                mean[c] += embedding[c];
        }

        for (var c = 0; c < channels && slide.Cells.Count > 0; c++)
            target[c] = (float)((mean[c] / slide.Cells.Count) - scaling.Mean[c]) / scaling.Deviation[c];
    }

    public override Tensor Shape(Tensor flat, int count) => flat.view(count, channels);
}
