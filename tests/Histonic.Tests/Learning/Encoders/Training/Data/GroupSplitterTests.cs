using CsCheck;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class GroupSplitterTests
{
    [Fact]
    public void Every_part_gets_about_its_share_of_every_class()
    {
        var random = new Random(1);
        var patches = Enumerable
            .Range(0, 100)
            .SelectMany(group =>
                Enumerable.Range(0, random.Next(1, 12)).Select(_ => ($"g{group}", group % 10 == 0 ? "rare" : "common"))
            )
            .ToList();
        var parts = GroupSplitter.Deal(patches, SplitShares.Default, new Seed(1));
        foreach (var label in new[] { "rare", "common" })
        {
            var of = patches.Where(patch => string.Equals(patch.Item2, label, StringComparison.Ordinal)).ToList();
            Assert.Equal(0.70, Share(SplitPart.Train), 0.12);
            Assert.Equal(0.15, Share(SplitPart.Validation), 0.08);
            Assert.Equal(0.15, Share(SplitPart.Test), 0.08);

            double Share(SplitPart part) => of.Count(patch => parts[patch.Item1] == part) / (double)of.Count;
        }
    }

    [Fact]
    public void A_class_of_three_or_more_groups_is_in_every_part() =>
        Gen.Select(Gen.Int[3, 12], Gen.Int[1, 30], Gen.Int)
            .Sample(
                (groups, most, seed) =>
                {
                    var random = new Random(seed);
                    var patches = Enumerable
                        .Range(0, groups)
                        .SelectMany(group => Enumerable.Repeat(($"g{group}", "a"), random.Next(1, most + 1)));
                    var parts = GroupSplitter.Deal(patches, SplitShares.Default, new Seed(seed));
                    return parts.Count == groups && parts.Values.Distinct().Count() == 3;
                },
                iter: 200
            );

    [Fact]
    public void Another_task_with_groups_of_its_own_sways_nobody()
    {
        var first = Enumerable.Range(0, 40).Select(i => ($"p{i % 13}", i % 3 == 0 ? "a/x" : "a/y")).ToList();
        var second = Enumerable.Range(0, 40).Select(i => ($"q{i % 7}", i % 2 == 0 ? "b/x" : "b/y")).ToList();
        var alone = GroupSplitter.Deal(first, SplitShares.Default, new Seed(5));
        var beside = GroupSplitter.Deal(first.Concat(second), SplitShares.Default, new Seed(5));
        Assert.All(alone, one => Assert.Equal(one.Value, beside[one.Key]));
    }

    [Fact]
    public void Another_seed_deals_otherwise_and_a_part_without_share_gets_nothing()
    {
        var patches = Enumerable.Range(0, 60).Select(i => ($"g{i / 2}", "a")).ToList();
        var shares = new SplitShares(0.8, 0.2, 0);
        var first = GroupSplitter.Deal(patches, shares, new Seed(1));
        var second = GroupSplitter.Deal(patches, shares, new Seed(2));
        Assert.Contains(first, one => second[one.Key] != one.Value);
        Assert.DoesNotContain(SplitPart.Test, first.Values);
    }
}
