using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class BalancedSamplerTests
{
    [Fact]
    public void Every_batch_holds_all_tasks_and_all_classes_in_equal_shares()
    {
        var sampler = new BalancedSampler([Task("a", 50, 5), Task("b", 3, 40, 20), Task("c", 9, 9)], 20, new Seed(1));
        var totals = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var step = 0; step < 18; step++)
        {
            var batch = sampler.Next();
            Assert.Equal(20, batch.Sum(task => task.Count));
            Assert.All(batch, task => Assert.InRange(task.Count, 6, 7));
            foreach (var (task, patches) in batch.Index())
            {
                var counts = patches.CountBy(patch => patch.Class).Select(count => count.Value).ToList();
                Assert.Equal(task == 1 ? 3 : 2, counts.Count);
                Assert.True(counts.Max() - counts.Min() <= 1);
                totals[$"{task}"] = totals.GetValueOrDefault($"{task}") + patches.Count;
            }
        }

        Assert.Equal([120, 120, 120], totals.Values);
    }

    [Fact]
    public void No_patch_of_a_class_comes_twice_before_all_came_once()
    {
        var sampler = new BalancedSampler([Task("a", 10, 4)], 8, new Seed(1));
        var drawn = Enumerable.Range(0, 5).SelectMany(_ => sampler.Next()[0]).ToList();
        var first = drawn.Where(patch => patch.Class == 0).Select(patch => patch.Path).ToList();
        var second = drawn.Where(patch => patch.Class == 1).Select(patch => patch.Path).ToList();
        Assert.All(first.Chunk(10), round => Assert.Equal(10, round.Distinct(StringComparer.Ordinal).Count()));
        Assert.All(second.Chunk(4), round => Assert.Equal(4, round.Distinct(StringComparer.Ordinal).Count()));
        Assert.NotEqual(first.Take(10), first.Skip(10).Take(10));
    }

    [Fact]
    public void One_seed_gives_one_order()
    {
        Assert.Equal(Paths(1), Paths(1));
        Assert.NotEqual(Paths(1), Paths(2));

        static List<string> Paths(int seed) =>
            [.. new BalancedSampler([Task("a", 10, 4)], 8, new Seed(seed)).Next()[0].Select(patch => patch.Path)];
    }

    private static PatchTask Task(string name, params int[] sizes) =>
        new(
            new TaskSource(name, name),
            [.. sizes.Select((_, label) => $"c{label}")],
            [
                .. sizes.SelectMany(
                    (size, label) =>
                        Enumerable
                            .Range(0, size)
                            .Select(i => new PatchSample($"{name}/{label}/{i}", label, $"{i}", SplitPart.Train))
                ),
            ],
            [],
            0
        );
}
