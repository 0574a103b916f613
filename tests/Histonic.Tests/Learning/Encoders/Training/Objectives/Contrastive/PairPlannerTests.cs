using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives.Contrastive;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives.Contrastive;

public sealed class PairPlannerTests
{
    private const int Pairs = 10;

    private readonly PatchTask _task = ToyPatches.Task(80, ToyPatches.Tint);

    [Fact]
    public void Half_of_the_pairs_are_one_place_changed_in_two_ways()
    {
        var planner = new PairPlanner([_task], Pairs, 0.75, new Seed(1));
        Assert.Equal(2 * Pairs, planner.Views);
        foreach (var step in Enumerable.Range(0, 20))
        {
            var pairs = PairsOf(planner, step);
            Assert.Equal(Pairs / 2, pairs.Count(pair => pair.Same));
            foreach (var (first, second, same) in pairs)
            {
                Assert.Equal(same, ReferenceEquals(first.Sample, second.Sample));
                Assert.Equal(same, first.Place == second.Place);
                Assert.NotEqual(first.Change, second.Change);
                Assert.Equal(SplitPart.Train, first.Sample.Part);
                Assert.Equal(SplitPart.Train, second.Sample.Part);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.75)]
    [InlineData(1)]
    public void Different_pairs_are_neighbours_as_often_as_wanted(double share)
    {
        var planner = new PairPlanner([_task], Pairs, share, new Seed(1));
        var different = Enumerable.Range(0, 400).SelectMany(step => PairsOf(planner, step)).Where(pair => !pair.Same);
        var neighbours = different.Average(pair => Together(pair.First.Sample, pair.Second.Sample) ? 1.0 : 0);
        Assert.Equal(share, neighbours, share is 0 or 1 ? 0 : 0.04); // 2,000 pairs: four standard deviations
    }

    [Fact]
    public void Every_partner_is_met_as_often_as_any_other()
    {
        var samples = _task.Of(SplitPart.Train).ToList();
        var partners = new PairPartners(samples);
        var random = new Random(1);
        foreach (var neighbour in new[] { true, false })
        {
            var met = Enumerable
                .Range(0, 3000)
                .Select(_ => partners.Different(samples[9], neighbour, random).Second.Sample)
                .GroupBy(sample => sample)
                .ToDictionary(one => one.Key.Id, one => one.Count(), StringComparer.Ordinal);
            var wanted = samples
                .Where(sample => sample != samples[9] && Together(sample, samples[9]) == neighbour)
                .Select(sample => sample.Id);
            Assert.Equal(wanted.Order(StringComparer.Ordinal), met.Keys.Order(StringComparer.Ordinal));
            var each = 3000.0 / met.Count;
            Assert.All(
                met.Values,
                count => Assert.InRange(count, each - (5 * Math.Sqrt(each)), each + (5 * Math.Sqrt(each)))
            );
        }
    }

    [Fact]
    public void Where_one_kind_of_partner_is_missing_the_other_is_taken()
    {
        var samples = _task.Of(SplitPart.Train).ToList();
        var (alone, oneGroup) = (
            samples.DistinctBy(sample => sample.Group).ToList(),
            samples.Where(sample => Together(sample, samples[0])).ToList()
        );
        var random = new Random(1);
        Assert.NotEqual(alone[0].Group, new PairPartners(alone).Different(alone[0], true, random).Second.Sample.Group);
        var neighbour = new PairPartners(oneGroup).Different(oneGroup[0], false, random).Second.Sample;
        Assert.Contains(neighbour, oneGroup.Skip(1));
    }

    [Fact]
    public void A_step_holds_the_same_pairs_whatever_was_asked_before()
    {
        var (forward, straight) = (new PairPlanner([_task], 7, 0.75, new Seed(3)), Planner());
        for (var step = 0; step < 30; step++)
            _ = forward.Plan(step);
        Assert.Equal(forward.Plan(17).Patches, straight.Plan(17).Patches);
        Assert.Equal(forward.Plan(17).Labels, Planner().Plan(17).Labels);
        Assert.NotEqual(forward.Plan(16).Patches, straight.Plan(17).Patches);

        PairPlanner Planner() => new([_task], 7, 0.75, new Seed(3));
    }

    [Fact]
    public void Held_out_pairs_are_always_the_same_and_half_of_them_same()
    {
        var pairs = PairPlanner.HeldOut([_task], SplitPart.Test, 2000, 0.75, new Seed(1));
        Assert.Equal(pairs, PairPlanner.HeldOut([_task], SplitPart.Test, 2000, 0.75, new Seed(1)));
        Assert.Equal(2 * 20, pairs.Count);
        Assert.Equal(20, pairs.Count(pair => pair.Same));
        Assert.All(pairs, pair => Assert.Equal(SplitPart.Test, pair.Second.Sample.Part));
        Assert.Equal(6, PairPlanner.HeldOut([_task], SplitPart.Test, 6, 0.75, new Seed(1)).Count);
    }

    private static bool Together(PatchSample one, PatchSample other) =>
        string.Equals(one.Group, other.Group, StringComparison.Ordinal);

    private static List<PlannedPair> PairsOf(PairPlanner planner, long step)
    {
        var plan = planner.Plan(step);
        var half = plan.Patches.Count / 2;
        return
        [
            .. Enumerable
                .Range(0, half)
                .Select(i => new PlannedPair(plan.Patches[i], plan.Patches[half + i], plan.Labels[i] == 1)),
        ];
    }
}
