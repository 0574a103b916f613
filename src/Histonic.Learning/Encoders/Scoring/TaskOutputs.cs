using Histonic.Slides;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;

namespace Histonic.Learning.Encoders.Scoring;

/// <summary>What a head says of some patches, beside the truth.</summary>
/// <param name="Probabilities">Patches × classes, patch after patch.</param>
/// <param name="Truth">The class of each patch.</param>
/// <param name="Groups">The patient or slide of each patch, as a number.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Loss">The mean cross-entropy in nats; NaN without a patch.</param>
internal sealed record TaskOutputs(
    double[] Probabilities,
    int[] Truth,
    IReadOnlyList<int> Groups,
    int Classes,
    double Loss
)
{
    private readonly int[] _predicted =
    [
        .. Enumerable
            .Range(0, Truth.Length)
            .Select(row =>
            {
                var best = 0;
                for (var k = 1; k < Classes; k++)
                    best = Probabilities[(row * Classes) + k] > Probabilities[(row * Classes) + best] ? k : best;
                return best;
            }),
    ];

    /// <summary>Outputs of patches, their groups numbered.</summary>
    public static TaskOutputs Of(
        IEnumerable<(int Class, string Group)> patches,
        int classes,
        double[] probabilities,
        double loss
    )
    {
        var samples = patches.ToList();
        var numbers = samples
            .Select(sample => sample.Group)
            .Distinct(StringComparer.Ordinal)
            .Index()
            .ToDictionary(group => group.Item, group => group.Index, StringComparer.Ordinal);
        return new TaskOutputs(
            probabilities,
            [.. samples.Select(sample => sample.Class)],
            [.. samples.Select(sample => numbers[sample.Group])],
            classes,
            loss
        );
    }

    /// <summary>Gets the figures by name, each as a statistic of some of the patches.</summary>
    public IReadOnlyList<(string Name, ResampledStatistic Of)> Measures =>
        [
            ("auc", Area),
            ("balanced_accuracy", rows => Matrix(rows).BalancedAccuracy),
            ("accuracy", rows => Matrix(rows).Accuracy),
        ];

    public TaskScore Score()
    {
        if (Truth.Length == 0)
            return new TaskScore(double.NaN, 0, 0, null, 0);
        var matrix = new ConfusionMatrix(Truth, _predicted, Classes);
        double? auc = Truth.Distinct().Skip(1).Any() ? Area([.. Enumerable.Range(0, Truth.Length)]) : null;
        return new TaskScore(Loss, matrix.Accuracy, matrix.BalancedAccuracy, auc, Truth.Length);
    }

    /// <summary>The figures with 95 % intervals, whole patients or slides resampled; without those that these patches do not determine.</summary>
    /// <param name="seed">Where the resamples come from.</param>
    /// <param name="undetermined">Told of each figure that cannot be had, and why.</param>
    public IReadOnlyDictionary<string, Estimate> Estimates(Seed seed, Action<string> undetermined)
    {
        var estimates = new Dictionary<string, Estimate>(StringComparer.Ordinal);
        foreach (var (name, statistic) in Measures)
        {
            try
            {
                estimates[name] = Bootstrap.Percentile(Truth.Length, seed.Number(name), statistic, groups: Groups);
            }
            catch (StatisticsException error)
            {
                undetermined($"{name} has no interval: {error.Message}");
            }
        }

        return estimates;
    }

    private ConfusionMatrix Matrix(ReadOnlySpan<int> rows)
    {
        var truth = new int[rows.Length];
        var predicted = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            (truth[i], predicted[i]) = (Truth[rows[i]], _predicted[rows[i]]);
        return new ConfusionMatrix(truth, predicted, Classes);
    }

    private double Area(ReadOnlySpan<int> rows)
    {
        if (Classes == 2)
        {
            var scores = new double[rows.Length];
            var positives = new bool[rows.Length];
            for (var i = 0; i < rows.Length; i++)
                (scores[i], positives[i]) = (Probabilities[(rows[i] * 2) + 1], Truth[rows[i]] == 1);
            return RocCurve.Area(scores, positives);
        }

        var probabilities = new double[rows.Length * Classes];
        var labels = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            labels[i] = Truth[rows[i]];
            Probabilities.AsSpan(rows[i] * Classes, Classes).CopyTo(probabilities.AsSpan(i * Classes));
        }

        return OneVersusRest.MacroArea(probabilities, labels, Classes);
    }
}
