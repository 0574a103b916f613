// Shapes: N patches, D length of an embedding, R = min(N, D).
using Histonic.Learning.Tensors;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>The first two principal components of embeddings: the directions in which they differ most.</summary>
/// <param name="Scores">N × 2: each embedding's place on them, the mean being 0.</param>
/// <param name="Explained">The shares of the whole variance, in [0, 1], that lie along them.</param>
internal sealed record PrincipalComponents(double[] Scores, IReadOnlyList<double> Explained)
{
    /// <summary>Finds them by singular values, exactly. Each points where its largest weight is positive; what does not exist is 0.</summary>
    public static PrincipalComponents Of(LabelledEmbeddings embeddings)
    {
        using var scope = NewDisposeScope();
        var pointsND = tensor(embeddings.Values, [embeddings.Count, embeddings.Channels]).to(ScalarType.Float64);
        var (leftNR, singularR, rightRD) = linalg.svd(pointsND.Minus(pointsND.mean([0])), fullMatrices: false);
        var (left, singular) = (leftNR.contiguous().data<double>().ToArray(), singularR.data<double>().ToArray());
        var total = singular.Sum(value => value * value);
        var scores = new double[embeddings.Count * 2];
        var explained = new double[2];
        for (var component = 0; component < Math.Min(2, singular.Length); component++)
        {
            var weights = rightRD[component].contiguous().data<double>().ToArray();
            var sign = Math.Sign(weights.MaxBy(Math.Abs));
            for (var patch = 0; patch < embeddings.Count; patch++)
                scores[(patch * 2) + component] =
                    sign * singular[component] * left[(patch * singular.Length) + component];
            explained[component] = total > 0 ? singular[component] * singular[component] / total : 0;
        }

        return new PrincipalComponents(scores, explained);
    }
}
