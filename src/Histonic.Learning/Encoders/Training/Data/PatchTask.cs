namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>A task: labelled patches, dealt to training, validation and test.</summary>
/// <param name="Options">Where it comes from and how much it counts.</param>
/// <param name="Classes">The classes' names, in the order of their numbers.</param>
/// <param name="Samples">The patches that can be read, in the order of their source.</param>
/// <param name="Broken">The patches that could not be read and were left out.</param>
/// <param name="Ungrouped">How many patches tell no patient or slide, each a group of its own.</param>
public sealed record PatchTask(
    TaskSource Options,
    IReadOnlyList<string> Classes,
    IReadOnlyList<PatchSample> Samples,
    IReadOnlyList<string> Broken,
    int Ungrouped
)
{
    /// <summary>The number of groups (patients, slides) in held-out patches below which an interval says little.</summary>
    public const int FewGroups = 10;

    /// <summary>Gets the task's name.</summary>
    public string Name => Options.Name;

    /// <summary>The patches of one part.</summary>
    public IEnumerable<PatchSample> Of(SplitPart part) => Samples.Where(sample => sample.Part == part);

    /// <summary>The number of groups in one part.</summary>
    public int GroupsOf(SplitPart part) =>
        Of(part).Select(sample => sample.Group).Distinct(StringComparer.Ordinal).Count();
}
