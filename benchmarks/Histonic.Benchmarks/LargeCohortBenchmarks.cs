using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Histonic.Slides;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Survival;

namespace Histonic.Benchmarks;

/// <summary>Statistics of many rows: from one size to the next, tenfold, the time should rise little more than tenfold.</summary>
[SimpleJob(RunStrategy.Monitoring, warmupCount: 1, iterationCount: 3)]
[MemoryDiagnoser]
public class LargeCohortBenchmarks
{
    private double[] _scores = [];
    private double[] _second = [];
    private double[] _times = [];
    private bool[] _events = [];
    private int[] _groups = [];

    /// <summary>Gets or sets how many rows there are.</summary>
    [Params(10_000, 100_000)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Seed(1).For("benchmark");
        double[] Numbers() => [.. Enumerable.Range(0, Rows).Select(_ => random.NextDouble())];
        (_scores, _second, _times) = (Numbers(), Numbers(), Numbers());
        _events = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(2) == 0)];
        _groups = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(4))];
    }

    [Benchmark(Baseline = true)]
    public double Auc() => RocCurve.Area(_scores, _events);

    [Benchmark]
    public PairedComparison PairedDeLong() => DeLong.Compare(_scores, _second, _events);

    [Benchmark]
    public double AveragePrecision() => PrecisionRecall.Average(_scores, _events);

    [Benchmark]
    public Estimate Harrell() => Concordance.HarrellInterval(_times, _events, _scores);

    [Benchmark]
    public Estimate Uno() => Concordance.UnoInterval(_times, _events, _scores, 0.9);

    [Benchmark]
    public Estimate AucAtATime() => TimeDependentAuc.Interval(_times, _events, _scores, 0.5);

    [Benchmark]
    public LogRank LogRankOfFourGroups() => LogRank.Test(_times, _events, _groups);

    [Benchmark]
    public KaplanMeier Curve() => KaplanMeier.Fit(_times, _events);

    [Benchmark]
    public CoxRegression CoxOfTwoCovariates() => CoxRegression.Fit(_times, _events, [_scores, _second]);
}
