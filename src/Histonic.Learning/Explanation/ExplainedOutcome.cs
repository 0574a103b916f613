using Histonic.Learning.Prediction;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Explanation;

/// <summary>What evidence is shown for: a class, or a direction.</summary>
/// <param name="Target">Which of the run's targets.</param>
/// <param name="Class">The place of the class among its classes; null where it has none.</param>
/// <param name="Sign">1 for a class, a higher value or risk; −1 for a lower one.</param>
/// <param name="Outputs">Of the network's outputs the first that speak for the class, or for a higher value or risk; how many are summed; −1 where they speak against it.</param>
internal readonly record struct ExplainedOutcome(
    int Target,
    int? Class,
    int Sign,
    (int First, int Count, int Sign) Outputs
)
{
    /// <summary>Refuses an outcome that the run does not have.</summary>
    /// <exception cref="OptionException">It has no such target, or the target no such outcome.</exception>
    public static void Require(PredictorRun run, ExplanationOptions options)
    {
        var target = run.Targets[run.IndexOf(options.Target)];
        string[] known =
            target.Classes.Length > 0
                ? [.. target.Classes, ExplanationOptions.Predicted]
                : [ExplanationOptions.Higher, ExplanationOptions.Lower, ExplanationOptions.Predicted];
        if (options.For is { } name && !known.Contains(name, StringComparer.Ordinal))
            throw new OptionException(
                "--class",
                name,
                $"one of {string.Join(", ", known)}: the target is a {target.Task}"
            );
    }

    /// <summary>The outcome that is asked for.</summary>
    public static ExplainedOutcome Of(
        PredictorRun run,
        SlideGrid slide,
        ExplanationOptions options,
        CancellationToken cancellationToken
    )
    {
        var target = run.IndexOf(options.Target);
        var classes = run.Targets[target].Classes;
        if (classes.Length == 0)
        {
            var isLower =
                options.For is ExplanationOptions.Lower
                || (options.For is ExplanationOptions.Predicted && !IsHigh(run, slide, target, cancellationToken));
            return new(target, null, isLower ? -1 : 1, run.OutputsOf(target, null));
        }

        var given = Array.IndexOf(classes, options.For);
        var one =
            given >= 0 ? given : Array.IndexOf(classes, run.Predict(slide, cancellationToken)[target].PredictedClass);
        return new(target, one, 1, run.OutputsOf(target, one));
    }

    /// <summary>The one number of a look's outputs whose slopes Grad-CAM takes: before any softmax; of hazards the sum of their log odds.</summary>
    public Tensor Explained(Tensor outputsO)
    {
        using var scope = NewDisposeScope();
        return outputsO
            .narrow(0, Outputs.First, Outputs.Count)
            .sum()
            .Times(Sign * Outputs.Sign)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The one number of a look's outputs whose change occlusion tells: the log odds of the class, or the value or risk as it is predicted.</summary>
    public double Explained(double[] outputs, TargetHeads heads, IReadOnlyList<(double Centre, double Scale)> standard)
    {
        var head = heads.Heads[Target];
        var own = outputs.AsSpan(heads.OutputOf(Target), head.Outputs);
        if (Class is not { } one)
            return Sign * head.Activate(own, standard[Target])[head.ScoreIndex];
        // the one output of a label is its log odds
        if (own.Length == 1)
            return own[0] * Outputs.Sign;
        double[] others = [.. own[..one], .. own[(one + 1)..]];
        var top = others.Max();
        return own[one] - top - Math.Log(others.Sum(other => Math.Exp(other - top)));
    }

    // of risks the training slides' mean is 0
    private static bool IsHigh(PredictorRun run, SlideGrid slide, int target, CancellationToken cancellationToken) =>
        run.Predict(slide, cancellationToken)[target].Score
        >= (run.Heads.Heads[target] is ValueHead ? run.Networks.Average(network => network.Scales[target].Centre) : 0);
}
