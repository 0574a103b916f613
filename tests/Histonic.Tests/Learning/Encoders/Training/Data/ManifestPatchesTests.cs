using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class ManifestPatchesTests
{
    private static readonly PatchScale _scale = new(16, new Microns(0.5));

    [Fact]
    public void Rows_are_patches_with_their_class_group_and_pixel_size()
    {
        using var folder = new TemporaryFolder();
        Picture(folder["pictures/p1_a.png"], 32);
        Picture(folder["pictures/p2_b.png"], 32);
        File.WriteAllText(
            folder["set.csv"],
            "class,file,mpp,group\ntumour,pictures/p1_a.png,0.25,\nnormal,pictures/p2_b.png,,anna\ntumour,../elsewhere.png,1,\n"
        );
        using var source = Open(folder, new Microns(0.125));
        Assert.Equal(["normal", "tumour"], source.Classes);
        Assert.Equal(
            [
                new(folder["pictures/p1_a.png"], 1, "p1", new Microns(0.25)),
                new(folder["pictures/p2_b.png"], 0, "anna", new Microns(0.125)),
                new PatchEntry(Path.GetFullPath(folder["../elsewhere.png"]), 1, null, new Microns(1)),
            ],
            source.Patches
        );
        Assert.Equal(16, source.Read(source.Patches[0], _scale).Picture.Width); // 32 pixels of 0.25 µm
        Assert.Equal(8, source.Read(source.Patches[1], _scale).Picture.Width);
    }

    [Theory]
    [InlineData("file,label\na.png,x\n", "", "no column \"class\"")]
    [InlineData("file,class\na.png,x\n,y\n", ", line 3", "has no file")]
    [InlineData("file,class\na.png,\n", ", line 2", "has no class")]
    [InlineData("file,class\na.png,x\nb.png,y\n./a.png,y\n", ", line 4", "as line 2 does")]
    [InlineData("file,class,mpp\na.png,x,0\n", ", line 2", "an mpp of 0")]
    [InlineData("file,class,mpp\na.png,x,fine\n", ", line 2", "\"fine\"")]
    public void A_row_that_is_at_fault_is_named_with_its_line(string text, string place, string finding)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["set.csv"], text);
        var error = Assert.Throws<InputException>(() => Open(folder, null));
        Assert.Equal(folder["set.csv"] + place, error.Subject);
        Assert.Contains(finding, error.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_is_missing_is_named_with_its_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["set.csv"], "file,class\na.png,x\nb.png,y\n");
        using var source = Open(folder, null);
        var error = Assert.Throws<InputException>(() => source.Read(source.Patches[1], _scale));
        Assert.Equal(folder["b.png"], error.Subject);
        Assert.Contains("no such file (set.csv, line 3)", error.Finding, StringComparison.Ordinal);
    }

    private static IPatchSource Open(TemporaryFolder folder, Microns? pixelSize) =>
        PatchTaskReader.Open(
            new TaskSource("t", folder["set.csv"], pixelSize),
            GroupRule.Default,
            _scale,
            SilentMonitor.Instance
        );

    private static void Picture(string path, int side) => PictureFile.WritePng(path, TestSlides.Pattern(side, side));
}
