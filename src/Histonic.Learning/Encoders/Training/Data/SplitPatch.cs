namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>A patch that wants a part.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="File">What splits.csv calls it (<see cref="PatchSplit.FileOf"/>).</param>
/// <param name="Group">Its patient or slide, or what stands for one.</param>
/// <param name="Class">Its class's name.</param>
internal readonly record struct SplitPatch(string Task, string File, string Group, string Class);
