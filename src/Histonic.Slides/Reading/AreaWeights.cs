namespace Histonic.Slides.Reading;

/// <summary>How source pixels share in target pixels along one axis, when each target is the mean of the area it covers.</summary>
internal sealed class AreaWeights
{
    private readonly int[] _first;
    private readonly int[] _place; // where the weights of each target begin; one more at the end
    private readonly float[] _weights;

    /// <summary>Spreads a source over a target.</summary>
    /// <param name="source">The number of source pixels.</param>
    /// <param name="target">The number of target pixels.</param>
    /// <param name="step">Source pixels per target pixel, at least about 1.</param>
    public AreaWeights(int source, int target, double step)
        : this(source, target, step, [0]) { }

    /// <summary>Spreads a source over several pieces of target that begin where they like, one behind the other.</summary>
    /// <param name="source">The number of source pixels.</param>
    /// <param name="target">The number of target pixels of one piece.</param>
    /// <param name="step">Source pixels per target pixel, at least about 1.</param>
    /// <param name="offsets">Where each piece begins, in source pixels.</param>
    public AreaWeights(int source, int target, double step, ReadOnlySpan<double> offsets)
    {
        (Source, Target) = (source, target * offsets.Length);
        _first = new int[Target];
        _place = new int[Target + 1];
        var weights = new float[Target * ((int)Math.Ceiling(step) + 2)];
        for (var i = 0; i < Target; i++)
        {
            var (piece, inside) = Math.DivRem(i, target);
            var from = Math.Clamp(offsets[piece] + (inside * step), 0, source);
            var to = Math.Clamp(offsets[piece] + ((inside + 1) * step), 0, source);
            var first = Math.Min((int)(from + 1e-9), source - 1);
            var last = Math.Clamp((int)Math.Ceiling(to - 1e-9) - 1, first, source - 1);
            var own = weights.AsSpan(_place[i], last - first + 1);
            for (var j = first; j <= last; j++)
                own[j - first] = (float)(Math.Min(to, j + 1) - Math.Max(from, j));
            float sum = 0;
            foreach (var weight in own)
                sum += weight;
            if (sum > 0)
            {
                foreach (ref var weight in own)
                    weight /= sum;
            }
            else
            {
                own[0] = 1; // a target pixel at the very rim, where rounding leaves no area
            }

            (_first[i], _place[i + 1]) = (first, _place[i] + own.Length);
        }

        _weights = weights;
    }

    /// <summary>Gets the number of source pixels.</summary>
    public int Source { get; }

    /// <summary>Gets the number of target pixels, of all pieces.</summary>
    public int Target { get; }

    /// <summary>The first source pixel under a target pixel.</summary>
    public int First(int target) => _first[target];

    /// <summary>The weights of the source pixels from the first on; they sum to 1.</summary>
    public ReadOnlySpan<float> Weights(int target) =>
        _weights.AsSpan(_place[target], _place[target + 1] - _place[target]);
}
