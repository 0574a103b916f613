using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>The patches of another source with other classes: renamed, put together, or left out, as <see cref="TaskSource.Classes"/> says.</summary>
internal sealed class RenamedPatches : IPatchSource
{
    private readonly IPatchSource _source;

    /// <summary>Renames.</summary>
    /// <param name="source">The source; it is closed with this one.</param>
    /// <param name="task">The task.</param>
    /// <param name="monitor">Warned of a class to rename that is not there.</param>
    public RenamedPatches(IPatchSource source, TaskSource task, IWorkMonitor monitor)
    {
        _source = source;
        foreach (var name in task.Classes.Keys.Except(source.Classes, StringComparer.Ordinal))
        {
            monitor.Warn(
                $"{source.Location}: there is no class {name}, which task {task.Name} renames; there are {string.Join(", ", source.Classes)}"
            );
        }

        string[] names = [.. source.Classes.Select(name => task.Classes.GetValueOrDefault(name, name))];
        Classes =
        [
            .. names.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        var numbers = Classes.Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);
        Patches =
        [
            .. source
                .Patches.Where(patch => names[patch.Class].Length > 0)
                .Select(patch => patch with { Class = numbers[names[patch.Class]] }),
        ];
    }

    /// <inheritdoc/>
    public string Location => _source.Location;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PatchEntry> Patches { get; }

    /// <inheritdoc/>
    public SourcePatch Read(PatchEntry patch, PatchScale scale) => _source.Read(patch, scale);

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
