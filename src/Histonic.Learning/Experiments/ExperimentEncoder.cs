using Histonic.Learning.Encoders.Training;

namespace Histonic.Learning.Experiments;

/// <summary>One kind of encoder of an experiment; where it is trained, there is one network of it a seed.</summary>
public abstract record ExperimentEncoder
{
    private ExperimentEncoder() { }

    /// <summary>Gets what it is called in tables and charts.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the labelled tasks it was trained on; empty where it saw no label.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>Gets how it came about: an objective, "file" or "features".</summary>
    public abstract string Origin { get; }

    /// <summary>Gets whether training it depends on chance.</summary>
    public virtual bool HasSeeds => false;

    /// <summary>Trained here, once a seed.</summary>
    /// <param name="Training">How; the seed is the experiment's.</param>
    public sealed record Trained(EncoderTrainingOptions Training) : ExperimentEncoder
    {
        /// <inheritdoc/>
        public override string Origin => EncoderTrainingFile.Word(Training.Objective);

        /// <inheritdoc/>
        public override bool HasSeeds => Training.Objective != TrainingObjective.MeanRgb;
    }

    /// <summary>Encoders that exist already; several are taken for as many seeds of one kind.</summary>
    /// <param name="Sources">Built-in names, .onnx files, or Keras files (.h5) of the papers' architecture.</param>
    public sealed record Existing(IReadOnlyList<string> Sources) : ExperimentEncoder
    {
        /// <inheritdoc/>
        public override string Origin => "file";
    }

    /// <summary>Grids that exist already; several folders are taken for as many seeds of one kind.</summary>
    /// <param name="Folders">Folders of compressed slides (SLIDE.h5).</param>
    public sealed record LaidOut(IReadOnlyList<string> Folders) : ExperimentEncoder
    {
        /// <inheritdoc/>
        public override string Origin => "features";
    }
}
