using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Things (patches) gone through round after round, in an order that is shuffled anew for each round: none comes more often than another.</summary>
/// <typeparam name="T">What is gone through.</typeparam>
/// <param name="all">What is gone through; at least one.</param>
/// <param name="seed">Where the orders come from.</param>
/// <param name="purpose">What tells these orders from others of the same seed.</param>
internal sealed class ShuffledOrder<T>(IReadOnlyList<T> all, Seed seed, string purpose)
{
    private long _round = -1;
    private T[] _order = [];

    /// <summary>What is at a place of the endless row.</summary>
    /// <param name="at">From 0. Fast when rows of neighbours are asked for.</param>
    public T At(long at)
    {
        var (round, place) = Math.DivRem(at, all.Count);
        if (round != _round)
        {
            _order = [.. all];
            seed.For($"{purpose} {round}").Shuffle(_order);
            _round = round;
        }

        return _order[place];
    }
}
