namespace Histonic.Learning.Encoders;

/// <summary>The network E of the papers: a patch becomes an embedding.</summary>
public interface IPatchEncoder : IDisposable
{
    /// <summary>Gets what the encoder's file says of it.</summary>
    EncoderInfo Info { get; }

    /// <summary>Embeds a batch of patches.</summary>
    /// <param name="patchesNCHW">n × 3 × P × P floats: RGB in [-1, 1] (x / 255 · 2 − 1), one plane a colour.</param>
    /// <param name="count">The number n of patches.</param>
    /// <param name="embeddingsNC">Receives n × C floats.</param>
    void Encode(ReadOnlyMemory<float> patchesNCHW, int count, Memory<float> embeddingsNC);
}
