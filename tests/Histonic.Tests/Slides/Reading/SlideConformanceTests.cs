using CsCheck;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Reading.OpenSlide;
using Histonic.Slides.Tiling;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Reading;

/// <summary>
/// What every reader owes to <see cref="ISlide"/>, on one picture in many formats. The slides were made by
/// tests/golden/make_slides.py, which knows nothing of the readers; slide.png is the truth. Formats that are OpenSlide's are
/// skipped where it is not installed.
/// </summary>
public sealed class SlideConformanceTests : IDisposable
{
    private const int Width = 768;
    private const int Height = 512;

    private static readonly RgbImage _truth = PictureFile.Read(Golden("slide.png"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>File, how it is opened, greatest difference of a pixel, levels, pixel size and its source, objective, images beside it.</summary>
    public static TheoryData<string, string, int, int, double?, string?, double?, string> Slides =>
        new()
        {
            { "slide.png", "fitting", 0, 1, null, null, null, "" },
            { "generic.tif", "fitting", 5, 3, null, null, null, "" },
            { "generic.tif", "openslide", 5, 3, null, null, null, "" },
            { "aperio.svs", "fitting", 5, 3, 0.499, "aperio", 20, "label macro thumbnail" },
            { "aperio.svs", "openslide", 5, 3, 0.499, "openslide", 20, "thumbnail" },
            { "aperio_jpeg2000.svs", "openslide", 0, 3, 0.499, "openslide", 20, "thumbnail" },
            { "ome_rgb.ome.tif", "fitting", 0, 3, 0.499, "ome-xml", null, "" },
            { "ome_planar.ome.tif", "fitting", 0, 3, 0.499, "ome-xml", null, "" },
            { "ome_pages.ome.tif", "fitting", 0, 3, 0.499, "ome-xml", null, "" },
            { "hamamatsu.ndpi", "openslide", 5, 6, 0.499, "openslide", 20, "macro" },
            { "leica.scn", "openslide", 5, 3, 0.499, "openslide", 20, "macro" },
            { "mirax.mrxs", "openslide", 5, 3, 0.499, "openslide", 20, "" },
            { "ventana.bif", "openslide", 5, 3, 0.499, "openslide", 20, "macro" },
        };

    [Theory]
    [MemberData(nameof(Slides))]
    public void A_slide_tells_its_levels_pixel_size_and_objective(
        string file,
        string reader,
        int tolerance,
        int levels,
        double? pixelSize,
        string? source,
        double? objective,
        string associated
    )
    {
        using var slide = Open(file, reader);

        Assert.Equal(levels, slide.Levels.Count);
        for (var i = 0; i < levels; i++)
        {
            var level = slide.Levels[i];
            Assert.Equal((i, Width >> i, Height >> i), (level.Index, level.Width, level.Height));
            Assert.Equal(1 << i, level.Downsample, 1e-9);
            Assert.InRange(level.TileWidth, 1, level.Width + 256);
            Assert.InRange(level.TileHeight, 1, level.Height + 256);
        }

        Assert.Equal(source, slide.PixelSize?.Source);
        Assert.Null(slide.PixelSizeProblem);
        if (pixelSize is { } size)
            Assert.Equal(size, slide.PixelSize!.Value.Value.Value, 1e-6);
        Assert.Equal(objective, slide.Objective);
        Assert.Equal(associated, string.Join(' ', slide.AssociatedImages.Order(StringComparer.Ordinal)));
        Assert.Equal(Path.GetFileNameWithoutExtension(file), slide.Name);
        Assert.InRange(tolerance, 0, 5);
    }

    [Theory]
    [MemberData(nameof(Slides))]
    public void Every_level_holds_the_pictures_pixels(
        string file,
        string reader,
        int tolerance,
        int levels,
        double? pixelSize,
        string? source,
        double? objective,
        string associated
    )
    {
        _ = (pixelSize, source, objective, associated);
        using var slide = Open(file, reader);
        var truth = _truth;
        for (var i = 0; i < Math.Min(levels, 3); i++)
        {
            var level = slide.Levels[i];
            var rgb = new byte[level.Width * level.Height * 3];

            slide.ReadRegion(i, 0, 0, level.Width, level.Height, rgb);

            // twice halved is twice rounded; JPEG of small levels has more of the picture in a block
            var worst = rgb.Zip(truth.Pixels, (got, wanted) => Math.Abs(got - wanted)).Max();
            var mean = rgb.Zip(truth.Pixels, (got, wanted) => Math.Abs(got - wanted)).Average();
            Assert.InRange(worst, 0, tolerance + i);
            Assert.InRange(mean, 0, tolerance > 0 ? 0.8 : i * 0.5);
            truth = Halved(truth);
        }
    }

    [Theory]
    [MemberData(nameof(Slides))]
    public void Any_region_is_a_part_of_its_level_and_white_outside_from_any_thread(
        string file,
        string reader,
        int tolerance,
        int levels,
        double? pixelSize,
        string? source,
        double? objective,
        string associated
    )
    {
        _ = (tolerance, pixelSize, source, objective, associated);
        using var slide = Open(file, reader);
        var whole = slide
            .Levels.Select(level =>
            {
                var rgb = new byte[level.Width * level.Height * 3];
                slide.ReadRegion(level.Index, 0, 0, level.Width, level.Height, rgb);
                return rgb;
            })
            .ToArray();

        Gen.Select(Gen.Int[0, levels - 1], Gen.Int[-60, 800], Gen.Int[-60, 560], Gen.Int[1, 140], Gen.Int[1, 140])
            .Sample(
                (level, x, y, width, height) =>
                {
                    var rgb = new byte[width * height * 3];
                    slide.ReadRegion(level, x, y, width, height, rgb);
                    var picture = new RgbImage(slide.Levels[level].Width, slide.Levels[level].Height, whole[level]);
                    Assert.Equal(Part(picture, x, y, width, height), rgb);
                },
                iter: 60,
                threads: 4
            );
    }

    [Theory]
    [MemberData(nameof(Slides))]
    public void The_shrunk_slide_holds_means_and_associated_images_are_pictures(
        string file,
        string reader,
        int tolerance,
        int levels,
        double? pixelSize,
        string? source,
        double? objective,
        string associated
    )
    {
        _ = (tolerance, levels, pixelSize, source, objective);
        using var slide = Open(file, reader);

        var shrunk = slide.ReadShrunk(4);

        Assert.Equal((Width / 4, Height / 4), (shrunk.Width, shrunk.Height));
        var quarter = Halved(Halved(_truth));
        Assert.InRange(shrunk.Pixels.Zip(quarter.Pixels, (got, wanted) => Math.Abs(got - wanted)).Max(), 0, 5);
        foreach (var name in slide.AssociatedImages)
        {
            var image = slide.ReadAssociated(name);
            Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
            Assert.True(image is { Width: > 10, Height: > 10 });
        }

        var error = Assert.Throws<InputException>(() => slide.ReadAssociated("portrait"));
        Assert.Contains(
            associated.Length == 0 ? "It has none" : associated.Split(' ')[^1],
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Slides))]
    public void Wrong_arguments_are_told_and_a_given_pixel_size_wins(
        string file,
        string reader,
        int tolerance,
        int levels,
        double? pixelSize,
        string? source,
        double? objective,
        string associated
    )
    {
        _ = (tolerance, levels, pixelSize, source, objective, associated);
        using var slide = Open(file, reader, new Microns(0.31));

        Assert.Throws<ArgumentException>(() => slide.ReadRegion(0, 0, 0, 10, 10, new byte[299]));
        Assert.Throws<ArgumentOutOfRangeException>(() => slide.ReadRegion(0, 0, 0, 0, 10, new byte[300]));
        Assert.Throws<ArgumentOutOfRangeException>(() => slide.ReadReduced(0, 3, 0, 0, 10, 10, new byte[300]));
        Assert.Equal(new PixelSize(new Microns(0.31), "override"), slide.PixelSize);
        Assert.Equal(1, slide.Reductions(0)[0]);
    }

    [Theory]
    [InlineData("generic.tif")]
    [InlineData("aperio.svs")]
    public void Both_libraries_decode_the_same_bytes(string file)
    {
        using var ours = Open(file, "fitting");
        using var theirs = Open(file, "openslide");
        foreach (var level in ours.Levels)
        {
            var (one, other) = (new byte[level.Width * level.Height * 3], new byte[level.Width * level.Height * 3]);
            ours.ReadRegion(level.Index, 0, 0, level.Width, level.Height, one);
            theirs.ReadRegion(level.Index, 0, 0, level.Width, level.Height, other);

            Assert.Equal(other, one);
        }
    }

    /// <summary>MIRAX and SCN place the slide in a plane of theirs; QuPath and this program count from the slide's corner.</summary>
    [Theory]
    [InlineData("mirax.mrxs", 1024, 1024)]
    [InlineData("leica.scn", 1200, 400)]
    [InlineData("hamamatsu.ndpi", 0, 0)]
    public void Bounds_are_cut_and_their_corner_is_kept(string file, long x, long y)
    {
        using var slide = Open(file, "openslide");

        Assert.Equal((x, y), slide.BoundsCorner);
        using var blanking = new BlankingSlide(slide);
        var geometry = GridGeometry.For(
            blanking,
            new TilingOptions
            {
                PixelSize = new Microns(0.499),
                PatchSize = 64,
                Stride = 64,
            }
        );
        Assert.Equal((x, y), geometry.BoundsCorner);
        Assert.Equal((8, 12), (geometry.Rows, geometry.Columns));
    }

    [Fact]
    public void A_damaged_tile_does_not_keep_the_rest_of_an_openslide_slide_from_being_read()
    {
        Assert.SkipUnless(OpenSlideLibrary.IsInstalled, OpenSlideLibrary.InstallHint);
        var slide = CopyMirax();
        // level 0's tiles stand first, in raster order; the second one's pixels become markers
        var data = File.ReadAllBytes(_folder["mirax/Data0000.dat"]);
        var tile = data.Length / 6;
        Array.Fill(data, (byte)0xFF, tile - 500, 1000);
        File.WriteAllBytes(_folder["mirax/Data0000.dat"], data);

        using var opened = SlideReader.Open(slide);
        var rgb = new byte[256 * 256 * 3];
        var damaged = new List<int>();
        Parallel.For(
            0,
            24,
            i =>
            {
                var place = i % 6;
                try
                {
                    opened.ReadRegion(0, place % 3 * 256, place / 3 * 256, 256, 256, new byte[256 * 256 * 3]);
                }
                catch (InputException error)
                {
                    Assert.Equal(slide, error.Subject);
                    Assert.Contains("cannot be decoded", error.Message, StringComparison.Ordinal);
                    lock (damaged)
                        damaged.Add(place);
                }
            }
        );

        Assert.NotEmpty(damaged);
        Assert.InRange(damaged.Distinct().Count(), 1, 2);
        Assert.True(damaged.GroupBy(place => place).All(group => group.Count() == 4), "a place failed only sometimes");
        var whole = Enumerable.Range(0, 6).Except(damaged).First();
        opened.ReadRegion(0, whole % 3 * 256, whole / 3 * 256, 256, 256, rgb);
        Assert.Equal(
            Part(_truth, whole % 3 * 256, whole / 3 * 256, 256, 256).Average(value => value),
            rgb.Average(value => value),
            0.5
        );
    }

    [Fact]
    public void A_mirax_slide_without_its_folder_and_files_that_are_no_slides_are_told()
    {
        Assert.SkipUnless(OpenSlideLibrary.IsInstalled, OpenSlideLibrary.InstallHint);
        File.Copy(Golden("mirax.mrxs"), _folder["mirax.mrxs"]);
        File.WriteAllText(_folder["text.ndpi"], "this is no slide at all");

        Assert.Contains(
            "for lack of the folder mirax beside it",
            Assert.Throws<InputException>(() => SlideReader.Open(_folder["mirax.mrxs"])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is no slide of a format that OpenSlide",
            Assert.Throws<InputException>(() => SlideReader.Open(_folder["text.ndpi"])).Message,
            StringComparison.Ordinal
        );
        var mirax = CopyMirax();
        File.WriteAllText(_folder["mirax/Index.dat"], "01.02");
        Assert.Contains(
            "cannot be opened as a slide",
            Assert.Throws<InputException>(() => SlideReader.Open(mirax)).Message,
            StringComparison.Ordinal
        );
    }

    private string CopyMirax()
    {
        Directory.CreateDirectory(_folder["mirax"]);
        foreach (var file in new[] { "mirax.mrxs", "mirax/Slidedat.ini", "mirax/Index.dat", "mirax/Data0000.dat" })
            File.Copy(Golden(file), _folder[file], overwrite: true);
        return _folder["mirax.mrxs"];
    }

    private static ISlide Open(string file, string reader, Microns? pixelSize = null)
    {
        if (reader is "fitting")
            return SlideReader.Open(Golden(file), pixelSize);
        Assert.SkipUnless(OpenSlideLibrary.IsInstalled, OpenSlideLibrary.InstallHint);
        return file is "generic.tif" or "aperio.svs"
            ? OpenSlideSlide.Open(Golden(file), pixelSize is { } size ? new PixelSize(size, "override") : null)
            : SlideReader.Open(Golden(file), pixelSize);
    }

    private static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "golden", "slides", file);

    private static byte[] Part(RgbImage picture, int x, int y, int width, int height)
    {
        var rgb = new byte[width * height * 3];
        Array.Fill(rgb, (byte)255);
        for (var v = Math.Max(0, -y); v < Math.Min(height, picture.Height - y); v++)
        {
            for (var u = Math.Max(0, -x); u < Math.Min(width, picture.Width - x); u++)
                picture
                    .Pixels.AsSpan((((y + v) * picture.Width) + x + u) * 3, 3)
                    .CopyTo(rgb.AsSpan(((v * width) + u) * 3));
        }

        return rgb;
    }

    private static RgbImage Halved(RgbImage picture)
    {
        var (width, height) = (picture.Width / 2, picture.Height / 2);
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (pixel, colour) = (i / 3, i % 3);
            var (v, u) = Math.DivRem(pixel, width);
            int At(int row, int column) =>
                picture.Pixels[(((((v * 2) + row) * picture.Width) + (u * 2) + column) * 3) + colour];
            rgb[i] = (byte)Math.Round((At(0, 0) + At(0, 1) + At(1, 0) + At(1, 1)) / 4.0);
        }

        return new RgbImage(width, height, rgb);
    }
}
