namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>A task: labelled patches, dealt to training, validation and test.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Classes">The classes' names, in the order of their numbers.</param>
/// <param name="Samples">The patches, sorted by path.</param>
/// <param name="Broken">The files that could not be read and were left out.</param>
/// <param name="Ungrouped">How many patches tell no patient or slide, each a group of its own.</param>
public sealed record PatchTask(
    TaskSource Source,
    IReadOnlyList<string> Classes,
    IReadOnlyList<PatchSample> Samples,
    IReadOnlyList<string> Broken,
    int Ungrouped
)
{
    /// <summary>Gets the task's name.</summary>
    public string Name => Source.Name;

    /// <summary>The number of groups (patients, slides) in held-out patches below which an interval says little.</summary>
    public const int FewGroups = 10;

    /// <summary>The patches of one part.</summary>
    public IEnumerable<PatchSample> Of(SplitPart part) => Samples.Where(sample => sample.Part == part);

    /// <summary>The number of groups in one part.</summary>
    public int GroupsOf(SplitPart part) =>
        Of(part).Select(sample => sample.Group).Distinct(StringComparer.Ordinal).Count();
}
