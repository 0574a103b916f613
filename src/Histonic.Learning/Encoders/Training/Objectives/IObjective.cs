using Histonic.Learning.Encoders.Training.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>What an encoder is trained for: the networks around it, the losses of a batch, and how well held-out patches are done.</summary>
/// <remarks>The trainer owns what all have in common: batches, Adam, learning rates, checkpoints, files.</remarks>
internal interface IObjective : IDisposable
{
    /// <summary>Gets the encoder.</summary>
    EncoderNetwork Encoder { get; }

    /// <summary>Gets everything that is trained, the encoder included: its parameters and buffers are what a checkpoint keeps.</summary>
    nn.Module Network { get; }

    /// <summary>Gets the parameters, a list for each optimiser; one list, but for networks that play against each other.</summary>
    IReadOnlyList<IReadOnlyList<Parameter>> Players { get; }

    /// <summary>Gets the names of the numbers that <see cref="Step"/> returns, as columns of the log.</summary>
    IReadOnlyList<string> LossNames { get; }

    /// <summary>Gets the names of the numbers in <see cref="Validation.Scores"/>, as columns of the log.</summary>
    IReadOnlyList<string> ScoreNames { get; }

    /// <summary>Chooses the patches of each batch.</summary>
    IBatchPlanner Planner { get; }

    /// <summary>Learns from a batch. The network is in training mode.</summary>
    /// <param name="viewsBCSS">The batch's views, B × 3 × S × S, RGB in [-1, 1], channels last in memory.</param>
    /// <param name="plan">What they are.</param>
    /// <param name="random">Where further randomness (latent noise, dropout) comes from: the same for the same step.</param>
    /// <param name="descend">Called for each player once, with the loss that this player lessens.</param>
    /// <returns>The losses to be logged, in the order of <see cref="LossNames"/>.</returns>
    double[] Step(Tensor viewsBCSS, BatchPlan plan, Random random, Descend descend);

    /// <summary>Looks at the validation patches.</summary>
    Validation Validate(CancellationToken cancellationToken);

    /// <summary>The figures of held-out patches with 95 % intervals, whole patients or slides resampled.</summary>
    /// <param name="part">Validation or test.</param>
    /// <param name="undetermined">Told of each figure that cannot be had, and why.</param>
    /// <returns>By what is measured (a task's name; "patches" without tasks), then by figure (auc, accuracy, …).</returns>
    IReadOnlyList<ObjectiveFigures> Figures(SplitPart part, Action<string> undetermined);
}
