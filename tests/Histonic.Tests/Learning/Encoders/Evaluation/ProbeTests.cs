using Histonic.Learning.Encoders.Evaluation;
using Histonic.Learning.Encoders.Scoring;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Evaluation;

[NoTensorLeaks]
public sealed class ProbeTests
{
    [Fact]
    public void Votes_of_the_nearest_neighbours_are_scikit_learns()
    {
        var points = GoldenTable.Read("embeddings_points.csv");
        var data = new ProbeData(Part("train"), Part("test"), Part("test"), 3);
        var votes = NearestNeighbourProbe.Votes(
            data,
            NearestNeighbourProbe.Neighbours(
                data.Train,
                data.Test,
                7,
                threads: 2,
                TestContext.Current.CancellationToken
            ),
            7
        );
        var golden = GoldenTable.Read("embeddings_votes.csv");
        for (var k = 0; k < 3; k++)
        {
            var expected = golden.Numbers($"p{k}");
            for (var patch = 0; patch < expected.Length; patch++)
                Assert.Equal(expected[patch], votes[(patch * 3) + k], 1e-9);
        }

        LabelledEmbeddings Part(string name)
        {
            var rows = points.Where("part", name);
            var labels = rows.Integers("label");
            var columns = Enumerable.Range(0, 5).Select(i => rows.Numbers($"x{i}")).ToList();
            return new LabelledEmbeddings(
                [.. Enumerable.Range(0, labels.Length).SelectMany(row => columns.Select(column => (float)column[row]))],
                5,
                labels,
                [.. labels.Select(label => $"g{label}")]
            );
        }
    }

    [Fact]
    public void Neighbours_come_nearest_first_as_a_full_sort_finds_them()
    {
        var random = new Random(3);
        var training = Clouds(random, 90, 19, apart: 1);
        var patches = Clouds(random, 20, 19, apart: 1);
        var found = NearestNeighbourProbe.Neighbours(
            training,
            patches,
            51,
            threads: 1,
            TestContext.Current.CancellationToken
        );
        for (var patch = 0; patch < patches.Count; patch++)
        {
            var mine = patch;
            var expected = Enumerable
                .Range(0, training.Count)
                .OrderBy(row =>
                    Enumerable
                        .Range(0, 19)
                        .Sum(i =>
                            Math.Pow(training.Values[(row * 19) + i] - (double)patches.Values[(mine * 19) + i], 2)
                        )
                )
                .Take(51);
            Assert.Equal(expected, found[patch]);
        }
    }

    [Theory]
    [InlineData(ProbeMethod.Mlp)]
    [InlineData(ProbeMethod.Knn)]
    public void Clouds_apart_are_told_apart_though_one_is_rare(ProbeMethod method)
    {
        var data = Data(new Random(1), apart: 4, rare: 8);
        var score = Outputs(data, Run(method, data)).Score();
        Assert.True(score.Auc > 0.99, $"AUC {score.Auc}");
        Assert.True(score.BalancedAccuracy > 0.95, $"balanced accuracy {score.BalancedAccuracy}");
    }

    [Theory]
    [InlineData(ProbeMethod.Mlp)]
    [InlineData(ProbeMethod.Knn)]
    public void Of_labels_that_say_nothing_the_interval_covers_chance(ProbeMethod method)
    {
        var data = Data(new Random(2), apart: 0, rare: 2);
        var auc = Outputs(data, Run(method, data)).Estimates(new Seed(1), Assert.Fail)["auc"];
        Assert.InRange(0.5, auc.Low, auc.High);
    }

    [Fact]
    public void One_seed_gives_the_same_network_and_another_seed_another()
    {
        var data = Data(new Random(4), apart: 0.5, rare: 3);
        var first = Run(ProbeMethod.Mlp, data);
        Assert.Equal(first.Test, Run(ProbeMethod.Mlp, data).Test);
        Assert.NotEqual(first.Test, Run(ProbeMethod.Mlp, data, seed: 2).Test);
    }

    [Fact]
    public void Scaled_training_numbers_have_mean_0_and_deviation_1_and_constant_ones_become_0()
    {
        var random = new Random(5);
        var values = Enumerable
            .Range(0, 200)
            .SelectMany(_ => new[] { (float)(1000 + (random.NextDouble() * 1e-2)), 7f, (float)random.NextDouble() })
            .ToArray();
        var training = new LabelledEmbeddings(values, 3, new int[200], [.. Enumerable.Repeat("g", 200)]);
        var scaled = new EmbeddingScaling(training).Apply(training).Values;
        foreach (var channel in new[] { 0, 2 })
        {
            var numbers = Enumerable.Range(0, 200).Select(patch => (double)scaled[(patch * 3) + channel]).ToList();
            Assert.Equal(0, numbers.Average(), 1e-4);
            Assert.Equal(1, Math.Sqrt(numbers.Average(number => number * number)), 1e-4);
        }

        Assert.All(Enumerable.Range(0, 200), patch => Assert.Equal(0, scaled[(patch * 3) + 1]));
    }

    private static ProbeRun Run(ProbeMethod method, ProbeData data, int seed = 1) =>
        method == ProbeMethod.Mlp
            ? MlpProbe.Run(data, new Seed(seed), (_, _) => { }, TestContext.Current.CancellationToken)
            : NearestNeighbourProbe.Run(data, threads: 1, TestContext.Current.CancellationToken);

    private static TaskOutputs Outputs(ProbeData data, ProbeRun run) =>
        TaskOutputs.Of(data.Test.Labels.Zip(data.Test.Groups), 2, run.Test, double.NaN);

    private static ProbeData Data(Random random, double apart, int rare) =>
        new(
            Clouds(random, 160, 6, apart, rare),
            Clouds(random, 60, 6, apart, rare),
            Clouds(random, 100, 6, apart, rare),
            2
        );

    /// <summary>Two clouds of normal numbers, one patch in so many of the second; five patches a group.</summary>
    private static LabelledEmbeddings Clouds(Random random, int count, int channels, double apart, int rare = 2)
    {
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % rare == 0 ? 1 : 0)];
        var values = labels
            .SelectMany(label => Enumerable.Range(0, channels).Select(_ => (float)(Normal() + (label * apart))))
            .ToArray();
        return new LabelledEmbeddings(values, channels, labels, [.. labels.Select((_, i) => $"g{i / 5}")]);

        double Normal() =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
