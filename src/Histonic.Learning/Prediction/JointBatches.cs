namespace Histonic.Learning.Prediction;

/// <summary>Batches for several targets at once.</summary>
internal static class JointBatches
{
    private const int Rounds = 50;
    private const double Most = 10; // how often a slide may come for once that a slide comes in the mean, or for how many times once

    /// <summary>One epoch's batches, each with its share of every kind of every target.</summary>
    /// <param name="kinds">Of each target the kind of each slide, from 0; −1 where its truth is not known.</param>
    /// <param name="even">Of each target whether each of its kinds is to come as often.</param>
    /// <param name="size">The size aimed at.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <returns>Indices of the slides: as many as there are, but the rare ones more often.</returns>
    public static IEnumerable<IReadOnlyList<int>> Deal(
        IReadOnlyList<int[]> kinds,
        IReadOnlyList<bool> even,
        int size,
        Random random
    )
    {
        var rates = Rates(kinds, even);
        var slides = Enumerable.Range(0, rates.Length).ToArray();
        random.Shuffle(slides);
        // systematic sampling: a slide comes as often as its rate says, give or take less than once
        List<int> drawn = new(slides.Length);
        double passed = random.NextDouble();
        foreach (var i in slides)
        {
            for (passed += rates[i]; passed >= 1 && drawn.Count < slides.Length; passed--)
                drawn.Add(i);
        }

        if (drawn.Count < slides.Length)
            drawn.Add(slides[^1]); // the sum of the rates fell short by a rounding error
        // those alike stand together and are dealt out in turn
        IOrderedEnumerable<int> order = drawn.OrderBy(i => kinds[0][i]);
        foreach (var target in kinds.Skip(1))
            order = order.ThenBy(i => target[i]);
        return SlideHead.Cut([.. order], size);
    }

    /// <summary>
    /// How often each slide comes, 1 in the mean, so that the kinds of each even target come as often as each other: found by
    /// adjusting one target after the other (raking, Deming and Stephan 1940). Where labels hang together so that this would leave
    /// slides out, or draw few of them over and over, it is come as near to as rates from a tenth to ten allow.
    /// </summary>
    internal static double[] Rates(IReadOnlyList<int[]> kinds, IReadOnlyList<bool> even)
    {
        var rates = new double[kinds[0].Length];
        Array.Fill(rates, 1);
        if (!even.Contains(true))
            return rates;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (target, _) in kinds.Zip(even).Where(one => one.Second))
            {
                var sums = new double[target.Max() + 1];
                for (var i = 0; i < rates.Length; i++)
                {
                    if (target[i] >= 0)
                        sums[target[i]] += rates[i];
                }

                var share = sums.Sum() / sums.Count(sum => sum > 0);
                for (var i = 0; i < rates.Length; i++)
                {
                    if (target[i] >= 0)
                        rates[i] *= share / sums[target[i]];
                }
            }

            for (var i = 0; i < rates.Length; i++)
                rates[i] = Math.Clamp(rates[i], 1 / Most, Most);
            var mean = rates.Average();
            for (var i = 0; i < rates.Length; i++)
                rates[i] /= mean;
        }

        return rates;
    }
}
