using Histonic.Learning.Encoders.Training.Data;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>A task that encoders were evaluated on.</summary>
/// <param name="Source">Where its patches lie.</param>
/// <param name="Classes">The classes' names, in the order of their numbers.</param>
/// <param name="Patches">The number of patches in each part.</param>
/// <param name="Groups">The number of patients or slides in each part.</param>
/// <param name="Broken">How many patches could not be read and were left out.</param>
/// <param name="Ungrouped">How many patches tell no patient or slide, each a group of its own.</param>
public sealed record EvaluatedTask(
    TaskSource Source,
    IReadOnlyList<string> Classes,
    IReadOnlyDictionary<SplitPart, int> Patches,
    IReadOnlyDictionary<SplitPart, int> Groups,
    int Broken,
    int Ungrouped
)
{
    /// <summary>Gets the task's name.</summary>
    public string Name => Source.Name;

    /// <summary>Gets whether the test patches come from so few patients or slides that an interval says little.</summary>
    public bool FewGroups => Groups[SplitPart.Test] < PatchTask.FewGroups;

    /// <summary>Sums up a task.</summary>
    public static EvaluatedTask Of(PatchTask task) =>
        new(
            task.Options,
            task.Classes,
            Enum.GetValues<SplitPart>().ToDictionary(part => part, part => task.Of(part).Count()),
            Enum.GetValues<SplitPart>().ToDictionary(part => part, task.GroupsOf),
            task.Broken.Count,
            task.Ungrouped
        );
}
