using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Grids;

public sealed class RegionMasksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RegionMasksTests()
    {
        File.WriteAllText(_folder["classes.csv"], "value,class\n0,elsewhere\n1,front\n2,tumour\n");
        // 4 × 2 pixels over 400 × 200: cells of 200 are 2 × 2 pixels
        PictureFile.WriteGreyPng(_folder["s.png"], 4, 2, [1, 1, 0, 2, 0, 2, 0, 2]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("front", 0.5, 0)]
    [InlineData("Tumour", 0.25, 0.5)]
    [InlineData("front tumour", 0.75, 0.5)]
    public void Shares_are_of_all_the_classes_together(string classes, double first, double second)
    {
        var masks = RegionMasks.Open(_folder.Path, classes.Split(' '));

        Assert.Equal(
            [first, second],
            masks.Shares("s", Lattices.SideBySide(400, 200, 0.5, 200), [new GridCell(0, 0), new GridCell(0, 1)])
        );
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        Assert.Contains(
            "Choose from elsewhere, front, tumour",
            Assert.Throws<InputException>(() => RegionMasks.Open(_folder.Path, ["band"])).Message,
            StringComparison.Ordinal
        );
        var masks = RegionMasks.Open(_folder.Path, ["front"]);
        Assert.Throws<InputException>(() => masks.Shares("t", Lattices.SideBySide(400, 200, 0.5, 200), []));
        Assert.Throws<InputException>(() => masks.Shares("s", Lattices.SideBySide(400, 400, 0.5, 200), []));
        File.WriteAllText(_folder["classes.csv"], "value,class\n300,front\n");
        Assert.Contains(
            "line 2",
            Assert.Throws<InputException>(() => RegionMasks.Open(_folder.Path, ["front"])).Message,
            StringComparison.Ordinal
        );
    }
}
