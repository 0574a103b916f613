using Histonic.Learning.Tensors;
using Histonic.Slides.Cohorts;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

// Shapes: B patients of the batch, E those of them whose event was seen.

/// <summary>Cox's partial likelihood with Efron's way with ties (J Am Stat Assoc 1977; 72:557-565).</summary>
internal static class CoxLoss
{
    /// <summary>The negative log partial likelihood, per event.</summary>
    /// <param name="risksB">The predicted log hazards.</param>
    /// <param name="truths">Time and event of each patient, in the same order.</param>
    /// <returns>A scalar; zero, with a gradient of zero, when no event was seen.</returns>
    public static Tensor Of(Tensor risksB, IReadOnlyList<Truth> truths)
    {
        using var scope = NewDisposeScope();
        var events = Enumerable.Range(0, truths.Count).Where(i => truths[i].Event == true).ToArray();
        if (events.Length == 0)
            return risksB.sum().Times(0).MoveToOuterDisposeScope();

        // Of d events at one time, the l-th (from 0) sees the whole risk set less l / d of those d. As a sum over the batch
        // with weights in (0, 1] its logarithm is one logsumexp, which no spread of risks can overflow.
        var logWeights = new double[events.Length * truths.Count];
        Dictionary<double, int> seen = [];
        for (var row = 0; row < events.Length; row++)
        {
            var time = truths[events[row]].Time!.Value;
            var tied = events.Count(i => truths[i].Time!.Value.Equals(time));
            var rank = seen.GetValueOrDefault(time);
            seen[time] = rank + 1;
            for (var j = 0; j < truths.Count; j++)
            {
                var isTied = truths[j].Event == true && truths[j].Time!.Value.Equals(time);
                logWeights[(row * truths.Count) + j] =
                    truths[j].Time < time ? double.NegativeInfinity
                    : isTied ? Math.Log(1 - (rank / (double)tied))
                    : 0;
            }
        }

        var logWeightsEB = tensor(logWeights, [events.Length, truths.Count], dtype: risksB.dtype);
        var risksE = risksB.index_select(0, tensor(Array.ConvertAll(events, i => (long)i)));
        return risksB.unsqueeze(0).Plus(logWeightsEB).logsumexp(1).Minus(risksE).mean().MoveToOuterDisposeScope();
    }
}
