namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Tasks that have been read, with their open sources.</summary>
/// <param name="all">The tasks, in the order they were given.</param>
/// <param name="sources">What is closed in the end.</param>
public sealed class PatchTasks(IReadOnlyList<PatchTask> all, IReadOnlyList<IPatchSource> sources) : IDisposable
{
    /// <summary>Gets the tasks, in the order they were given.</summary>
    public IReadOnlyList<PatchTask> All { get; } = all;

    /// <summary>Closes the sources.</summary>
    public void Dispose()
    {
        foreach (var source in sources)
            source.Dispose();
    }
}
