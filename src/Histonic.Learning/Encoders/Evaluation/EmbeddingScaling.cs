namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>Brings each number of an embedding to mean 0 and standard deviation 1 over the training patches.</summary>
/// <remarks>
/// Encoders differ in the scale of what they say by orders of magnitude; without it, one learning rate would suit some of them and not
/// others, and a distance would hear the loudest number only.
/// </remarks>
internal sealed class EmbeddingScaling
{
    private readonly double[] _means;
    private readonly double[] _deviations;

    /// <summary>Takes means and standard deviations (with n in the denominator) from the training patches.</summary>
    public EmbeddingScaling(LabelledEmbeddings training)
    {
        _means = new double[training.Channels];
        _deviations = new double[training.Channels];
        for (var patch = 0; patch < training.Count; patch++)
        {
            for (var channel = 0; channel < _means.Length; channel++)
                _means[channel] += training[patch][channel] / (double)training.Count;
        }

        for (var patch = 0; patch < training.Count; patch++)
        {
            for (var channel = 0; channel < _means.Length; channel++)
            {
                var away = training[patch][channel] - _means[channel];
                _deviations[channel] += away * away / training.Count;
            }
        }

        for (var channel = 0; channel < _means.Length; channel++)
        {
            // what hardly differs in training says nothing, and must not be blown up
            var deviation = Math.Sqrt(_deviations[channel]);
            _deviations[channel] = deviation > 1e-6 * Math.Max(1e-6, Math.Abs(_means[channel])) ? deviation : 0;
        }
    }

    /// <summary>The embeddings on the common scale; numbers that do not vary in training become 0.</summary>
    public LabelledEmbeddings Apply(LabelledEmbeddings embeddings)
    {
        var scaled = new float[embeddings.Values.Length];
        for (var at = 0; at < scaled.Length; at++)
        {
            var channel = at % _means.Length;
            scaled[at] =
                _deviations[channel] > 0
                    ? (float)((embeddings.Values[at] - _means[channel]) / _deviations[channel])
                    : 0;
        }

        return embeddings with
        {
            Values = scaled,
        };
    }
}
