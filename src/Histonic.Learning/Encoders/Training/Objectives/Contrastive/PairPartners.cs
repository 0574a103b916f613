using Histonic.Learning.Encoders.Training.Data;

namespace Histonic.Learning.Encoders.Training.Objectives.Contrastive;

/// <summary>Finds the other patch of a pair among the patches of one task.</summary>
/// <remarks>P2 parts slides into pairs of adjacent patches that do not overlap and pairs from different slides; patches of one group stand for neighbours here.</remarks>
internal sealed class PairPartners
{
    private readonly List<PatchSample> _byGroup;
    private readonly Dictionary<PatchSample, int> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, (int First, int Count)> _groups = new(StringComparer.Ordinal);

    /// <summary>Prepares the search.</summary>
    /// <param name="samples">The patches of one part of one task.</param>
    public PairPartners(IEnumerable<PatchSample> samples)
    {
        _byGroup = [.. samples.OrderBy(sample => sample.Group, StringComparer.Ordinal)];
        foreach (var (place, sample) in _byGroup.Index())
        {
            _places[sample] = place;
            var (first, count) = _groups.GetValueOrDefault(sample.Group, (place, 0));
            _groups[sample.Group] = (first, count + 1);
        }
    }

    /// <summary>Gets whether there is more than one patch, so that each has a partner.</summary>
    public bool Any => _byGroup.Count > 1;

    /// <summary>The same patch, at the same place, changed in another way.</summary>
    public static PlannedPair Same(PatchSample sample, Random random)
    {
        var place = random.Next();
        return new(
            new PlannedPatch(sample, place, random.Next()),
            new PlannedPatch(sample, place, random.Next()),
            Same: true
        );
    }

    /// <summary>Another patch, each as likely as the others of its kind.</summary>
    /// <param name="sample">The one patch.</param>
    /// <param name="neighbour">Whether it should come from the same group; where there is none, the other kind is taken.</param>
    /// <param name="random">Decides.</param>
    public PlannedPair Different(PatchSample sample, bool neighbour, Random random)
    {
        var place = _places[sample];
        var (first, count) = _groups[sample.Group];
        var others = _byGroup.Count - count;
        var inside = others == 0 || (neighbour && count > 1);
        // without the patch itself, or without its whole group
        var (gap, length) = inside ? (place, 1) : (first, count);
        var at = inside ? first + random.Next(count - 1) : random.Next(others);
        var other = _byGroup[at < gap ? at : at + length];
        return new(
            new PlannedPatch(sample, random.Next(), random.Next()),
            new PlannedPatch(other, random.Next(), random.Next()),
            Same: false
        );
    }
}
