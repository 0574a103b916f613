namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Deals an endless row of places in given proportions, as evenly as whole numbers allow.</summary>
/// <remarks>
/// After n places each has had between ⌊n·p⌋ and ⌈n·p⌉ or one off: the next place goes to who lacks most (the largest p·(n + 1) − had;
/// of equals, the first). With equal proportions that is one after another. The row repeats after <see cref="Kept"/> places.
/// </remarks>
internal sealed class Proportions
{
    private const int Kept = 2520; // whole rounds for every number of equal shares up to 10

    private readonly double[] _shares;
    private readonly List<int> _dealt = [];
    private readonly List<long[]> _had = [];

    /// <summary>Creates a row.</summary>
    /// <param name="weights">The weights, relative to each other; none is negative, and one at least is above 0.</param>
    public Proportions(IEnumerable<double> weights)
    {
        double[] all = [.. weights];
        var sum = all.Sum();
        _shares = [.. all.Select(weight => weight / sum)];
    }

    /// <summary>How many of the first places each has had.</summary>
    /// <param name="places">How many places.</param>
    public IReadOnlyList<long> Had(long places)
    {
        var (rounds, rest) = Math.DivRem(places, Kept);
        Extend(Kept);
        var all = _had[Kept];
        return [.. _had[(int)rest].Zip(all, (here, one) => here + (rounds * one))];
    }

    /// <summary>Who has a place.</summary>
    /// <param name="place">From 0.</param>
    public int At(long place)
    {
        Extend(Kept);
        return _dealt[(int)(place % Kept)];
    }

    private void Extend(int places)
    {
        if (_had.Count == 0)
            _had.Add(new long[_shares.Length]);
        while (_dealt.Count < places)
        {
            var had = _had[^1];
            var next = 0;
            for (var i = 1; i < _shares.Length; i++)
            {
                if (Lack(i) > Lack(next) + 1e-9)
                    next = i;
            }

            long[] after = [.. had];
            after[next]++;
            _dealt.Add(next);
            _had.Add(after);

            double Lack(int i) => (_shares[i] * (_dealt.Count + 1)) - had[i];
        }
    }
}
