using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;

namespace Histonic.Learning.Compression;

/// <summary>From which pixels a slide's patches are read, and how near their embeddings come to those of all pixels.</summary>
/// <param name="Source">The pixels.</param>
/// <param name="Cosine">The mean cosine between the embeddings of a sample of patches from these and from all pixels; 1 where they are all pixels.</param>
internal readonly record struct SourceChoice(PatchSource Source, double Cosine)
{
    /// <summary>The mean cosine that cheaper pixels have to reach.</summary>
    public const double LeastCosine = 0.999;

    /// <summary>How many patches are embedded both ways, evenly spread over the slide's.</summary>
    public const int Sample = 32;

    /// <summary>The patches from which on looking pays; smaller slides are read whole.</summary>
    public const int LeastPatches = 32 * Sample;

    /// <summary>Chooses the cheapest pixels whose embeddings are those of all pixels but for <see cref="LeastCosine"/>.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="plan">Its patches.</param>
    /// <param name="options">How it is compressed.</param>
    /// <param name="encoder">Embeds the sample.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Histonic.Slides.InputException">Pixels of the sample cannot be decoded, and the options do not blank them.</exception>
    public static async Task<SourceChoice> MakeAsync(
        ISlide slide,
        PatchPlan plan,
        CompressionOptions options,
        BatchEncoder encoder,
        CancellationToken cancellationToken
    )
    {
        var all = new SourceChoice(PatchSource.Of(plan.Geometry), 1);
        var cheaper = PatchSource.Pooled(slide, plan.Geometry, encoder.Encoder.Pool);
        if (options.ExactPixels || plan.Cells.Count < LeastPatches || cheaper.Count == 0)
            return all;
        var sample = plan.Sample(Sample);
        var expected = await EmbedAsync(all.Source).ConfigureAwait(false);
        foreach (var source in cheaper)
        {
            var actual = await EmbedAsync(source).ConfigureAwait(false);
            var cosine = MeanCosine(expected, actual, encoder.Encoder.Info.Channels);
            if (cosine >= LeastCosine)
                return new SourceChoice(source, cosine);
        }

        return all;

        async Task<List<float>> EmbedAsync(PatchSource source)
        {
            var feed = new PatchFeedOptions
            {
                BatchSize = options.BatchSize,
                Threads = options.Threads,
                OnDamage = options.OnDamage,
            };
            var embeddings = new List<float>();
            var batches = PatchFeed.ReadAsync(
                slide,
                sample,
                source,
                feed,
                batch => encoder.Encode(batch, cancellationToken),
                cancellationToken
            );
            await foreach (var batch in batches.ConfigureAwait(false))
            {
                using (batch)
                    embeddings.AddRange(batch.Embeddings);
            }

            return embeddings;
        }
    }

    private static double MeanCosine(List<float> expected, List<float> actual, int channels)
    {
        double sum = 0;
        for (var at = 0; at < expected.Count; at += channels)
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

        return sum * channels / expected.Count;
    }
}
