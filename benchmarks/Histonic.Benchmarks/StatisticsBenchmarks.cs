using BenchmarkDotNet.Attributes;
using Histonic.Slides;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;
using Histonic.Statistics.Survival;

namespace Histonic.Benchmarks;

/// <summary>A metric once, and with its bootstrap interval.</summary>
[MemoryDiagnoser]
public class StatisticsBenchmarks
{
    private readonly double[] _scores = new double[400];
    private readonly double[] _times = new double[400];
    private readonly bool[] _events = new bool[400];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Seed(1).For("benchmark");
        for (var i = 0; i < _scores.Length; i++)
            (_scores[i], _times[i], _events[i]) = (random.NextDouble(), random.NextDouble(), random.Next(2) == 0);
    }

    [Benchmark(Baseline = true)]
    public double Auc() => RocCurve.Area(_scores, _events);

    [Benchmark]
    public double CIndex() => Concordance.Harrell(_times, _events, _scores);

    [Benchmark]
    public Estimate AucWithInterval() =>
        Bootstrap.Percentile(
            _scores.Length,
            1,
            rows =>
            {
                var (scores, events) = (new double[rows.Length], new bool[rows.Length]);
                for (var i = 0; i < rows.Length; i++)
                    (scores[i], events[i]) = (_scores[rows[i]], _events[rows[i]]);
                return RocCurve.Area(scores, events);
            }
        );
}
