using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Chooses the patches of each batch: all tasks in equal shares, and within a task all its classes.</summary>
/// <remarks>
/// Shares that do not come out even take turns, so that they are equal over time and differ by at most one in a batch. Each
/// class is gone through in an order of its own, shuffled anew each time round: a small class comes often, and none of its
/// patches more often than another.
/// </remarks>
internal sealed class BalancedSampler
{
    private readonly Seed _seed;
    private readonly int _batch;
    private readonly string[] _names;
    private readonly PatchSample[][][] _patches;
    private readonly PatchSample[][][] _orders;
    private readonly long[] _drawn;
    private long _extras;

    public BalancedSampler(IReadOnlyList<PatchTask> tasks, int batch, Seed seed)
    {
        (_seed, _batch) = (seed, batch);
        _names = [.. tasks.Select(task => task.Name)];
        _patches =
        [
            .. tasks.Select(task =>
                task.Classes.Select(
                        (_, label) => task.Of(SplitPart.Train).Where(sample => sample.Class == label).ToArray()
                    )
                    .ToArray()
            ),
        ];
        _orders = [.. _patches.Select(classes => new PatchSample[classes.Length][])];
        _drawn = new long[tasks.Count];
    }

    /// <summary>The patches of the next batch, one list a task.</summary>
    public IReadOnlyList<IReadOnlyList<PatchSample>> Next()
    {
        var tasks = _patches.Length;
        var counts = Enumerable.Repeat(_batch / tasks, tasks).ToArray();
        for (var extra = 0; extra < _batch % tasks; extra++)
            counts[_extras++ % tasks]++;
        return [.. counts.Select((count, task) => Enumerable.Range(0, count).Select(_ => Draw(task)).ToList())];
    }

    private PatchSample Draw(int task)
    {
        var classes = _patches[task];
        var (turn, label) = Math.DivRem(_drawn[task]++, classes.Length);
        var (round, at) = Math.DivRem(turn, classes[label].Length);
        if (at == 0)
        {
            var order = classes[label].ToArray();
            _seed.For($"order {_names[task]} {label} {round}").Shuffle(order);
            _orders[task][label] = order;
        }

        return _orders[task][label][at];
    }
}
