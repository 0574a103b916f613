using Histonic.Learning.Tensors;
using Histonic.Slides.Cohorts;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

// Shapes: B patients of the batch, I intervals of time less the last.

/// <summary>
/// Hazards of intervals of time (Gensheimer and Narasimhan, PeerJ 2019; 7:e6257): the probability of the event in each interval
/// of those who reached it. Each patient's loss stands for itself, so that small batches lose nothing; hazards need not be proportional.
/// </summary>
/// <remarks>
/// The intervals end at the eighths of the training slides' event times; in the last one, which has no end, nobody is left. A patient
/// censored within an interval is known to have outlived those before it. The risk is minus the expected number of intervals
/// outlived, told in deviations from the mean of the training slides as <see cref="RiskHead"/>'s is.
/// </remarks>
internal sealed class HazardHead : RiskHead
{
    private const int Intervals = 8;

    private double[] _ends = []; // of all intervals but the last; known while training

    /// <summary>One logit an interval, but the last.</summary>
    public override int Outputs => Intervals - 1;

    /// <summary>The risk, then the probability of outliving each interval but the last.</summary>
    public override int Activated => Intervals;

    public override (double Centre, double Scale) Standard(IReadOnlyList<Truth> training)
    {
        double[] times = [.. training.Where(truth => truth.Event == true).Select(truth => truth.Time!.Value).Order()];
        _ends =
        [
            .. Enumerable
                .Range(1, Intervals - 1)
                .Select(i => times[Math.Min(times.Length - 1, i * times.Length / Intervals)]),
        ];
        return base.Standard(training);
    }

    public override Tensor Loss(Tensor outputsBI, IReadOnlyList<Truth> truths, (double Centre, double Scale) standard)
    {
        using var scope = NewDisposeScope();
        // log(1 − h) of the intervals outlived, log h of that of the event
        float[] outlived = new float[truths.Count * (Intervals - 1)],
            hit = new float[truths.Count * (Intervals - 1)];
        for (var b = 0; b < truths.Count; b++)
        {
            var interval = IntervalOf(truths[b]);
            for (var i = 0; i < Math.Min(interval, Intervals - 1); i++)
                outlived[(b * (Intervals - 1)) + i] = 1;
            if (truths[b].Event == true && interval < Intervals - 1)
                hit[(b * (Intervals - 1)) + interval] = 1;
        }

        var logHazardBI = nn.functional.logsigmoid(outputsBI);
        var logRestBI = nn.functional.logsigmoid(outputsBI.neg());
        long[] shape = [truths.Count, Intervals - 1];
        return logRestBI
            .mul(tensor(outlived, shape))
            .Plus(logHazardBI.mul(tensor(hit, shape)))
            .sum()
            .Times(-1.0 / truths.Count)
            .MoveToOuterDisposeScope();
    }

    public override double[] Activate(ReadOnlySpan<double> outputs, (double Centre, double Scale) standard)
    {
        var activated = new double[Intervals];
        double alive = 1,
            expected = 0;
        for (var i = 0; i < outputs.Length; i++)
        {
            alive /= 1 + Math.Exp(outputs[i]);
            activated[i + 1] = alive;
            expected += alive;
        }

        activated[0] = (-expected - standard.Centre) / standard.Scale;
        return activated;
    }

    public override double LossOf(
        IReadOnlyList<double[]> activated,
        IReadOnlyList<Truth> truths,
        (double Centre, double Scale) standard
    ) =>
        truths
            .Select(
                (truth, b) =>
                {
                    var interval = IntervalOf(truth);
                    var before = interval == 0 ? 1 : activated[b][interval];
                    var after = interval == Intervals - 1 ? 0 : activated[b][interval + 1];
                    return -Math.Log(Math.Max(truth.Event == true ? before - after : before, 1e-12));
                }
            )
            .Average();

    /// <summary>The interval a time lies in: from the end of the one before, and with it, up to its own end.</summary>
    private int IntervalOf(Truth truth)
    {
        var interval = 0;
        while (interval < _ends.Length && truth.Time!.Value >= _ends[interval])
            interval++;
        return interval;
    }
}
