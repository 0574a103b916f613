using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training;

/// <summary>What an encoder is trained for, on what, and how.</summary>
public sealed record EncoderTrainingOptions
{
    /// <summary>Gets what it is trained for.</summary>
    public TrainingObjective Objective { get; init; } = TrainingObjective.Mtl;

    /// <summary>Gets the data, each with a name of its own. Objectives without labels take the patches and leave the classes alone.</summary>
    public required IReadOnlyList<TaskSource> Tasks { get; init; }

    /// <summary>Gets the encoder's name, as its file will say.</summary>
    public string Name { get; init; } = "encoder";

    /// <summary>Gets the encoder's shape.</summary>
    public EncoderShape Encoder { get; init; } = new();

    /// <summary>Gets the regular expression that finds the patient or slide in a file's name; null for <see cref="GroupRule.Default"/>.</summary>
    public string? GroupRegex { get; init; }

    /// <summary>Gets how much goes to training, validation and test.</summary>
    public SplitShares Split { get; init; } = SplitShares.Default;

    /// <summary>Gets a splits.csv that tells who is in which part; null to deal by <see cref="Split"/>.</summary>
    public string? SplitsFile { get; init; }

    /// <summary>Gets the most rounds of <see cref="StepsPerEpoch"/> steps; early stopping usually ends training before.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Gets the most steps in all; null for no such bound.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Gets the steps between two looks at the validation patches; null: as many as show about every patch once, at least 50.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>Gets the patches of a batch, over all tasks; for the contrastive objective, pairs.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Gets Adam's first learning rate; null for the objective's own: <see cref="StartRate"/>.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Gets the learning rate below which it is not lowered.</summary>
    public double LeastLearningRate { get; init; } = 1e-5;

    /// <summary>Gets after how many epochs without a better one the learning rate falls to a tenth, or, at its least, training ends.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Gets the length that the gradient is cut back to when it is longer (the Euclidean norm over all parameters of a player); null: never.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Gets how the tasks' losses are weighted.</summary>
    public LossWeighting Weighting { get; init; } = LossWeighting.Equal;

    /// <summary>Gets how far views are changed.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Gets the weight γ of the VAE's Kullback-Leibler divergence. P2: 5e-5.</summary>
    public double VaeGamma { get; init; } = 5e-5;

    /// <summary>
    /// Gets the width of what draws patches from embeddings (the VAE's decoder, the BiGAN's generator), as a share of P2's: 1 is P2's own.
    /// </summary>
    public double DecoderWidth { get; init; } = 1;

    /// <summary>Gets the share of the contrastive objective's different pairs that come from one slide or patient. P2: 0.75.</summary>
    public double NeighbourShare { get; init; } = 0.75;

    /// <summary>Gets how many bytes of decoded patches to hold in memory.</summary>
    public long PixelBudget { get; init; } = 512L << 20;

    /// <summary>Gets the number of threads that decode and augment patches.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gets where the network runs: "cpu" or "cuda".</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Gets where every random choice comes from.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Gets the licence of the weights, as the encoder's file will say.</summary>
    public string Licence { get; init; } = "unknown";

    /// <summary>Gets what the patches are and where they come from, in words.</summary>
    public string? DataNote { get; init; }

    /// <summary>Gets the first learning rate: the one given, or the objective's own.</summary>
    /// <remarks>
    /// P2: VAE 1e-3, BiGAN 2e-4, and 1e-2 for contrastive and supervised encoders, which had 50,000 patches and more. Here those begin at
    /// 1e-3, since sets of a few hundred patches are usual.
    /// </remarks>
    public double StartRate => LearningRate ?? (Objective == TrainingObjective.Bigan ? 2e-4 : 1e-3);

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public EncoderTrainingOptions Validated()
    {
        _ = Encoder.Validated();
        _ = Augmentation.Validated();
        var names = string.Join(", ", Tasks.Select(task => task.Name));
        return this switch
        {
            { Tasks.Count: 0, Objective: not TrainingObjective.MeanRgb } => throw new OptionException(
                "--task",
                null,
                "given at least once"
            ),
            { Tasks.Count: > 1, Objective: TrainingObjective.Supervised } => throw new OptionException(
                "--task",
                names,
                "one task for the objective supervised; --objective mtl takes several"
            ),
            _ when Tasks.Select(task => task.Name).Distinct(StringComparer.Ordinal).Count() < Tasks.Count =>
                throw new OptionException("--task", names, "given with a name of its own for each task"),
            _ when Tasks.FirstOrDefault(task => task.Share is not (> 0 and < 1e6)) is { } task =>
                throw new OptionException($"the share of task {task.Name}", task.Share, "above 0"),
            _ when Tasks.FirstOrDefault(task => task.Weight is not (>= 0 and < 1e6)) is { } task =>
                throw new OptionException($"the weight of task {task.Name}", task.Weight, "0 or more"),
            _ when Tasks.FirstOrDefault(task => task.ClassShares.Values.Any(share => share is not (> 0 and < 1e6)))
                    is { } task => throw new OptionException(
                $"a class share of task {task.Name}",
                string.Join(", ", task.ClassShares.Values),
                "above 0"
            ),
            _ when string.IsNullOrWhiteSpace(Name) => throw new OptionException("--name", Name, "a name"),
            { Epochs: < 1 } => throw new OptionException("--epochs", Epochs, "at least 1"),
            { MaxSteps: < 1 } => throw new OptionException("--max-steps", MaxSteps, "at least 1"),
            { StepsPerEpoch: < 1 } => throw new OptionException("--steps-per-epoch", StepsPerEpoch, "at least 1"),
            { Batch: < 2 or > 65_536 } => throw new OptionException("--batch", Batch, "from 2 to 65536"),
            { LearningRate: not (null or > 0 and <= double.MaxValue) } => throw new OptionException(
                "--lr",
                LearningRate,
                "above 0"
            ),
            { ClipNorm: not (null or > 0) } => throw new OptionException("--clip", ClipNorm, "above 0"),
            { VaeGamma: not (>= 0 and <= 1e3) } => throw new OptionException("--vae-gamma", VaeGamma, "0 or more"),
            { DecoderWidth: not (>= 0.02 and <= 4) } => throw new OptionException(
                "--decoder-width",
                DecoderWidth,
                "from 0.02 to 4"
            ),
            { NeighbourShare: not (>= 0 and <= 1) } => throw new OptionException(
                "--neighbours",
                NeighbourShare,
                "from 0 to 1"
            ),
            { Patience: < 1 } => throw new OptionException("--patience", Patience, "at least 1"),
            { PixelBudget: < 0 } => throw new OptionException("--memory", PixelBudget, "0 or more"),
            { Device: not ("cpu" or "cuda") } => throw new OptionException("--device", Device, "cpu or cuda"),
            _ => this,
        };
    }
}
