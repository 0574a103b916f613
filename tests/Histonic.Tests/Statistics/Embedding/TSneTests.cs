using Histonic.Statistics;
using Histonic.Statistics.Embedding;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Embedding;

public sealed class TSneTests
{
    private const int Dimensions = 5;
    private const double Perplexity = 10;

    [Fact]
    public void Joint_probabilities_are_scikit_learns()
    {
        var points = Points();
        var n = points.Length / Dimensions;
        var p = TSne.JointProbabilities(points, Dimensions, Perplexity, new ParallelOptions());
        var golden = GoldenTable.Read("embeddings_pairs.csv");
        var expected = golden.Integers("i").Zip(golden.Integers("j"), golden.Numbers("p"));
        // scikit-learn stops its search at an entropy within 1e-5 and works in single precision
        Assert.All(expected, pair => Assert.Equal(pair.Third, p[(pair.First * n) + pair.Second], 2e-6));
        Assert.Equal(1, p.Sum(), 1e-12);
        Assert.All(Enumerable.Range(0, n), i => Assert.Equal(0, p[(i * n) + i]));
    }

    [Fact]
    public void The_map_is_as_good_as_scikit_learns()
    {
        var points = Points();
        var n = points.Length / Dimensions;
        var start = Start();
        var map = Map(points, start);
        var golden = GoldenTable.Read("embeddings_scores.csv");
        var p = TSne.JointProbabilities(points, Dimensions, Perplexity, new ParallelOptions());
        var divergence = Divergence(p, map, n);
        // which of the many good maps of 60 points is found hangs on the last bits, in scikit-learn too
        Assert.InRange(divergence, golden["tsne_divergence_best"] * 0.95, golden["tsne_divergence_worst"]);
        // the measure itself: scikit-learn's on the same principal components
        Assert.Equal(golden["pca_trustworthiness"], Trustworthiness(points, start, n, 5), 1e-9);
        Assert.InRange(Trustworthiness(points, map, n, 5), golden["tsne_trustworthiness_worst"], 1);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_the_map()
    {
        var points = Points();
        Assert.Equal(Map(points, Start(), threads: 1), Map(points, Start(), threads: 3));
    }

    [Fact]
    public void Neither_the_scale_of_the_points_nor_of_the_start_counts()
    {
        var points = Points();
        var p = TSne.JointProbabilities(points, Dimensions, Perplexity, new ParallelOptions());
        float[] small = [.. points.Select(value => value / 3000)];
        Assert.All(
            p.Zip(TSne.JointProbabilities(small, Dimensions, Perplexity, new ParallelOptions())),
            pair => Assert.Equal(pair.First, pair.Second, 1e-7)
        );
        // a power of two, so that rounding does not differ
        Assert.Equal(Map(points, Start()), Map(points, [.. Start().Select(value => value * 1024)]));
    }

    [Fact]
    public void Points_that_cannot_be_mapped_are_refused()
    {
        Assert.Throws<StatisticsException>(() => Map(new float[3 * Dimensions], new double[6]));
        Assert.Throws<StatisticsException>(() => Map(new float[6 * Dimensions], new double[12])); // no start
        Assert.Throws<ArgumentException>(() => Map(new float[6 * Dimensions], new double[10]));
    }

    [Fact]
    public void Points_in_one_place_are_mapped_without_a_number_that_is_none()
    {
        var map = Map(new float[6 * Dimensions], [.. Enumerable.Range(0, 12).Select(i => (double)i)]);
        Assert.All(map, value => Assert.True(double.IsFinite(value)));
    }

    private static double[] Map(float[] points, double[] start, int threads = 1) =>
        TSne.Map(points, Dimensions, start, Perplexity, threads, (_, _) => { }, TestContext.Current.CancellationToken);

    private static float[] Points()
    {
        var table = GoldenTable.Read("embeddings_points.csv").Where("part", "train");
        var columns = Enumerable.Range(0, Dimensions).Select(i => table.Numbers($"x{i}")).ToList();
        return
        [
            .. Enumerable.Range(0, columns[0].Length).SelectMany(row => columns.Select(column => (float)column[row])),
        ];
    }

    private static double[] Start()
    {
        var table = GoldenTable.Read("embeddings_map.csv");
        return
        [
            .. table.Numbers("pc1").Zip(table.Numbers("pc2")).SelectMany(pair => new[] { pair.First, pair.Second }),
        ];
    }

    /// <summary>The Kullback-Leibler divergence, by its definition.</summary>
    private static double Divergence(double[] p, double[] map, int n)
    {
        var weights = new double[n * n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            weights[(i * n) + j] =
                i == j
                    ? 0
                    : 1 / (1 + Math.Pow(map[2 * i] - map[2 * j], 2) + Math.Pow(map[(2 * i) + 1] - map[(2 * j) + 1], 2));
        var total = weights.Sum();
        return p.Zip(weights)
            .Where(pair => pair.First > 0)
            .Sum(pair => pair.First * Math.Log(pair.First / Math.Max(pair.Second / total, 1e-12)));
    }

    /// <summary>How few of a point's k neighbours on the map are far from it in truth (Venna and Kaski 2001), in [0, 1].</summary>
    private static double Trustworthiness(float[] points, double[] map, int n, int k)
    {
        var penalty = 0.0;
        for (var i = 0; i < n; i++)
        {
            var here = i;
            var others = Enumerable.Range(0, n).Where(j => j != here).ToList();
            var ranks = others
                .OrderBy(j =>
                    Enumerable
                        .Range(0, Dimensions)
                        .Sum(d => Math.Pow(points[(here * Dimensions) + d] - (double)points[(j * Dimensions) + d], 2))
                )
                .Select((j, rank) => (j, rank: rank + 1))
                .ToDictionary(one => one.j, one => one.rank);
            penalty += others
                .OrderBy(j =>
                    Math.Pow(map[2 * here] - map[2 * j], 2) + Math.Pow(map[(2 * here) + 1] - map[(2 * j) + 1], 2)
                )
                .Take(k)
                .Sum(j => Math.Max(0, ranks[j] - k));
        }

        return 1 - (penalty * 2 / (n * k * ((2.0 * n) - (3 * k) - 1)));
    }
}
