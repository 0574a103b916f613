using Histonic.Slides;

namespace Histonic.Learning.Prediction;

/// <summary>How a predictor is trained.</summary>
public sealed record PredictorOptions
{
    /// <summary>Gets the network: one of <see cref="SlideNetworks.Names"/>.</summary>
    public string Model { get; init; } = "cnn";

    /// <summary>
    /// Gets the loss: cross-entropy; mse or huber for numbers; cox or hazards for survival. Empty = the first of these for the target.
    /// Of several targets those that are to have another one, by their names: score=huber,months=hazards.
    /// </summary>
    public string Loss { get; init; } = "";

    /// <summary>Gets what each of several targets counts in the loss and in the choice of the epoch, by their names: pattern=1,score=0.5. Those not named count 1.</summary>
    public string TargetWeights { get; init; } = "";

    /// <summary>
    /// Gets what is done where some classes have more slides than others. batches: every batch holds as many of each. balanced: classes count
    /// by n / (k · nₖ). none. Or, with one target, a weight for every class, as a=1,b=3. Only for classifications.
    /// </summary>
    public string ClassWeights { get; init; } = "batches";

    /// <summary>Gets after how many epochs without a better validation metric a fold is done; 0 = never before its last.</summary>
    public int Patience { get; init; }

    /// <summary>Gets the number of folds, at least 3. The default is the papers' 4.</summary>
    public int Folds { get; init; } = 4;

    /// <summary>Gets how often all training slides are seen.</summary>
    public int Epochs { get; init; } = 80;

    /// <summary>Gets the number of slides a step sees; 0 takes the papers' 16, and 32 for survival, whose loss compares the slides of a step.</summary>
    public int BatchSize { get; init; }

    /// <summary>Gets the first learning rate of Adam; 0 takes the network's own: the papers' 0.01, for attention 0.001. It falls to a third each time the validation loss stands still.</summary>
    public double LearningRate { get; init; }

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public PredictorOptions Validated() =>
        this switch
        {
            _ when !SlideNetworks.Names.Contains(Model, StringComparer.Ordinal) => throw new OptionException(
                "--model",
                Model,
                $"one of {string.Join(", ", SlideNetworks.Names)}"
            ),
            { Folds: not (>= 3 and <= 100) } => throw new OptionException(
                "--folds",
                Folds,
                "from 3 to 100: one to test, one to validate, the rest to train"
            ),
            { Patience: < 0 } => throw new OptionException("--patience", Patience, "0 or more epochs"),
            { Epochs: not (>= 1 and <= 100_000) } => throw new OptionException("--epochs", Epochs, "from 1 to 100000"),
            { BatchSize: not (0 or (>= 2 and <= 4096)) } => throw new OptionException(
                "--batch",
                BatchSize,
                "from 2 to 4096, or 0 for the default"
            ),
            { LearningRate: not (>= 0 and <= 1) } => throw new OptionException(
                "--learning-rate",
                LearningRate,
                "above 0 and at most 1, or 0 for the network's own"
            ),
            _ => this,
        };
}
