using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;

namespace Histonic.Learning.Compression;

/// <summary>From which pixels a slide's patches become embeddings, and how near that comes to taking all of them.</summary>
/// <param name="Source">The pixels.</param>
/// <param name="Cosine">The mean cosine between a sample of embeddings made this way and from all pixels; 1 for these.</param>
internal readonly record struct EncodingPath(PatchSource Source, double Cosine)
{
    /// <summary>The mean cosine that cheaper pixels have to reach.</summary>
    public const double LeastCosine = 0.999;

    /// <summary>How many patches are embedded both ways, evenly spread over the slide's.</summary>
    public const int Sample = 32;

    /// <summary>The patches from which on looking pays; smaller slides are read at all their pixels.</summary>
    public const int LeastPatches = 32 * Sample;

    /// <summary>Chooses the cheapest pixels that leave the embeddings as they are but for <see cref="LeastCosine"/>.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="plan">Its patches.</param>
    /// <param name="options">How it is compressed.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Histonic.Slides.InputException">Pixels of the sample cannot be decoded, and the options do not blank them.</exception>
    public static async Task<EncodingPath> ChooseAsync(
        ISlide slide,
        PatchPlan plan,
        CompressionOptions options,
        BatchEncoder encoder,
        CancellationToken cancellationToken
    )
    {
        var all = new EncodingPath(PatchSource.Of(plan.Geometry), 1);
        if (options.Exact || plan.Cells.Count < LeastPatches)
            return all;
        var (sample, channels) = (plan.Sample(Sample), encoder.Channels);
        float[]? expected = null;
        foreach (var source in PatchSource.Pooled(slide, plan.Geometry, encoder.Encoder.Pool))
        {
            expected ??= await EmbedAsync(all.Source).ConfigureAwait(false);
            var cosine = MeanCosine(expected, await EmbedAsync(source).ConfigureAwait(false), channels);
            if (cosine >= LeastCosine)
                return new EncodingPath(source, cosine);
        }

        return all;

        async Task<float[]> EmbedAsync(PatchSource source)
        {
            var embeddings = new float[sample.Cells.Count * channels];
            var batches = PatchFeed.ReadAsync(
                slide,
                sample,
                source,
                options.Feed,
                batch => encoder.Encode(batch, cancellationToken),
                cancellationToken
            );
            await foreach (var batch in batches.ConfigureAwait(false))
            {
                using (batch)
                {
                    for (var i = 0; i < batch.Count; i++)
                    {
                        batch
                            .Embeddings.Slice(i * channels, channels)
                            .CopyTo(embeddings.AsSpan(batch.Places[i] * channels));
                    }
                }
            }

            return embeddings;
        }
    }

    private static double MeanCosine(float[] expected, float[] actual, int channels)
    {
        double sum = 0;
        for (var at = 0; at < expected.Length; at += channels)
        {
            double dot = 0,
                first = 0,
                second = 0;
            for (var i = at; i < at + channels; i++)
            {
                dot += (double)expected[i] * actual[i];
                first += (double)expected[i] * expected[i];
                second += (double)actual[i] * actual[i];
            }

            // embeddings of nothing but zeros have no direction: they are the same only when both are
            sum +=
                first > 0 && second > 0 ? dot / Math.Sqrt(first * second)
                : first == second ? 1
                : 0;
        }

        return sum * channels / expected.Length;
    }
}
