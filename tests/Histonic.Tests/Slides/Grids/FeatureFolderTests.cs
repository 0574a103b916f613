using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Grids;

public sealed class FeatureFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_gives_its_compressed_slides_by_name_and_none_that_is_hidden()
    {
        foreach (var name in new[] { "b.h5", "a.h5", "._a.h5", "failures.csv" })
            File.WriteAllText(_folder[name], "");

        var features = FeatureFolder.Open(_folder.Path);

        Assert.Equal(["a", "b"], features.Slides);
        Assert.Equal(_folder["a.h5"], features.PathOf("a"));
    }

    [Fact]
    public void A_single_file_is_a_folder_of_one()
    {
        foreach (var name in new[] { "b.h5", "a.h5" })
            File.WriteAllText(_folder[name], "");

        var features = FeatureFolder.Open(_folder["b.h5"]);

        Assert.Equal(["b"], features.Slides);
        Assert.Equal((_folder["b.h5"], false), (features.PathOf("b"), features.Contains("a")));
    }

    [Theory]
    [InlineData("none", "does not exist")]
    [InlineData("list.csv", "is no compressed slide")]
    [InlineData("", "holds no compressed slides")]
    public void What_holds_no_compressed_slide_is_refused(string name, string finding)
    {
        File.WriteAllText(_folder["list.csv"], "");

        var error = Assert.Throws<InputException>(() => FeatureFolder.Open(_folder[name]));

        Assert.Contains(finding, error.Message, StringComparison.Ordinal);
    }
}
