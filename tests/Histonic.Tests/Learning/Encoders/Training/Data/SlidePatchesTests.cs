using System.Globalization;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class SlidePatchesTests
{
    // cells of 32 pixels of level 0: 16 × 12 on a slide of 512 × 384
    private static readonly PatchScale _scale = new(16, new Microns(0.5));

    [Fact]
    public void The_cells_whose_middle_is_annotated_are_patches_of_the_innermost_annotation()
    {
        using var folder = new TemporaryFolder();
        Slide(folder, "s1");
        Annotate(folder, "s1", ("tumour", Box(64, 64, 256, 256)), ("cut-out", Box(128, 128, 160, 192)));
        using var source = Open(folder);
        Assert.Equal(["cut-out", "tumour"], source.Classes);
        Assert.Equal((6 * 6) - 2, source.Patches.Count(patch => patch.Class == 1));
        Assert.Equal(
            ["s1@128,128", "s1@128,160"],
            source.Patches.Where(patch => patch.Class == 0).Select(patch => patch.Id)
        );
        Assert.All(source.Patches, patch => Assert.Equal("s1", patch.Group));
        Assert.Equal("s1@64,64", source.Patches[0].Id);
    }

    [Fact]
    public void What_is_read_is_the_patch_with_some_slide_around_it_at_the_wanted_scale()
    {
        using var folder = new TemporaryFolder();
        var picture = Slide(folder, "s1");
        Annotate(folder, "s1", ("a", Box(64, 64, 256, 256)), ("b", Box(256, 64, 500, 256)));
        using var source = Open(folder);
        var patch = source.Patches.Single(patch => string.Equals(patch.Id, "s1@96,128", StringComparison.Ordinal));
        var read = source.Read(patch, _scale);
        Assert.Equal((20, 20, 1.0), (read.Picture.Width, read.Picture.Height, read.Step));
        for (var y = 0; y < 20; y++)
        {
            for (var x = 0; x < 20; x++)
            {
                // 2 × 2 pixels of level 0; the square begins 2 of its pixels left of and above the patch
                var (left, top) = (96 + (2 * (x - 2)), 128 + (2 * (y - 2)));
                var sum = new[] { (0, 0), (1, 0), (0, 1), (1, 1) }.Sum(at =>
                    picture.Pixels[(((top + at.Item2) * picture.Width) + left + at.Item1) * 3]
                );
                Assert.InRange(read.Picture.Pixels[((y * 20) + x) * 3], (sum / 4.0) - 1, (sum / 4.0) + 1);
            }
        }
    }

    [Fact]
    public void Small_annotations_and_points_get_a_patch_about_them()
    {
        using var folder = new TemporaryFolder();
        Slide(folder, "s1");
        Annotate(folder, "s1", ("large", Box(0, 0, 96, 96)), ("small", Box(100, 100, 108, 104)));
        File.WriteAllText(
            folder["annotations/s2.xml"],
            "<ASAP_Annotations><Annotation Type=\"Dot\" PartOfGroup=\"dot\"><Coordinate Order=\"0\" X=\"200\" Y=\"100\"/></Annotation></ASAP_Annotations>"
        );
        Slide(folder, "s2");
        using var source = Open(folder);
        Assert.Equal(["dot", "large", "small"], source.Classes);
        Assert.Equal("s1@88,86", source.Patches.Single(patch => patch.Class == 2).Id);
        Assert.Equal("s2@184,84", source.Patches.Single(patch => patch.Class == 0).Id);
    }

    [Fact]
    public void An_annotation_in_pieces_gets_one_patch_of_its_own_at_most()
    {
        using var folder = new TemporaryFolder();
        Slide(folder, "s1");
        Directory.CreateDirectory(folder["annotations"]);
        File.WriteAllText(
            folder["annotations/s1.geojson"],
            """
            [{"geometry": {"type": "MultiPolygon", "coordinates": [
               [[[100,100],[104,100],[104,104],[100,104]]], [[[200,100],[208,100],[208,108],[200,108]]]]}, "properties": {"classification": "crumbs"}},
             {"geometry": {"type": "MultiPolygon", "coordinates": [
               [[[0,0],[32,0],[32,32],[0,32]]], [[[300,100],[304,100],[304,104],[300,104]]]]}, "properties": {"classification": "cell and crumb"}}]
            """
        );
        using var source = Open(folder);
        Assert.Equal(["s1@0,0", "s1@188,88"], source.Patches.Select(patch => patch.Id));
    }

    [Fact]
    public void Tissue_that_nobody_annotated_is_the_rest_where_one_is_named()
    {
        using var folder = new TemporaryFolder();
        // tissue on the left half, glass on the right
        Tissue(folder, "s1");
        Annotate(folder, "s1", ("tumour", Box(64, 64, 256, 256)));
        using var source = Open(folder, rest: "normal");
        Assert.Equal(["normal", "tumour"], source.Classes);
        Assert.Equal(36, source.Patches.Count(patch => patch.Class == 1));
        var rest = source
            .Patches.Where(patch => patch.Class == 0)
            .Select(patch => int.Parse(patch.Id[3..].Split(',')[0], CultureInfo.InvariantCulture))
            .ToList();
        Assert.InRange(rest.Count, (16 * 24) - 36 - 24, (16 * 24) - 36 + 24);
        Assert.All(rest, x => Assert.InRange(x, 0, 512));
        Assert.Throws<InputException>(() => // without a rest there is one class only
            Read(new TaskSource("t", folder["slides"]) { Annotations = folder["annotations"] })
        );
    }

    [Fact]
    public void Slides_that_cannot_be_used_are_named_and_the_others_go_on()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "good", "lonely", "misdrawn" })
            Slide(folder, name);
        File.WriteAllText(folder["slides/broken.tif"], "no slide");
        TestSlides.WriteTiff(folder["slides/coarse.tif"], TestSlides.Pattern(64, 64), 2);
        foreach (var name in new[] { "good", "broken", "coarse", "gone" })
            Annotate(folder, name, ("a", Box(0, 0, 96, 96)), ("b", Box(96, 0, 192, 96)));
        File.WriteAllText(folder["annotations/misdrawn.xml"], "<ASAP_Annotations>");
        var monitor = new RecordingMonitor();
        using var source = Open(folder, monitor: monitor);
        Assert.All(source.Patches, patch => Assert.StartsWith("good@", patch.Id, StringComparison.Ordinal));
        Assert.Equal(
            [
                "annotations/gone.geojson",
                "annotations/misdrawn.xml",
                "slides/broken.tif",
                "slides/coarse.tif",
                "slides/lonely.tif",
            ],
            monitor
                .Warnings.Select(warning => warning[folder[""].Length..].TrimStart('/').Split([':', ','])[0])
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_slide_without_a_pixel_size_is_refused_and_the_task_can_tell_it()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["slides"]);
        TestSlides.WriteTiff(folder["slides/s1.tif"], TestSlides.Pattern(512, 384), null);
        Annotate(folder, "s1", ("a", Box(0, 0, 96, 96)), ("b", Box(96, 0, 192, 96)));
        var error = Assert.Throws<InputException>(() => Open(folder));
        Assert.Equal(folder["slides/s1.tif"], error.Subject);
        Assert.Contains("mpp", error.Remedy, StringComparison.Ordinal);
        using var source = Open(folder, pixelSize: new Microns(0.25));
        Assert.Equal(18, source.Patches.Count);
    }

    [Fact]
    public void The_group_is_the_patient_where_the_name_tells_one()
    {
        using var folder = new TemporaryFolder();
        Slide(folder, "patient_004_node_2");
        Annotate(folder, "patient_004_node_2", ("a", Box(0, 0, 96, 96)), ("b", Box(96, 0, 192, 96)));
        using var source = Open(folder);
        Assert.All(source.Patches, patch => Assert.Equal("patient_004", patch.Group));
    }

    [Fact]
    public void More_slides_than_may_be_open_are_read_from_several_threads()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["slides"]);
        var names = Enumerable
            .Range(0, 40)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"s{i:00}"))
            .ToList();
        foreach (var (i, name) in names.Index())
        {
            var pixels = new byte[64 * 64 * 3];
            Array.Fill(pixels, (byte)(i * 5));
            TestSlides.WriteTiff(folder[$"slides/{name}.tif"], new RgbImage(64, 64, pixels), 0.25);
            Annotate(folder, name, ("a", Box(0, 0, 32, 64)), ("b", Box(32, 0, 64, 64)));
        }

        using var source = Open(folder);
        Parallel.ForEach(
            Enumerable.Range(0, 400),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i =>
            {
                var patch = source.Patches[i * 37 % source.Patches.Count];
                var number = int.Parse(patch.Group![1..], CultureInfo.InvariantCulture);
                var picture = source.Read(patch, _scale).Picture;
                Assert.Equal(number * 5, picture.Pixels[((10 * 20) + 10) * 3]);
            }
        );
    }

    private static (double Left, double Top, double Right, double Bottom) Box(
        double left,
        double top,
        double right,
        double bottom
    ) => (left, top, right, bottom);

    private static RgbImage Slide(TemporaryFolder folder, string name)
    {
        var picture = TestSlides.Pattern(512, 384);
        Directory.CreateDirectory(folder["slides"]);
        TestSlides.WriteTiff(folder[$"slides/{name}.tif"], picture, 0.25, pyramid: true);
        return picture;
    }

    private static void Tissue(TemporaryFolder folder, string name)
    {
        var pixels = new byte[1024 * 768 * 3];
        for (var i = 0; i < 1024 * 768; i++)
        {
            var tissue = i % 1024 < 512;
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = tissue
                ? ((byte)200, (byte)120, (byte)180)
                : ((byte)243, (byte)243, (byte)243);
        }

        Directory.CreateDirectory(folder["slides"]);
        TestSlides.WriteTiff(folder[$"slides/{name}.tif"], new RgbImage(1024, 768, pixels), 0.25);
    }

    private static void Annotate(
        TemporaryFolder folder,
        string name,
        params (string Class, (double Left, double Top, double Right, double Bottom) Box)[] annotations
    )
    {
        Directory.CreateDirectory(folder["annotations"]);
        var features = annotations.Select(annotation =>
        {
            var (l, t, r, b) = annotation.Box;
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[{{l}},{{t}}],[{{r}},{{t}}],[{{r}},{{b}}],[{{l}},{{b}}],[{{l}},{{t}}]]]},
                 "properties": {"classification": {"name": "{{annotation.Class}}"} } }
                """
            );
        });
        File.WriteAllText(
            folder[$"annotations/{name}.geojson"],
            $$"""{"type": "FeatureCollection", "features": [{{string.Join(",", features)}}]}"""
        );
    }

    private static IPatchSource Open(
        TemporaryFolder folder,
        string? rest = null,
        Microns? pixelSize = null,
        IWorkMonitor? monitor = null
    ) =>
        PatchTaskReader.Open(
            new TaskSource("t", folder["slides"], pixelSize) { Annotations = folder["annotations"], Rest = rest },
            GroupRule.Default,
            _scale,
            monitor ?? SilentMonitor.Instance
        );

    private static void Read(TaskSource task) =>
        PatchTaskReader
            .Read(
                [task],
                GroupRule.Default,
                PatchSplit.Of(SplitShares.Default),
                new Seed(1),
                new PatchPixels(_scale, 1 << 20, 1),
                SilentMonitor.Instance,
                TestContext.Current.CancellationToken
            )
            .Dispose();
}
