using Histonic.Slides.Cohorts;
using YamlDotNet.Serialization;

namespace Histonic.Learning.Prediction;

/// <summary>One target of a run, and how it is learnt.</summary>
public sealed record RunTarget
{
    /// <summary>Gets the kind: classification, regression or survival.</summary>
    public string Task { get; init; } = "";

    /// <summary>Gets the columns of the target: one, or time and event.</summary>
    public string[] Columns { get; init; } = [];

    /// <summary>Gets the labels that it was named with, parted by commas; null for a target of its own.</summary>
    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitNull)]
    public string? Group { get; init; }

    /// <summary>Gets the classes in the order of the probabilities; empty for other kinds.</summary>
    public string[] Classes { get; init; } = [];

    /// <summary>Gets the loss, one of <see cref="SlideHead.LossesOf"/>; empty in runs of versions that had one for each kind.</summary>
    public string Loss { get; init; } = "";

    /// <summary>Gets what its loss and its validation metric count beside those of the other targets, above 0.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Gets what is predicted.</summary>
    [YamlIgnore]
    public TargetSpec Spec =>
        Group is not null ? new TargetSpec.Label(Columns[0], Group)
        : Columns.Length == 2 ? TargetSpec.From(Task, null, Columns[0], Columns[1])
        : TargetSpec.From(Task, Columns.FirstOrDefault(), null, null);
}
