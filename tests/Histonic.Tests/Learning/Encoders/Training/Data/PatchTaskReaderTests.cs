using System.Globalization;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class PatchTaskReaderTests
{
    [Fact]
    public void Broken_patches_are_named_and_counted_and_the_rest_goes_on()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder["t"], 20);
        File.WriteAllText(folder["t/x/p3_0.png"], "no picture");
        File.WriteAllText(folder["t/y/p4_0.png"], "");
        var monitor = new RecordingMonitor();
        using var read = Read(folder["t"], monitor);
        Assert.Equal(38, read.All[0].Samples.Count);
        Assert.Equal([folder["t/x/p3_0.png"], folder["t/y/p4_0.png"]], read.All[0].Broken);
        Assert.Contains(
            monitor.Warnings,
            warning => warning.StartsWith(folder["t/x/p3_0.png"], StringComparison.Ordinal)
        );
        Assert.Contains(
            monitor.Warnings,
            warning => warning.StartsWith(folder["t/y/p4_0.png"], StringComparison.Ordinal)
        );
        Assert.Contains(monitor.Warnings, warning => warning.Contains("2 of 40 patches", StringComparison.Ordinal));
    }

    [Fact]
    public void A_class_whose_patches_are_all_broken_is_at_fault_and_the_error_says_so()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder["t"], 6);
        foreach (var path in Directory.EnumerateFiles(folder["t/y"]))
            File.WriteAllText(path, "no picture");
        var error = Assert.Throws<InputException>(() => Read(folder["t"], SilentMonitor.Instance).Dispose());
        Assert.Equal($"{folder["t"]}, class y", error.Subject);
        Assert.Contains("none of its 6 patches can be read", error.Finding, StringComparison.Ordinal);
        Assert.Contains(folder["t/y/p0_0.png"], error.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_patch_of_an_HDF5_file_is_left_out()
    {
        using var folder = new TemporaryFolder();
        PatchSetFileTests.Write(folder["s.h5"], 40, 16, 1, [.. Enumerable.Range(0, 40).Select(i => (long)(i % 2))]);
        // overwrite the middle of the largest stretch of bytes: some chunk is no longer what gzip wrote
        var bytes = File.ReadAllBytes(folder["s.h5"]);
        var chunk = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x78, 0x9C]);
        Assert.True(chunk > 0);
        bytes.AsSpan(chunk, 40).Fill(0xFF);
        File.WriteAllBytes(folder["s.h5"], bytes);
        var monitor = new RecordingMonitor();
        using var read = Read(folder["s.h5"], monitor);
        var broken = Assert.Single(read.All[0].Broken);
        Assert.Contains(monitor.Warnings, warning => warning.StartsWith(broken + ": ", StringComparison.Ordinal));
        Assert.Equal(39, read.All[0].Samples.Count);
    }

    [Theory]
    [InlineData("t.txt", "no layout")]
    [InlineData("none", "no such folder")]
    [InlineData("one.csv", "1 classes (x)")]
    public void A_location_of_no_known_layout_is_at_fault(string name, string finding)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["t.txt"], "");
        File.WriteAllText(folder["one.csv"], "file,class\na.png,x\n");
        var error = Assert.Throws<InputException>(() => Read(folder[name], SilentMonitor.Instance).Dispose());
        Assert.Equal(folder[name], error.Subject);
        Assert.Contains(finding, error.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rest_without_annotations_is_at_fault()
    {
        var task = new TaskSource("t", "somewhere") { Rest = "normal" };
        Assert.Throws<InputException>(() =>
            PatchTaskReader.Open(task, GroupRule.Default, new PatchScale(8, new Microns(0.5)), SilentMonitor.Instance)
        );
    }

    [Fact]
    public void Classes_are_renamed_put_together_and_left_out_and_keep_their_pixels()
    {
        using var folder = new TemporaryFolder();
        PatchSetFileTests.Write(folder["s.h5"], 40, 8, 1, [.. Enumerable.Range(0, 40).Select(i => (long)(i % 4))]);
        var task = new TaskSource("t", folder["s.h5"])
        {
            Classes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["0"] = "normal",
                ["1"] = "cancer",
                ["2"] = "normal",
                ["3"] = "",
                ["7"] = "cancer",
            },
        };
        var monitor = new RecordingMonitor();
        var scale = new PatchScale(8, new Microns(0.5));
        using var source = PatchTaskReader.Open(task, GroupRule.Default, scale, monitor);
        Assert.Equal(["cancer", "normal"], source.Classes);
        Assert.Equal(30, source.Patches.Count);
        Assert.Contains("no class 7", Assert.Single(monitor.Warnings), StringComparison.Ordinal);
        foreach (var patch in source.Patches)
        {
            var index = int.Parse(patch.Id.Split('#')[1], CultureInfo.InvariantCulture);
            Assert.Equal(index % 4 == 1 ? 0 : 1, patch.Class);
            Assert.Equal(PatchSetFileTests.Pixel(index, 7, 7, 2), source.Read(patch, scale).Picture.Pixels[^1]);
        }
    }

    [Fact]
    public void A_share_of_a_class_that_is_not_there_is_at_fault()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder["t"], 6);
        var task = new TaskSource("t", folder["t"])
        {
            ClassShares = new Dictionary<string, double>(StringComparer.Ordinal) { ["z"] = 2 },
        };
        var error = Assert.Throws<InputException>(() => Read(task, SilentMonitor.Instance).Dispose());
        Assert.Contains("no class z", error.Finding, StringComparison.Ordinal);
    }

    private static void Pictures(string folder, int count)
    {
        foreach (var label in new[] { "x", "y" })
        {
            for (var i = 0; i < count; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"p{i}_0.png");
                PictureFile.WritePng(Path.Combine(folder, label, name), TestSlides.Pattern(8, 8));
            }
        }
    }

    private static PatchTasks Read(string location, IWorkMonitor monitor) =>
        Read(new TaskSource("t", location), monitor);

    private static PatchTasks Read(TaskSource task, IWorkMonitor monitor) =>
        PatchTaskReader.Read(
            [task],
            GroupRule.Default,
            PatchSplit.Of(SplitShares.Default),
            new Seed(1),
            new PatchPixels(new PatchScale(8, new Microns(0.5)), 1 << 20, 2),
            monitor,
            TestContext.Current.CancellationToken
        );
}
