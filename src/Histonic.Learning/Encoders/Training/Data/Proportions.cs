namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Deals an endless row of places in given proportions, as evenly as whole numbers allow.</summary>
/// <remarks>
/// After n places each has had between ⌊n·p⌋ and ⌈n·p⌉ or one off: the next place goes to who lacks most (the largest p·(n + 1) − had;
/// of equals, the first). With equal proportions that is one after another. The row repeats after as few places as hold each proportion a whole
/// number of times (weights such as 1, 2.5 and 0.3 do after 38); of weights that none up to 10,000 fits, after the number that fits best.
/// </remarks>
internal sealed class Proportions
{
    private const int LongestPeriod = 10_000;

    private readonly int _period;
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
        _period = Enumerable.Range(1, LongestPeriod).MinBy(Misfit);
    }

    /// <summary>How many of the first places each has had.</summary>
    /// <param name="places">How many places.</param>
    public IReadOnlyList<long> Had(long places)
    {
        var (rounds, rest) = Math.DivRem(places, _period);
        Extend(_period);
        var all = _had[_period];
        return [.. _had[(int)rest].Zip(all, (here, one) => here + (rounds * one))];
    }

    /// <summary>Who has a place.</summary>
    /// <param name="place">From 0.</param>
    public int At(long place)
    {
        Extend(_period);
        return _dealt[(int)(place % _period)];
    }

    // rounded, so that of periods that fit all the same the shortest is taken
    private double Misfit(int period) =>
        Math.Round(_shares.Max(share => Math.Abs((share * period) - Math.Round(share * period))), 9);

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
