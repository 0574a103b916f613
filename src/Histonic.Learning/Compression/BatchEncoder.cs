using System.Collections.Concurrent;
using Histonic.Learning.Encoders;
using Histonic.Slides.Grids;
using Histonic.Slides.Tiling;

namespace Histonic.Learning.Compression;

/// <summary>Turns batches of pixels into embeddings, on several threads at once; memory of earlier batches is used again.</summary>
/// <param name="encoder">The encoder.</param>
/// <param name="batchSize">The most patches of a batch.</param>
/// <param name="symmetries">Whether each patch is embedded under all 8 symmetries.</param>
internal sealed class BatchEncoder(IPatchEncoder encoder, int batchSize, bool symmetries)
{
    private readonly ConcurrentBag<Buffers> _free = [];

    private int Side { get; } = encoder.Info.PatchSize / encoder.Pool;

    /// <summary>Gets the encoder.</summary>
    public IPatchEncoder Encoder => encoder;

    /// <summary>Gets the length C of an embedding.</summary>
    public int Channels => encoder.Info.Channels;

    /// <summary>Embeds a batch, and disposes it.</summary>
    /// <param name="batch">Patches of the encoder's size, or already shrunk to the means it looks at.</param>
    /// <param name="cancellationToken">Stops it between symmetries.</param>
    /// <returns>The embeddings; dispose them after use.</returns>
    public EncodedBatch Encode(PatchBatch batch, CancellationToken cancellationToken)
    {
        if (!_free.TryTake(out var buffers))
            buffers = new Buffers(batchSize, Side, encoder.Info.Channels, symmetries);
        try
        {
            using (batch)
            {
                var (count, pixels) = (batch.Count, batch.Count * 3 * Side * Side);
                PatchPlanes.WritePooled(batch.Rgb.Span, batch.Side, batch.Side / Side, buffers.Planes);
                var numbers = count * encoder.Info.Channels;
                encoder.EncodePooled(
                    buffers.Planes.AsMemory(0, pixels),
                    count,
                    buffers.Embeddings.AsMemory(0, numbers)
                );
                if (symmetries)
                {
                    buffers.Embeddings.AsSpan(0, numbers).CopyTo(buffers.EmbeddingsD4);
                    for (var symmetry = 1; symmetry < GridSymmetry.Count; symmetry++)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        // means of squares turn as the pixels do
                        PatchPlanes.Turn(symmetry, buffers.Planes.AsSpan(0, pixels), Side, buffers.Turned);
                        encoder.EncodePooled(
                            buffers.Turned.AsMemory(0, pixels),
                            count,
                            buffers.EmbeddingsD4.AsMemory(symmetry * numbers, numbers)
                        );
                    }
                }

                return new EncodedBatch(batch.Places, numbers, batch.Blanks, buffers, _free);
            }
        }
        catch
        {
            _free.Add(buffers);
            throw;
        }
    }

    /// <summary>The memory of one batch.</summary>
    internal sealed class Buffers(int batchSize, int side, int channels, bool symmetries)
    {
        public float[] Planes { get; } = new float[batchSize * 3 * side * side];

        public float[] Turned { get; } = symmetries ? new float[batchSize * 3 * side * side] : [];

        public float[] Embeddings { get; } = new float[batchSize * channels];

        public float[] EmbeddingsD4 { get; } = symmetries ? new float[GridSymmetry.Count * batchSize * channels] : [];
    }
}
