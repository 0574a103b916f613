namespace Histonic.Slides.Reading;

/// <summary>How source pixels share in target pixels along one axis, when each target is the mean of the area it covers.</summary>
internal sealed class AreaWeights
{
    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <summary>Spreads a source over a target.</summary>
    /// <param name="source">The number of source pixels.</param>
    /// <param name="target">The number of target pixels.</param>
    /// <param name="step">Source pixels per target pixel, at least about 1.</param>
    /// <param name="offset">Where the first target pixel begins, in source pixels.</param>
    public AreaWeights(int source, int target, double step, double offset = 0)
    {
        (Source, Target) = (source, target);
        _first = new int[target];
        _weights = new float[target][];
        for (var i = 0; i < target; i++)
        {
            var from = Math.Clamp(offset + (i * step), 0, source);
            var to = Math.Clamp(offset + ((i + 1) * step), 0, source);
            var first = Math.Min((int)(from + 1e-9), source - 1);
            var last = Math.Clamp((int)Math.Ceiling(to - 1e-9) - 1, first, source - 1);
            var weights = new float[last - first + 1];
            for (var j = first; j <= last; j++)
                weights[j - first] = (float)(Math.Min(to, j + 1) - Math.Max(from, j));
            var sum = weights.Sum();
            if (sum > 0)
            {
                for (var j = 0; j < weights.Length; j++)
                    weights[j] /= sum;
            }
            else
            {
                weights[0] = 1; // a target pixel at the very rim, where rounding leaves no area
            }

            (_first[i], _weights[i]) = (first, weights);
        }
    }

    /// <summary>Gets the number of source pixels.</summary>
    public int Source { get; }

    /// <summary>Gets the number of target pixels.</summary>
    public int Target { get; }

    /// <summary>The first source pixel under a target pixel.</summary>
    public int First(int target) => _first[target];

    /// <summary>The weights of the source pixels from the first on; they sum to 1.</summary>
    public ReadOnlySpan<float> Weights(int target) => _weights[target];
}
