using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Tests.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class Hdf5PatchesTests
{
    private static readonly PatchScale _scale = new(16, new Microns(0.5));

    [Fact]
    public void Labels_are_classes_in_the_order_of_numbers_and_patches_are_named_by_their_place()
    {
        using var folder = new TemporaryFolder();
        PatchSetFileTests.Write(folder["s.h5"], 5, 8, 1, [10, 2, 0, 2, 10]);
        using var source = Open(folder["s.h5"], null);
        Assert.Equal(["0", "2", "10"], source.Classes);
        Assert.Equal([2, 1, 0, 1, 2], source.Patches.Select(patch => patch.Class));
        Assert.Equal($"{folder["s.h5"]}#3", source.Patches[3].Id);
        Assert.All(source.Patches, patch => Assert.Null(patch.Group));
        var read = source.Read(source.Patches[3], _scale);
        Assert.Equal((8, 0.5), (read.Picture.Width, read.Step)); // stretched to 16 by whoever cuts
        Assert.Equal(PatchSetFileTests.Pixel(3, 7, 7, 2), read.Picture.Pixels[^1]);
    }

    [Fact]
    public void What_is_finer_than_wanted_is_shrunk()
    {
        using var folder = new TemporaryFolder();
        PatchSetFileTests.Write(folder["s.h5"], 4, 32, 2, [0, 1, 0, 1]);
        using var source = Open(folder["s.h5"], new Microns(0.25));
        var read = source.Read(source.Patches[0], _scale);
        Assert.Equal((16, 16, 1.0), (read.Picture.Width, read.Picture.Height, read.Step));
    }

    [Theory]
    [InlineData("s.h5", "s_meta.csv")]
    [InlineData("s_x.h5", "s_meta.csv")]
    public void A_table_beside_it_tells_the_slides(string name, string meta)
    {
        using var folder = new TemporaryFolder();
        PatchSetFileTests.Write(folder[name], 3, 8, 1, [0, 1, 0]);
        File.WriteAllText(
            folder[meta],
            ",coord_y,coord_x,tumor_patch,center_tumor_patch,wsi\n0,1,2,False,False,slide_1\n1,1,2,True,True,slide_2\n2,1,2,False,False,slide_1\n"
        );
        using var source = Open(folder[name], null);
        Assert.Equal(["slide_1", "slide_2", "slide_1"], source.Patches.Select(patch => patch.Group));
        File.WriteAllText(folder[meta], "wsi\na\nb\n");
        var error = Assert.Throws<InputException>(() => Open(folder[name], null));
        Assert.Equal(folder[meta], error.Subject);
        Assert.Contains("2 lines for the 3 patches", error.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_chunks_are_told_aloud()
    {
        using var folder = new TemporaryFolder();
        PatchSetFileTests.Write(folder["s.h5"], 40, 8, 40, [.. Enumerable.Range(0, 40).Select(i => (long)(i % 2))]);
        var monitor = new RecordingMonitor();
        using var source = PatchTaskReader.Open(
            new TaskSource("t", folder["s.h5"]),
            GroupRule.Default,
            _scale,
            monitor
        );
        Assert.Contains("chunks hold 40 patches", Assert.Single(monitor.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_is_not_read_is_at_fault_at_once()
    {
        using var folder = new TemporaryFolder();
        await Python.RunAsync("patch_set.py", folder[""], "s", "lzf", "8", "16", "2");
        Assert.Equal(folder["s.h5"], Assert.Throws<InputException>(() => Open(folder["s.h5"], null)).Subject);
    }

    private static IPatchSource Open(string path, Microns? pixelSize) =>
        PatchTaskReader.Open(new TaskSource("t", path, pixelSize), GroupRule.Default, _scale, SilentMonitor.Instance);
}
