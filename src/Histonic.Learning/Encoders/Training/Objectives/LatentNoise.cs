// Shapes: B patches, D length of an embedding.
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>Standard normal numbers as long as embeddings.</summary>
internal static class LatentNoise
{
    /// <summary>A libtorch generator whose numbers follow from another's: the global one is left alone.</summary>
    public static Generator From(Random random) => new((ulong)(uint)random.Next(), CPU);

    /// <summary>Draws.</summary>
    /// <param name="length">D.</param>
    /// <param name="like">As many rows as this has, of its type, on its device.</param>
    /// <param name="generator">Where the numbers come from.</param>
    /// <returns>B × D. The caller disposes it.</returns>
    public static Tensor Draw(int length, Tensor like, Generator generator)
    {
        using var scope = NewDisposeScope();
        return randn([like.shape[0], length], generator: generator)
            .to(like.dtype)
            .to(like.device)
            .MoveToOuterDisposeScope();
    }
}
