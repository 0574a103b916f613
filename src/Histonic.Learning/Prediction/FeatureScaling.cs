using Histonic.Slides.Grids;

namespace Histonic.Learning.Prediction;

/// <summary>Makes every channel zero in the mean and one in deviation over the tissue of the training slides; background stays zero.</summary>
/// <param name="Mean">The mean of each channel (C).</param>
/// <param name="Deviation">The standard deviation of each channel (C), above 0; 1 for a channel that never changes.</param>
public sealed record FeatureScaling(float[] Mean, float[] Deviation)
{
    /// <summary>Measures slides: every cell with tissue counts once.</summary>
    /// <param name="slides">At least one, all with the same channels.</param>
    public static FeatureScaling Of(IReadOnlyList<SlideGrid> slides)
    {
        var channels = slides[0].Channels;
        double[] sum = new double[channels],
            squares = new double[channels];
        var embedding = new float[channels];
        long cells = 0;
        foreach (var slide in slides)
        {
            cells += slide.Cells.Count;
            var embeddings = slide.Embeddings();
            for (var n = 0; n < slide.Cells.Count; n++)
            {
                embeddings.Read(n * channels, embedding);
                for (var c = 0; c < channels; c++)
                {
                    sum[c] += embedding[c];
                    squares[c] += (double)embedding[c] * embedding[c];
                }
            }
        }

        float[] mean = new float[channels],
            deviation = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            mean[c] = (float)(sum[c] / Math.Max(cells, 1));
            var variance = (squares[c] / Math.Max(cells, 1)) - ((double)mean[c] * mean[c]);
            var least = 1e-6 * Math.Max(Math.Abs(mean[c]), 1e-6);
            deviation[c] = variance > least * least ? (float)Math.Sqrt(variance) : 1;
        }

        return new FeatureScaling(mean, deviation);
    }

    /// <summary>Scales one embedding, or consecutive channels of it.</summary>
    /// <param name="embedding">Numbers of these channels.</param>
    /// <param name="scaled">Receives as many.</param>
    /// <param name="first">The first channel.</param>
    public void Apply(ReadOnlySpan<float> embedding, Span<float> scaled, int first = 0)
    {
        for (var c = 0; c < scaled.Length; c++)
            scaled[c] = (embedding[c] - Mean[first + c]) / Deviation[first + c];
    }
}
