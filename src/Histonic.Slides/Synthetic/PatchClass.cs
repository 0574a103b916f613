namespace Histonic.Slides.Synthetic;

/// <summary>A class of a patch task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Name">The class.</param>
internal readonly record struct PatchClass(string Task, string Name);
