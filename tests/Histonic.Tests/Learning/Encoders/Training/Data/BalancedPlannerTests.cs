using CsCheck;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class BalancedPlannerTests
{
    [Fact]
    public void Every_batch_holds_all_tasks_and_all_classes_in_equal_shares()
    {
        var planner = new BalancedPlanner(
            [Task("a", 50, 5), Task("b", 3, 40, 20), Task("c", 9, 9)],
            20,
            byClass: true,
            new Seed(1)
        );
        var totals = new int[3];
        for (var step = 0; step < 18; step++)
        {
            var plan = planner.Plan(step);
            Assert.Equal(20, plan.Patches.Count);
            Assert.Equal(20, plan.Counts.Sum());
            Assert.Equal(plan.Patches.Select(patch => (long)patch.Sample.Class), plan.Labels);
            Assert.All(plan.Counts, count => Assert.InRange(count, 6, 7));
            var first = 0;
            for (var task = 0; task < 3; task++)
            {
                var own = plan.Patches.Skip(first).Take(plan.Counts[task]).ToList();
                Assert.All(
                    own,
                    patch => Assert.StartsWith("abc"[task].ToString(), patch.Sample.Id, StringComparison.Ordinal)
                );
                var counts = own.CountBy(patch => patch.Sample.Class).Select(count => count.Value).ToList();
                Assert.Equal(task == 1 ? 3 : 2, counts.Count);
                Assert.True(counts.Max() - counts.Min() <= 1);
                totals[task] += own.Count;
                first += own.Count;
            }
        }

        Assert.Equal([120, 120, 120], totals);
    }

    [Fact]
    public void Chosen_shares_of_tasks_and_classes_are_kept_within_one_over_time() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[1, 9], Gen.Int[2, 40], Gen.Int[1, 60])
            .Sample(
                (first, second, rare, batch, steps) =>
                {
                    var planner = new BalancedPlanner(
                        [
                            Task("a", 30, 4) with
                            {
                                Options = new TaskSource("a", "a")
                                {
                                    Share = first,
                                    ClassShares = new Dictionary<string, double>(StringComparer.Ordinal)
                                    {
                                        ["c1"] = rare,
                                    },
                                },
                            },
                            Task("b", 5, 5) with
                            {
                                Options = new TaskSource("b", "b") { Share = second },
                            },
                        ],
                        batch,
                        byClass: true,
                        new Seed(1)
                    );
                    var drawn = Enumerable.Range(0, steps).SelectMany(step => planner.Plan(step).Patches).ToList();
                    var own = drawn.Where(patch => patch.Sample.Id[0] == 'a').ToList();
                    return Near(own.Count, drawn.Count * (double)first / (first + second))
                        && Near(own.Count(patch => patch.Sample.Class == 1), own.Count * (double)rare / (rare + 1));
                },
                iter: 50
            );

    [Fact]
    public void A_step_is_the_same_whatever_was_asked_before() =>
        Gen.Select(Gen.Int[0, 400].Array[1, 6], Gen.Int[0, 400], Gen.Bool, Gen.Int)
            .Sample(
                (before, step, byClass, seed) =>
                {
                    BalancedPlanner New() => new([Task("a", 10, 4), Task("b", 7, 3, 1)], 8, byClass, new Seed(seed));
                    var asked = New();
                    foreach (var other in before)
                        asked.Plan(other);
                    var (plan, fresh) = (asked.Plan(step), New().Plan(step));
                    return Same(plan, fresh) && Same(asked.Plan(step), fresh);
                },
                iter: 100
            );

    [Fact]
    public void Without_classes_labels_say_nothing()
    {
        // the same patches, all of one class but one, and dealt to classes evenly
        var lopsided = new BalancedPlanner([Task("a", 39, 1)], 10, byClass: false, new Seed(3));
        var even = new BalancedPlanner([Task("a", 20, 20)], 10, byClass: false, new Seed(3));
        for (var step = 0; step < 12; step++)
        {
            Assert.Equal(
                lopsided.Plan(step).Patches.Select(patch => (Number(patch), patch.Place, patch.Change)),
                even.Plan(step).Patches.Select(patch => (Number(patch), patch.Place, patch.Change))
            );
        }

        var drawn = Enumerable.Range(0, 4).SelectMany(step => lopsided.Plan(step).Patches).Select(Number).ToList();
        Assert.Equal(40, drawn.Distinct().Count());

        static int Number(PlannedPatch patch) =>
            int.Parse(patch.Sample.Group, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void No_patch_of_a_class_comes_twice_before_all_came_once()
    {
        var planner = new BalancedPlanner([Task("a", 10, 4)], 8, byClass: true, new Seed(1));
        var drawn = Enumerable
            .Range(0, 5)
            .SelectMany(step => planner.Plan(step).Patches)
            .Select(patch => patch.Sample)
            .ToList();
        var first = drawn.Where(patch => patch.Class == 0).Select(patch => patch.Id).ToList();
        var second = drawn.Where(patch => patch.Class == 1).Select(patch => patch.Id).ToList();
        Assert.All(first.Chunk(10), round => Assert.Equal(10, round.Distinct(StringComparer.Ordinal).Count()));
        Assert.All(second.Chunk(4), round => Assert.Equal(4, round.Distinct(StringComparer.Ordinal).Count()));
        Assert.NotEqual(first.Take(10), first.Skip(10).Take(10));
    }

    [Fact]
    public void Only_training_patches_are_drawn()
    {
        var task = Task("a", 10, 10);
        var planner = new BalancedPlanner(
            [
                task with
                {
                    Samples = [.. task.Samples.Select((sample, i) => sample with { Part = (SplitPart)(i % 3) })],
                },
            ],
            8,
            byClass: true,
            new Seed(1)
        );
        Assert.All(
            Enumerable.Range(0, 10).SelectMany(step => planner.Plan(step).Patches),
            patch => Assert.Equal(SplitPart.Train, patch.Sample.Part)
        );
    }

    [Fact]
    public void One_seed_gives_one_order()
    {
        Assert.True(Same(First(1), First(1)));
        Assert.False(Same(First(1), First(2)));

        static BatchPlan First(int seed) =>
            new BalancedPlanner([Task("a", 10, 4)], 8, byClass: true, new Seed(seed)).Plan(0);
    }

    private static bool Near(double actual, double expected) => Math.Abs(actual - expected) <= 1 + 1e-6;

    private static bool Same(BatchPlan one, BatchPlan other) =>
        one.Counts.SequenceEqual(other.Counts)
        && one.Labels.SequenceEqual(other.Labels)
        && one.Patches.Select(patch => (patch.Sample.Id, patch.Place, patch.Change))
            .SequenceEqual(other.Patches.Select(patch => (patch.Sample.Id, patch.Place, patch.Change)));

    /// <summary>A task with so many training patches of each class; their groups are their numbers.</summary>
    private static PatchTask Task(string name, params int[] sizes)
    {
        var labels = sizes.SelectMany((size, label) => Enumerable.Repeat(label, size)).ToList();
        return new PatchTask(
            new TaskSource(name, name),
            [.. sizes.Select((_, label) => $"c{label}")],
            [
                .. labels.Select(
                    (label, i) =>
                        new PatchSample(
                            null!,
                            new PatchEntry($"{name}/{label}/{i}", label, $"{i}", null),
                            $"{i}",
                            SplitPart.Train
                        )
                ),
            ],
            [],
            0
        );
    }
}
