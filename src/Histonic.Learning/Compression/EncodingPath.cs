using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;

namespace Histonic.Learning.Compression;

/// <summary>How a slide's patches become embeddings: from which pixels, by which arithmetic, and how near that comes to the exact path.</summary>
/// <param name="Source">The pixels.</param>
/// <param name="Encoder">The encoder: as it is, or in whole numbers of 8 bits.</param>
/// <param name="Cosine">The mean cosine between a sample of embeddings made this way and exactly; 1 for the exact path.</param>
internal readonly record struct EncodingPath(PatchSource Source, BatchEncoder Encoder, double Cosine)
{
    /// <summary>The mean cosine that a cheaper path has to reach.</summary>
    public const double LeastCosine = 0.999;

    /// <summary>How many patches are embedded both ways, evenly spread over the slide's.</summary>
    public const int Sample = 32;

    /// <summary>The patches from which on looking pays; smaller slides take the exact path.</summary>
    public const int LeastPatches = 32 * Sample;

    /// <summary>Chooses the cheapest path whose embeddings are the exact ones but for <see cref="LeastCosine"/>.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="plan">Its patches.</param>
    /// <param name="options">How it is compressed.</param>
    /// <param name="exact">The encoder as it is.</param>
    /// <param name="int8">The encoder in 8 bits, made when it is first wanted; null where there is none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Histonic.Slides.InputException">Pixels of the sample cannot be decoded, and the options do not blank them.</exception>
    public static async Task<EncodingPath> ChooseAsync(
        ISlide slide,
        PatchPlan plan,
        CompressionOptions options,
        BatchEncoder exact,
        Lazy<BatchEncoder?> int8,
        CancellationToken cancellationToken
    )
    {
        var all = new EncodingPath(PatchSource.Of(plan.Geometry), exact, 1);
        if (options.Exact || plan.Cells.Count < LeastPatches)
            return all;
        var sample = plan.Sample(Sample);
        var feed = options.Feed;
        List<PatchSource> sources = [.. PatchSource.Pooled(slide, plan.Geometry, exact.Encoder.Pool), all.Source];
        var expected = await EmbedAsync(all).ConfigureAwait(false);
        foreach (var encoder in int8.Value is { } eight ? [eight, exact] : new[] { exact })
        {
            foreach (var source in sources)
            {
                var path = new EncodingPath(source, encoder, 1);
                if (path == all)
                    break;
                var cosine = MeanCosine(expected, await EmbedAsync(path).ConfigureAwait(false), exact.Channels);
                if (cosine >= LeastCosine)
                    return path with { Cosine = cosine };
            }
        }

        return all;

        async Task<float[]> EmbedAsync(EncodingPath path)
        {
            var embeddings = new float[sample.Cells.Count * exact.Channels];
            var batches = PatchFeed.ReadAsync(
                slide,
                sample,
                path.Source,
                feed,
                batch => path.Encoder.Encode(batch, cancellationToken),
                cancellationToken
            );
            await foreach (var batch in batches.ConfigureAwait(false))
            {
                using (batch)
                {
                    for (var i = 0; i < batch.Count; i++)
                    {
                        batch
                            .Embeddings.Slice(i * exact.Channels, exact.Channels)
                            .CopyTo(embeddings.AsSpan(batch.Places[i] * exact.Channels));
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
