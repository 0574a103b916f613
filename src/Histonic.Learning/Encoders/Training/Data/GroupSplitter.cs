using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Deals whole groups (patients, slides) to training, validation and test, so that each part gets its share of each class.</summary>
public static class GroupSplitter
{
    private static readonly SplitPart[] _parts = [SplitPart.Train, SplitPart.Validation, SplitPart.Test];

    /// <summary>Deals the groups, the largest first, each to the part that lacks its classes most.</summary>
    /// <param name="patches">The group and the class of each patch. Equal groups stay together, whatever their classes.</param>
    /// <param name="shares">The share each part should get.</param>
    /// <param name="seed">Orders groups of one size. Groups that share no class do not sway each other.</param>
    /// <returns>The part of each group.</returns>
    public static IReadOnlyDictionary<string, SplitPart> Deal(
        IEnumerable<(string Group, string Class)> patches,
        SplitShares shares,
        Seed seed
    )
    {
        var groups = patches
            .GroupBy(patch => patch.Group, StringComparer.Ordinal)
            .Select(group =>
                (
                    Name: group.Key,
                    Counts: group
                        .GroupBy(patch => patch.Class, StringComparer.Ordinal)
                        .ToDictionary(one => one.Key, one => one.Count(), StringComparer.Ordinal)
                )
            )
            .OrderByDescending(group => group.Counts.Values.Sum())
            .ThenBy(group => seed.Number($"split {group.Name}"))
            .ThenBy(group => group.Name, StringComparer.Ordinal)
            .ToList();
        var totals = groups
            .SelectMany(group => group.Counts)
            .GroupBy(count => count.Key, StringComparer.Ordinal)
            .ToDictionary(one => one.Key, one => one.Sum(count => count.Value), StringComparer.Ordinal);
        var dealt = _parts.ToDictionary(
            part => part,
            _ => totals.ToDictionary(total => total.Key, _ => 0, StringComparer.Ordinal)
        );
        var parts = new Dictionary<string, SplitPart>(StringComparer.Ordinal);
        foreach (var (name, counts) in groups)
        {
            var part = _parts.Where(part => shares.Of(part) > 0).MaxBy(part => Lack(part, counts));
            parts[name] = part;
            foreach (var (label, count) in counts)
                dealt[part][label] += count;
        }

        return parts;

        // how empty the part is, 1 to below 0, in the classes of the group; rare classes count as much as common ones
        double Lack(SplitPart part, Dictionary<string, int> counts) =>
            counts.Sum(count =>
                count.Value / (double)totals[count.Key] * (1 - (dealt[part][count.Key] / (shares.Of(part) * totals[count.Key])))
            );
    }
}
