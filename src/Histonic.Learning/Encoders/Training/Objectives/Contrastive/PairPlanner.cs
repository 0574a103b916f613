using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Objectives.Contrastive;

/// <summary>Chooses the pairs of each batch: tasks in their shares, half of each task's pairs the same place, half different ones.</summary>
/// <remarks>
/// Same: one patch at one place, changed in two ways. Different: with the probability that P2 gives to neighbours another patch of the same
/// group, otherwise one of another group of the same task; where one kind is not to be had, the other. Each patch is the first of a pair as often
/// as any other of its task. A batch holds the first views of all pairs, then the second ones.
/// </remarks>
internal sealed class PairPlanner : IBatchPlanner
{
    private readonly Seed _seed;
    private readonly double _neighbourShare;
    private readonly int _pairs;
    private readonly Proportions _tasks;
    private readonly ShuffledOrder<PatchSample>[] _orders;
    private readonly PairPartners[] _partners;

    /// <summary>Prepares the choice.</summary>
    /// <param name="tasks">Where the patches come from; each has two training patches at least.</param>
    /// <param name="pairs">The number of pairs of a batch.</param>
    /// <param name="neighbourShare">The share of the different pairs that come from one group, in [0, 1].</param>
    /// <param name="seed">Where the orders, partners, places and changes come from.</param>
    public PairPlanner(IReadOnlyList<PatchTask> tasks, int pairs, double neighbourShare, Seed seed)
    {
        (_pairs, _neighbourShare, _seed) = (pairs, neighbourShare, seed);
        _tasks = new Proportions(tasks.Select(task => task.Options.Share));
        _orders =
        [
            .. tasks.Select(task => new ShuffledOrder<PatchSample>(
                [.. task.Of(SplitPart.Train)],
                seed,
                $"order {task.Name} -1"
            )),
        ];
        _partners = [.. tasks.Select(task => new PairPartners(task.Of(SplitPart.Train)))];
    }

    /// <inheritdoc/>
    public int Views => 2 * _pairs;

    /// <inheritdoc/>
    public BatchPlan Plan(long step)
    {
        var random = _seed.For($"pairs {step}");
        var (before, after) = (_tasks.Had(step * _pairs), _tasks.Had((step + 1) * _pairs));
        var pairs = new List<PlannedPair>(_pairs);
        for (var task = 0; task < _orders.Length; task++)
        {
            for (var drawn = before[task]; drawn < after[task]; drawn++)
            {
                var sample = _orders[task].At(drawn);
                pairs.Add(
                    drawn % 2 == 0
                        ? PairPartners.Same(sample, random)
                        : _partners[task].Different(sample, random.NextDouble() < _neighbourShare, random)
                );
            }
        }

        return new BatchPlan(
            [.. pairs.Select(pair => pair.First), .. pairs.Select(pair => pair.Second)],
            [Views],
            [.. pairs.Select(pair => pair.Same ? 1L : 0)]
        );
    }

    /// <summary>Pairs of held-out patches, always the same ones: of each chosen patch one same pair and one different one.</summary>
    /// <param name="tasks">Where they come from. A task with a single patch has no pairs.</param>
    /// <param name="part">Validation or test.</param>
    /// <param name="most">The most pairs; where there are more patches, a random choice of them.</param>
    /// <param name="neighbourShare">As in training.</param>
    /// <param name="seed">Decides.</param>
    public static IReadOnlyList<PlannedPair> HeldOut(
        IReadOnlyList<PatchTask> tasks,
        SplitPart part,
        int most,
        double neighbourShare,
        Seed seed
    )
    {
        var random = seed.For($"pairs {part}");
        (PatchSample Sample, PairPartners Partners)[] all =
        [
            .. tasks
                .Select(task => (Samples: task.Of(part), Partners: new PairPartners(task.Of(part))))
                .Where(task => task.Partners.Any)
                .SelectMany(task => task.Samples.Select(sample => (sample, task.Partners))),
        ];
        random.Shuffle(all);
        return
        [
            .. all.Take(most / 2)
                .SelectMany(one =>
                    new[]
                    {
                        PairPartners.Same(one.Sample, random),
                        one.Partners.Different(one.Sample, random.NextDouble() < neighbourShare, random),
                    }
                ),
        ];
    }
}
