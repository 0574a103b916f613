// Shapes: B patches, C colours, S the side of a view, D length of an embedding.
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.BiGan;

/// <summary>Views with embeddings, which the discriminator judges together.</summary>
/// <param name="ViewsBCSS">RGB in [-1, 1].</param>
/// <param name="EmbeddingsBD">One a view.</param>
internal readonly record struct ImageEmbeddings(Tensor ViewsBCSS, Tensor EmbeddingsBD);
