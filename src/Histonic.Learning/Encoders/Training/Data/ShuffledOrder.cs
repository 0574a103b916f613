using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Patches gone through round after round, in an order that is shuffled anew for each round: none comes more often than another.</summary>
/// <param name="samples">The patches; at least one.</param>
/// <param name="seed">Where the orders come from.</param>
/// <param name="purpose">What tells these orders from others of the same seed.</param>
internal sealed class ShuffledOrder(IReadOnlyList<PatchSample> samples, Seed seed, string purpose)
{
    private long _round = -1;
    private PatchSample[] _order = [];

    /// <summary>The patch at a place of the endless row.</summary>
    /// <param name="at">From 0. Fast when rows of neighbours are asked for.</param>
    public PatchSample At(long at)
    {
        var (round, place) = Math.DivRem(at, samples.Count);
        if (round != _round)
        {
            _order = [.. samples];
            seed.For($"{purpose} {round}").Shuffle(_order);
            _round = round;
        }

        return _order[place];
    }
}
