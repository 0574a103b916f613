using Histonic.Reports.Viewing;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.Viewing;

/// <summary>Folders of copies; tests that count them run one after the other.</summary>
[Collection(nameof(CopyFolderTests))]
public sealed class CopyFolderTests
{
    [Fact]
    public void What_killed_viewers_left_is_deleted_and_what_living_ones_use_is_not()
    {
        var left = Directory
            .CreateTempSubdirectory($"histonic-view-{ProcessToken.Current with { Id = EndedProcess.Make() }}.")
            .FullName;
        File.WriteAllText(Path.Combine(left, "1.tif"), "");
        using var other = new CopyFolder();
        File.WriteAllText(other.NewFile(), "");

        string made;
        using (var folder = new CopyFolder())
        {
            made = Path.GetDirectoryName(folder.NewFile())!;
            Assert.True(Directory.Exists(made));
            Assert.NotEqual(folder.NewFile(), folder.NewFile());
            Assert.False(Directory.Exists(left));
            Assert.True(Directory.Exists(Path.GetDirectoryName(other.NewFile())));
        }

        Assert.False(Directory.Exists(made));
    }
}
