using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides;

public sealed class VisibleEntriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public VisibleEntriesTests()
    {
        foreach (var name in new[] { "b", "a", ".ipynb_checkpoints", "a/.cache" })
            Directory.CreateDirectory(_folder[name]);
        foreach (
            var name in new[] { "2.png", "._2.png", "1.png", "a/3.png", "a/.cache/4.png", ".ipynb_checkpoints/5.png" }
        )
            File.WriteAllText(_folder[name], "");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hidden_files_are_passed_over() =>
        Assert.Equal([_folder["1.png"], _folder["2.png"]], VisibleEntries.Files(_folder.Path));

    [Fact]
    public void Hidden_folders_are_passed_over_with_all_that_is_in_them()
    {
        Assert.Equal([_folder["a"], _folder["b"]], VisibleEntries.Folders(_folder.Path));
        Assert.Equal(
            [_folder["1.png"], _folder["2.png"], _folder["a/3.png"]],
            VisibleEntries.Files(_folder.Path, nested: true)
        );
    }

    [Fact]
    public void Links_that_lead_in_a_circle_end()
    {
        Directory.CreateSymbolicLink(_folder["a/up"], _folder.Path);

        Assert.Contains(_folder["a/3.png"], VisibleEntries.Files(_folder.Path, nested: true));
    }
}
