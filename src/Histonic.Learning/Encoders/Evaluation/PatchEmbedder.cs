using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>Embeds labelled patches: the middle P × P pixels at the encoder's scale, as the encoder would see them on a slide.</summary>
/// <param name="encoder">The encoder.</param>
/// <param name="name">What it is called in an error.</param>
/// <param name="pixels">The patches' pixels at the encoder's scale.</param>
/// <param name="threads">How many threads cut.</param>
internal sealed class PatchEmbedder(IPatchEncoder encoder, string name, PatchPixels pixels, int threads)
{
    private readonly int _side = encoder.Info.PatchSize;

    // an ONNX encoder pools for itself: it is given every pixel
    private readonly PatchAugmenter _cutter = new(
        AugmentationOptions.Named["none"],
        new EncoderShape { Architecture = EncoderArchitecture.Deep, PatchSize = encoder.Info.PatchSize }
    );

    /// <summary>Embeds patches, batch after batch.</summary>
    /// <param name="samples">The patches.</param>
    /// <param name="onBatch">Told how many more are done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">A patch can no longer be read, or the encoder fails on one.</exception>
    public LabelledEmbeddings Embed(
        IReadOnlyList<PatchSample> samples,
        Action<int> onBatch,
        CancellationToken cancellationToken
    )
    {
        var (each, channels) = (3 * _side * _side, encoder.Info.Channels);
        var planes = new float[Math.Min(OnnxEncoder.LargestRun, samples.Count) * each];
        var values = new float[samples.Count * channels];
        for (var first = 0; first < samples.Count; first += OnnxEncoder.LargestRun)
        {
            var count = Math.Min(OnnxEncoder.LargestRun, samples.Count - first);
            try
            {
                Parallel.For(
                    0,
                    count,
                    new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
                    () => new float[each],
                    (i, _, view) =>
                    {
                        _cutter.CutMiddle(pixels.Of(samples[first + i]), view);
                        ToPlanes(view, planes.AsSpan(i * each, each));
                        return view;
                    },
                    _ => { }
                );
            }
            catch (AggregateException error) when (error.InnerException is InputException inner)
            {
                throw new InputException(inner.Subject, inner.Finding, inner.Remedy, inner);
            }

            encoder.Encode(planes, count, values.AsMemory(first * channels, count * channels));
            for (var i = 0; i < count; i++)
                CheckFinite(values.AsSpan((first + i) * channels, channels), samples[first + i]);
            onBatch(count);
        }

        return new LabelledEmbeddings(
            values,
            channels,
            [.. samples.Select(sample => sample.Class)],
            [.. samples.Select(sample => sample.Group)]
        );
    }

    private static void ToPlanes(ReadOnlySpan<float> view, Span<float> planes)
    {
        var area = view.Length / 3;
        for (var i = 0; i < area; i++)
        {
            planes[i] = view[3 * i];
            planes[area + i] = view[(3 * i) + 1];
            planes[(2 * area) + i] = view[(3 * i) + 2];
        }
    }

    private void CheckFinite(ReadOnlySpan<float> embedding, PatchSample sample)
    {
        foreach (var number in embedding)
        {
            if (!float.IsFinite(number))
            {
                throw new InputException(
                    name,
                    $"gives no finite numbers for {sample.Id}",
                    "Check how it was imported (--range, --mpp), or train it again"
                );
            }
        }
    }
}
