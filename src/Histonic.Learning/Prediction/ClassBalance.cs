using System.Globalization;
using Histonic.Slides;

namespace Histonic.Learning.Prediction;

/// <summary>What is done where some classes have more slides than others.</summary>
/// <param name="Deals">Whether every batch holds as many slides of each class; else slides come as often as they are.</param>
/// <param name="Weights">What an error on each class counts; null: the same, or <see cref="FromCounts"/>.</param>
/// <param name="FromCounts">Whether classes count by n / (k · nₖ), as scikit-learn's "balanced", over the training slides of a fold.</param>
internal sealed record ClassBalance(bool Deals, IReadOnlyList<double>? Weights, bool FromCounts)
{
    /// <summary>Batches that hold as many slides of each class: the default.</summary>
    public static ClassBalance Batches { get; } = new(Deals: true, null, FromCounts: false);

    /// <summary>How each of a run's targets is balanced.</summary>
    /// <param name="text">batches, balanced or none for all of them; or weights, of one target a=1,b=3, of several grade:low=1,grade:high=3.</param>
    /// <param name="targets">The targets' names and classes; none for other kinds of target.</param>
    /// <returns>One a target; null for a target without classes. A target of which weights say nothing has batches.</returns>
    /// <exception cref="OptionException">It is none of these, a weight names no class of a target, or a class of a target has none.</exception>
    public static IReadOnlyList<ClassBalance?> Of(
        string text,
        IReadOnlyList<(string Name, IReadOnlyList<string> Classes)> targets
    )
    {
        if (targets.All(target => target.Classes.Count == 0))
            _ = Parse(text, []);
        return
        [
            .. Split(text, targets)
                .Zip(targets, (own, target) => target.Classes.Count > 0 ? Parse(own, target.Classes) : null),
        ];
    }

    /// <summary>What is said of one target; of one without classes nothing may be.</summary>
    private static ClassBalance Parse(string text, IReadOnlyList<string> classes)
    {
        switch (text)
        {
            case "batches":
                return Batches;
            case "balanced" when classes.Count > 0:
                return new ClassBalance(Deals: false, null, FromCounts: true);
            case "none" when classes.Count > 0:
                return new ClassBalance(Deals: false, null, FromCounts: false);
            default:
                break;
        }

        if (classes.Count == 0)
            throw Fault(text, "left out: the target has no classes");
        var weights = new double[classes.Count];
        foreach (var part in Parts(text))
        {
            var at = part.LastIndexOf('=');
            var index = at < 0 ? -1 : Array.IndexOf([.. classes], part[..at]);
            if (
                index < 0
                || !double.TryParse(
                    part.AsSpan(at + 1),
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var weight
                )
                || !(weight > 0 && double.IsFinite(weight))
            )
                throw Fault(text, Expected(classes));
            weights[index] = weight;
        }

        return weights.All(weight => weight > 0)
            ? new ClassBalance(Deals: false, weights, FromCounts: false)
            : throw Fault(text, Expected(classes));
    }

    /// <summary>The weight of each class.</summary>
    /// <param name="counts">How many training slides each class has, at least one.</param>
    public double[] WeightsOf(IReadOnlyList<int> counts) =>
        Weights is { } given ? [.. given]
        : FromCounts ? [.. counts.Select(count => counts.Sum() / (double)(counts.Count * count))]
        : [.. counts.Select(_ => 1.0)];

    /// <summary>What is said of each target: of one, all; of several, a word for all, or of weights its own.</summary>
    private static string[] Split(string text, IReadOnlyList<(string Name, IReadOnlyList<string> Classes)> targets)
    {
        if (targets.Count == 1 || !text.Contains('=', StringComparison.Ordinal))
            return [.. targets.Select(_ => text)];
        var own = targets.Select(_ => new List<string>()).ToList();
        foreach (var part in Parts(text))
        {
            // of grade and grade:two the longer name
            var index = targets
                .Index()
                .Where(one =>
                    one.Item.Classes.Count > 0 && part.StartsWith($"{one.Item.Name}:", StringComparison.Ordinal)
                )
                .OrderByDescending(one => one.Item.Name.Length)
                .Select(one => one.Index)
                .DefaultIfEmpty(-1)
                .First();
            if (index < 0)
            {
                var weights = targets
                    .Where(target => target.Classes.Count > 0)
                    .Select(target => string.Join(',', target.Classes.Select(name => $"{target.Name}:{name}=1")));
                throw Fault(
                    text,
                    $"batches, balanced, none, or weights of a target's classes, such as {string.Join(" or ", weights)}"
                );
            }

            own[index].Add(part[(targets[index].Name.Length + 1)..]);
        }

        return [.. own.Select(parts => parts.Count > 0 ? string.Join(',', parts) : "batches")];
    }

    private static string[] Parts(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Expected(IReadOnlyList<string> classes) =>
        $"batches, balanced, none, or a positive weight of every class, such as {string.Join(",", classes.Select(name => $"{name}=1"))}";

    private static OptionException Fault(string text, string expected) => new("--class-weights", text, expected);
}
