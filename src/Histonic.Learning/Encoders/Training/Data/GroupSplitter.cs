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
        var left = groups
            .SelectMany(group => group.Counts.Keys)
            .GroupBy(label => label, StringComparer.Ordinal)
            .ToDictionary(one => one.Key, one => one.Count(), StringComparer.Ordinal);
        var wanted = _parts.Where(part => shares.Of(part) > 0).ToList();
        foreach (var (name, counts) in groups)
        {
            // the last groups of a class go where it is still missing, however little is wanted there
            var missing = wanted
                .Where(part =>
                    counts.Keys.Any(label =>
                        dealt[part][label] == 0 && left[label] <= wanted.Count(other => dealt[other][label] == 0)
                    )
                )
                .ToList();
            var part = (missing.Count > 0 ? missing : wanted).MaxBy(part => Lack(part, counts));
            foreach (var label in counts.Keys)
                left[label]--;
            parts[name] = part;
            foreach (var (label, count) in counts)
                dealt[part][label] += count;
        }

        return parts;

        // what the part still lacks of the group's classes; rare classes count as much as common ones
        double Lack(SplitPart part, Dictionary<string, int> counts) =>
            counts.Sum(count =>
                count.Value
                / (double)totals[count.Key]
                * (shares.Of(part) - (dealt[part][count.Key] / (double)totals[count.Key]))
            );
    }
}
