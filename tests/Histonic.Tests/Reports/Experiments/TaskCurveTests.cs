using Histonic.Reports.Evaluation;
using Histonic.Reports.Experiments;
using Histonic.Slides;

namespace Histonic.Tests.Reports.Experiments;

public sealed class TaskCurveTests
{
    /// <summary>Number of tasks, and the metric of each seed.</summary>
    private static readonly (int Tasks, double[] Seeds)[] _encoders =
    [
        (1, [0.50, 0.56]),
        (1, [0.61, 0.63]),
        (2, [0.58, 0.62]),
        (2, [0.70, 0.60]),
        (3, [0.66, 0.72]),
    ];

    [Fact]
    public void Rho_and_its_interval_are_those_of_all_draws_of_encoders()
    {
        var curve = TaskCurve.Of([.. _encoders.Select(Summary)], resamples: 40_000, new Seed(1))!;

        double[] x = [.. _encoders.Select(one => (double)one.Tasks)],
            y = [.. _encoders.Select(one => one.Seeds.Average())];
        Assert.Equal(Rho(x, y)!.Value, curve.Rho!.Value.Value, 12);

        // brute force: all 5^5 equally likely draws of encoders
        var n = _encoders.Length;
        List<double> all = [];
        for (var code = 0; code < (int)Math.Pow(n, n); code++)
        {
            var rows = Enumerable.Range(0, n).Select(i => code / (int)Math.Pow(n, i) % n).ToArray();
            if (Rho([.. rows.Select(row => x[row])], [.. rows.Select(row => y[row])]) is { } rho)
                all.Add(rho);
        }

        all.Sort();
        Assert.Equal(all[(int)(0.025 * all.Count)], curve.Rho.Value.Low, 0.06);
        Assert.Equal(all[(int)(0.975 * all.Count)], curve.Rho.Value.High, 0.06);
    }

    [Fact]
    public void Seeds_are_averaged_within_their_encoder_and_not_counted_as_encoders()
    {
        var once = TaskCurve.Of(
            [.. _encoders.Select(one => Summary((one.Tasks, [one.Seeds.Average()])))],
            500,
            new(3)
        )!;
        var twice = TaskCurve.Of([.. _encoders.Select(Summary)], 500, new(3))!;
        Assert.Equal(once.Rho!.Value.Low, twice.Rho!.Value.Low, 12);
        Assert.Equal(5, twice.Rho.Value.N);
    }

    [Fact]
    public void Encoders_without_labels_are_left_out_and_one_number_of_tasks_has_no_correlation()
    {
        var unlabelled = Summary((0, [0.9]));
        Assert.Null(TaskCurve.Of([unlabelled], 500, new(1)));
        var curve = TaskCurve.Of(
            [unlabelled, .. Enumerable.Range(0, 4).Select(i => Summary((1, [i / 10.0])))],
            500,
            new(1)
        )!;
        Assert.Equal(4, curve.Points.Count);
        Assert.Null(curve.Rho);
        Assert.NotNull(curve.Reason);
    }

    private static EncoderSummary Summary((int Tasks, double[] Seeds) one) =>
        new(
            $"{one.Tasks} {one.Seeds[0]}",
            "mtl",
            [.. Enumerable.Range(0, one.Tasks).Select(i => $"task {i}")],
            "target",
            Metric.Auc,
            [.. one.Seeds.Select((value, seed) => ((int?)seed, 1, value))],
            0,
            null,
            0,
            0,
            null
        );

    /// <summary>Spearman's rho from its definition: Pearson's r of mid-ranks, each by counting.</summary>
    private static double? Rho(double[] x, double[] y)
    {
        double[] a = Ranks(x),
            b = Ranks(y);
        double ma = a.Average(),
            mb = b.Average(),
            xy = 0,
            xx = 0,
            yy = 0;
        for (var i = 0; i < a.Length; i++)
        {
            xy += (a[i] - ma) * (b[i] - mb);
            xx += (a[i] - ma) * (a[i] - ma);
            yy += (b[i] - mb) * (b[i] - mb);
        }

        return xx == 0 || yy == 0 ? null : xy / Math.Sqrt(xx * yy);

        static double[] Ranks(double[] values) =>
            Array.ConvertAll(
                values,
                value => values.Count(other => other < value) + (values.Count(other => other == value) + 1) / 2.0
            );
    }
}
