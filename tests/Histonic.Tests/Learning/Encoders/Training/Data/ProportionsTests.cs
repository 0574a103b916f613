using CsCheck;
using Histonic.Learning.Encoders.Training.Data;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class ProportionsTests
{
    [Fact]
    public void Equal_shares_take_turns()
    {
        var row = new Proportions([1, 1, 1]);
        Assert.Equal([0, 1, 2, 0, 1, 2, 0], Enumerable.Range(0, 7).Select(place => row.At(place)));
    }

    [Fact]
    public void Chosen_shares_are_kept_within_one_however_long_it_goes_on() =>
        Gen.Select(Gen.Int[1, 20].Array[1, 6], Gen.Long[0, 100_000_000])
            .Sample(
                (weights, places) =>
                {
                    var had = new Proportions(weights.Select(weight => (double)weight)).Had(places);
                    return had.Sum() == places
                        && had.Zip(weights)
                            .All(one =>
                                Math.Abs(one.First - (places * (double)one.Second / weights.Sum())) <= 1 + 1e-6
                            );
                }
            );

    [Fact]
    public void How_many_each_had_is_counted_along_the_row() =>
        Gen.Select(Gen.Double[0.01, 5].Array[1, 5], Gen.Int[0, 12_000])
            .Sample(
                (weights, start) =>
                {
                    var row = new Proportions(weights);
                    long[] had = [.. row.Had(start)];
                    for (var place = start; place < start + 50; place++)
                        had[row.At(place)]++;
                    return had.SequenceEqual(row.Had(start + 50));
                },
                iter: 50
            );

    [Fact]
    public void Who_has_no_weight_has_no_place()
    {
        var row = new Proportions([0, 1, 3]);
        Assert.Equal([0, 250, 750], row.Had(1000));
    }
}
