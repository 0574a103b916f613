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

    /// <summary>
    /// Gets the side k of the squares of pixels whose means are all the network looks at: 2 for the papers' encoder, which begins with
    /// 2 × 2 average pooling; 1 where it looks at the pixels.
    /// </summary>
    int Pool { get; }

    /// <summary>Embeds a batch of patches that are pooled already. May be called on several threads at once.</summary>
    /// <param name="pooledNCHW">n × 3 × P / k × P / k floats: means of k × k pixels, in [-1, 1].</param>
    /// <param name="count">The number n of patches.</param>
    /// <param name="embeddingsNC">Receives n × C floats.</param>
    void EncodePooled(ReadOnlyMemory<float> pooledNCHW, int count, Memory<float> embeddingsNC);
}
