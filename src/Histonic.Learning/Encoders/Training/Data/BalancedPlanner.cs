using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Chooses the patches of each batch: tasks in their shares, and within a task its classes in theirs.</summary>
/// <remarks>
/// Shares that do not come out even take turns, so that they are kept over time and missed by at most one in a batch. Each
/// class is gone through in an order of its own, shuffled anew each time round: a small class comes often, and none of its
/// patches more often than another.
/// </remarks>
internal sealed class BalancedPlanner : IBatchPlanner
{
    private readonly Seed _seed;
    private readonly Proportions _tasks;
    private readonly Proportions[] _classes;
    private readonly ShuffledOrder<PatchSample>[][] _orders;

    /// <summary>Prepares the choice.</summary>
    /// <param name="tasks">The tasks; every class has a training patch.</param>
    /// <param name="batch">The number of patches of a batch.</param>
    /// <param name="byClass">Whether classes are balanced; otherwise labels are not looked at.</param>
    /// <param name="seed">Where the orders, places and changes come from.</param>
    public BalancedPlanner(IReadOnlyList<PatchTask> tasks, int batch, bool byClass, Seed seed)
    {
        (Views, _seed) = (batch, seed);
        _tasks = new Proportions(tasks.Select(task => task.Options.Share));
        _classes =
        [
            .. tasks.Select(task => new Proportions(
                byClass ? task.Classes.Select(name => task.Options.ClassShares.GetValueOrDefault(name, 1)) : [1]
            )),
        ];
        _orders =
        [
            .. tasks.Select(task =>
                (byClass ? Enumerable.Range(0, task.Classes.Count) : [-1])
                    .Select(label => new ShuffledOrder<PatchSample>(
                        [.. task.Of(SplitPart.Train).Where(sample => label < 0 || sample.Class == label)],
                        seed,
                        $"order {task.Name} {label}"
                    ))
                    .ToArray()
            ),
        ];
    }

    /// <inheritdoc/>
    public int Views { get; }

    /// <inheritdoc/>
    public BatchPlan Plan(long step)
    {
        var random = _seed.For($"views {step}");
        var (before, after) = (_tasks.Had(step * Views), _tasks.Had((step + 1) * Views));
        var patches = new List<PlannedPatch>(Views);
        var counts = new int[_orders.Length];
        for (var task = 0; task < counts.Length; task++)
        {
            counts[task] = (int)(after[task] - before[task]);
            for (var drawn = before[task]; drawn < after[task]; drawn++)
            {
                var label = _classes[task].At(drawn);
                var sample = _orders[task][label].At(_classes[task].Had(drawn)[label]);
                patches.Add(new PlannedPatch(sample, random.Next(), random.Next()));
            }
        }

        return new BatchPlan(patches, counts, [.. patches.Select(patch => (long)patch.Sample.Class)]);
    }
}
