using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>How an encoder is trained on several tasks at once.</summary>
public sealed record MultitaskOptions
{
    /// <summary>Gets the tasks, each with a name of its own.</summary>
    public required IReadOnlyList<TaskSource> Tasks { get; init; }

    /// <summary>Gets the encoder's name, as its file will say.</summary>
    public string Name { get; init; } = "multitask";

    /// <summary>Gets the encoder's shape.</summary>
    public PatchEncoderOptions Encoder { get; init; } = new();

    /// <summary>Gets the regular expression that finds the patient or slide in a file's name; null for <see cref="GroupRule.Default"/>.</summary>
    public string? GroupRegex { get; init; }

    /// <summary>Gets how much goes to training, validation and test.</summary>
    public SplitShares Split { get; init; } = SplitShares.Default;

    /// <summary>Gets the most rounds of <see cref="StepsPerEpoch"/> steps; early stopping usually ends training before.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Gets the most steps in all; null for no such bound.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Gets the steps between two looks at the validation patches; null: as many as show about every patch once, at least 50.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>Gets the patches of a batch, over all tasks.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Gets Adam's first learning rate.</summary>
    /// <remarks>
    /// P2 starts its supervised encoders at 1e-2, on one task with 50,000 patches and more. With several tasks, some of a few
    /// hundred patches, the more careful 1e-3 is the default (P2's own for the VAE); the two were not compared at length.
    /// </remarks>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets the learning rate below which it is not lowered.</summary>
    public double LeastLearningRate { get; init; } = 1e-5;

    /// <summary>Gets after how many epochs without a better one the learning rate falls to a tenth, or, at its least, training ends.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Gets how far colours are moved.</summary>
    public ColourAugmentationOptions Colour { get; init; } = new();

    /// <summary>Gets how many bytes of decoded patches to hold in memory.</summary>
    public long PixelBudget { get; init; } = 2L << 30;

    /// <summary>Gets the number of threads that decode and cut patches.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gets where the network runs: "cpu" or "cuda".</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Gets where every random choice comes from.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Gets the licence of the weights, as the encoder's file will say.</summary>
    public string Licence { get; init; } = "unknown";

    /// <summary>Gets what the patches are and where they come from, in words.</summary>
    public string? DataNote { get; init; }

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public MultitaskOptions Validated()
    {
        _ = Encoder.Validated();
        _ = Colour.Validated();
        return this switch
        {
            { Tasks.Count: 0 } => throw new OptionException("--task", null, "given at least once"),
            _ when Tasks.Select(task => task.Name).Distinct(StringComparer.Ordinal).Count() < Tasks.Count =>
                throw new OptionException(
                    "--task",
                    string.Join(", ", Tasks.Select(task => task.Name)),
                    "given with a name of its own for each task"
                ),
            _ when string.IsNullOrWhiteSpace(Name) => throw new OptionException("--name", Name, "a name"),
            { Epochs: < 1 } => throw new OptionException("--epochs", Epochs, "at least 1"),
            { MaxSteps: < 1 } => throw new OptionException("--max-steps", MaxSteps, "at least 1"),
            { StepsPerEpoch: < 1 } => throw new OptionException("--steps-per-epoch", StepsPerEpoch, "at least 1"),
            { Batch: < 2 or > 65_536 } => throw new OptionException("--batch", Batch, "from 2 to 65536"),
            { LearningRate: not (> 0 and <= 1) } => throw new OptionException(
                "--lr",
                LearningRate,
                "above 0 and at most 1"
            ),
            { Patience: < 1 } => throw new OptionException("--patience", Patience, "at least 1"),
            { Device: not ("cpu" or "cuda") } => throw new OptionException("--device", Device, "cpu or cuda"),
            _ => this,
        };
    }
}
