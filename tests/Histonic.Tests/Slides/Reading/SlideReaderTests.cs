using CsCheck;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Tests.Support;
using NetVips;

namespace Histonic.Tests.Slides.Reading;

public sealed class SlideReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.tif", "deflate")]
    [InlineData("a.png", "png")]
    public void A_region_holds_the_slides_pixels_and_white_outside(string name, string codec)
    {
        var picture = TestSlides.Pattern(150, 110);
        Write(name, picture);
        using var slide = SlideReader.Open(_folder[name]);
        Assert.Equal(codec, slide.Levels[0].Codec);

        Gen.Select(Gen.Int[-40, 170], Gen.Int[-40, 130], Gen.Int[1, 90], Gen.Int[1, 90])
            .Sample(
                (x, y, width, height) =>
                {
                    var rgb = new byte[width * height * 3];
                    slide.ReadRegion(0, x, y, width, height, rgb);
                    Assert.Equal(Expected(picture, x, y, width, height), rgb);
                },
                iter: 200,
                threads: 4
            );
    }

    [Fact]
    public void Many_threads_read_a_jpeg_pyramid_as_one_does()
    {
        TestSlides.WriteTiff(_folder["a.tif"], TestSlides.Pattern(700, 500), pyramid: true, jpeg: true);
        using var slide = SlideReader.Open(_folder["a.tif"]);
        var level = slide.Levels[1];
        var whole = new byte[level.Width * level.Height * 3];
        slide.ReadRegion(1, 0, 0, level.Width, level.Height, whole);
        var picture = new RgbImage(level.Width, level.Height, whole);

        Parallel.For(
            0,
            200,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i =>
            {
                var (x, y) = (i * 37 % 300, i * 53 % 200);
                var rgb = new byte[48 * 40 * 3];
                slide.ReadRegion(1, x, y, 48, 40, rgb);
                Assert.Equal(Expected(picture, x, y, 48, 40), rgb);
            }
        );
    }

    [Theory]
    [InlineData(0.5, "tiff-resolution")]
    [InlineData(25.0, "tiff-resolution")]
    [InlineData(null, null)] // 72 dpi
    [InlineData(25400.0 / 300, null)]
    [InlineData(0.01, null)]
    [InlineData(1000.0, null)]
    public void The_resolution_of_a_tiff_is_believed_when_it_can_be_a_slides(double? pixelSize, string? source)
    {
        TestSlides.WriteTiff(_folder["a.tif"], TestSlides.Pattern(64, 64), pixelSize);

        using var slide = SlideReader.Open(_folder["a.tif"]);

        Assert.Equal(source, slide.PixelSize?.Source);
        if (source is not null)
            Assert.Equal(pixelSize!.Value, slide.PixelSize!.Value.Value.Value, 4);
    }

    [Theory]
    [InlineData("PhysicalSizeX=\"0.2521\" PhysicalSizeY=\"0.2522\"", 0.2521)]
    [InlineData("PhysicalSizeX=\"252.1\" PhysicalSizeXUnit=\"nm\"", 0.2521)]
    [InlineData("PhysicalSizeX=\"0.0002521\" PhysicalSizeXUnit=\"mm\"", 0.2521)]
    [InlineData("PhysicalSizeX=\"1\" PhysicalSizeXUnit=\"pixel\"", 0.5)]
    [InlineData("PhysicalSizeX=\"0\"", 0.5)]
    public void An_ome_tiff_tells_its_pixel_size_and_its_levels_are_sub_directories(string size, double expected)
    {
        var xml =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\">"
            + "<Instrument ID=\"Instrument:0\"><Objective ID=\"Objective:0\" NominalMagnification=\"40.0\"/></Instrument>"
            + $"<Image ID=\"Image:0\"><Pixels ID=\"Pixels:0\" SizeX=\"500\" SizeY=\"300\" {size}/></Image></OME>";
        TestSlides.WriteTiff(_folder["a.ome.tif"], TestSlides.Pattern(500, 300), 0.5, pyramid: true, xml);

        using var slide = SlideReader.Open(_folder["a.ome.tif"]);

        Assert.Equal("OME-TIFF", slide.Format);
        Assert.Equal(expected, slide.PixelSize!.Value.Value.Value, 6);
        Assert.Equal(40, slide.Objective);
        Assert.Equal([500, 250, 125, 62], slide.Levels.Select(level => level.Width));
        var rgb = new byte[3];
        slide.ReadRegion(2, 100, 50, 1, 1, rgb);
        Assert.InRange(rgb[1], 195, 205); // green tells y: 50 · 4
    }

    [Theory]
    [InlineData("MPP = 0", "says 0 µm (aperio)")]
    [InlineData("MPP = -0.25", "says -0.25 µm (aperio)")]
    [InlineData("MPP = 1000", "says 1000 µm (aperio)")]
    [InlineData("MPP = none", "says 'none' (aperio), which is no number")]
    [InlineData("AppMag = 20", null)]
    public void A_pixel_size_that_cannot_be_is_not_believed_and_the_reason_is_told(string field, string? problem)
    {
        TestSlides.WriteTiff(
            _folder["a.svs"],
            TestSlides.Pattern(64, 64),
            null,
            description: $"Aperio Image Library v11\r\n64x64 (64x64)|{field}"
        );
        using var slide = SlideReader.Open(_folder["a.svs"]);

        var error = Assert.Throws<InputException>(() => GridGeometry.For(slide, new TilingOptions()));

        Assert.Null(slide.PixelSize);
        Assert.Contains(problem ?? "does not tell its pixel size", error.Message, StringComparison.Ordinal);
        Assert.Equal(problem is null, slide.PixelSizeProblem is null);
        Assert.Contains("--mpp-override", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_pixel_size_wins()
    {
        TestSlides.WriteTiff(_folder["a.tif"], TestSlides.Pattern(64, 64), 0.5);

        using var slide = SlideReader.Open(_folder["a.tif"], new Microns(0.25));

        Assert.Equal(new PixelSize(new Microns(0.25), "override"), slide.PixelSize);
        Assert.Throws<OptionException>(() => SlideReader.Open(_folder["a.tif"], new Microns(0)));
    }

    [Theory]
    [InlineData(2000, "png-phys")]
    [InlineData(300 / 25.4, null)]
    public void A_png_tells_its_pixel_size_by_pHYs(double perMillimetre, string? source)
    {
        using var image = Image.Black(32, 32, bands: 3);
        using var scaled = image.Copy(xres: perMillimetre, yres: perMillimetre);
        scaled.Pngsave(_folder["a.png"]);

        using var slide = SlideReader.Open(_folder["a.png"]);

        Assert.Equal(source, slide.PixelSize?.Source);
    }

    [Fact]
    public void Grey_alpha_and_16_bit_become_8_bit_rgb_on_white()
    {
        using var grey = Image.Black(8, 8) + 100;
        using var alpha = Image.Black(8, 8) + 51;
        using var clear = grey.Cast(Enums.BandFormat.Uchar).Bandjoin(alpha.Cast(Enums.BandFormat.Uchar));
        clear.Copy(interpretation: Enums.Interpretation.Bw).Pngsave(_folder["alpha.png"]);
        using var deep = (Image.Black(8, 8, bands: 3) + (200 * 257)).Cast(Enums.BandFormat.Ushort);
        deep.Copy(interpretation: Enums.Interpretation.Rgb16).Pngsave(_folder["deep.png"]);

        byte[] One(string name) => PictureFile.Read(_folder[name]).Pixels[..3];

        Assert.Equal([224, 224, 224], One("alpha.png")); // 255 + (100 − 255) · 51 / 255
        Assert.Equal([200, 200, 200], One("deep.png"));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(3.3)]
    [InlineData(40.0)]
    public void A_shrunk_slide_holds_the_means_of_the_areas(double downsample)
    {
        var picture = TestSlides.Pattern(150, 110);
        TestSlides.WriteTiff(_folder["a.tif"], picture);
        using var slide = SlideReader.Open(_folder["a.tif"]);

        var shrunk = slide.ReadShrunk(downsample);

        Assert.Equal(
            ((int)Math.Ceiling(150 / downsample), (int)Math.Ceiling(110 / downsample)),
            (shrunk.Width, shrunk.Height)
        );
        for (var y = 0; y < shrunk.Height; y++)
        {
            for (var x = 0; x < shrunk.Width; x++)
            {
                var at = ((y * shrunk.Width) + x) * 3;
                for (var c = 0; c < 3; c++)
                    Assert.Equal(
                        Mean(picture, x * downsample, y * downsample, downsample, c),
                        shrunk.Pixels[at + c],
                        0.51
                    );
            }
        }
    }

    // Folders of slides are often folders of links to an archive.
    [Theory]
    [InlineData("a.tif")]
    [InlineData("a.png")]
    public void A_link_to_a_link_to_a_slide_is_read_as_the_slide(string name)
    {
        var picture = TestSlides.Pattern(300, 200);
        Directory.CreateDirectory(_folder["archive"]);
        var target = _folder[$"archive/{name}"];
        if (name.EndsWith("tif", StringComparison.Ordinal))
            TestSlides.WriteTiff(target, picture);
        else
            Write($"archive/{name}", picture);
        File.CreateSymbolicLink(_folder[$"middle-{name}"], target);
        var link = _folder[$"linked-{name}"];
        File.CreateSymbolicLink(link, $"middle-{name}");

        using var slide = SlideReader.Open(link);
        var read = new byte[300 * 200 * 3];
        slide.ReadRegion(0, 0, 0, 300, 200, read);

        Assert.Equal($"linked-{Path.GetFileNameWithoutExtension(name)}", slide.Name);
        Assert.Equal(new FileInfo(target).Length, FileLength.Of(link));
        using var direct = SlideReader.Open(target);
        var straight = new byte[read.Length];
        direct.ReadRegion(0, 0, 0, 300, 200, straight);
        Assert.Equal(straight, read);
    }

    [Theory]
    [InlineData("gone.tif", "does not exist")]
    [InlineData("bad.tif", "cannot be read")] // itself
    public void A_link_to_nothing_is_named_with_what_is_wrong(string target, string finding)
    {
        File.CreateSymbolicLink(_folder["bad.tif"], _folder[target]);

        Assert.Equal(0, FileLength.Of(_folder["bad.tif"]));
        Assert.Contains(
            finding,
            Assert.Throws<InputException>(() => SlideReader.Open(_folder["bad.tif"])).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("empty", "is empty")]
    [InlineData("text", "is no image")]
    [InlineData("tiny", "is no image")]
    [InlineData("folder", "is a folder")]
    [InlineData("half", "is cut short")]
    [InlineData("last byte gone", "is cut short")]
    [InlineData("half a jpeg", "cannot be decoded")]
    public void A_file_at_fault_is_named_with_what_is_wrong(string fault, string finding)
    {
        var path = _folder["bad.tif"];
        switch (fault)
        {
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "text":
                File.WriteAllText(path, "slide,label\na,1\nb,2\n");
                break;
            case "tiny":
                File.WriteAllText(path, "II*");
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "half":
                TestSlides.WriteTiff(path, TestSlides.Pattern(300, 300));
                Cut(path, new FileInfo(path).Length / 2);
                break;
            case "last byte gone":
                TestSlides.WriteTiff(path, TestSlides.Pattern(300, 300));
                Cut(path, new FileInfo(path).Length - 1);
                break;
            case "half a jpeg":
                Write("whole.jpg", TestSlides.Pattern(300, 300));
                File.Move(_folder["whole.jpg"], path);
                Cut(path, new FileInfo(path).Length / 2);
                break;
        }

        var error = Assert.Throws<InputException>(() => PictureFile.Read(path));

        Assert.Equal(path, error.Subject);
        Assert.Contains(finding, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_named()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess,
            "needs an ordinary user of a Unix system"
        );
        var path = TestSlides.WriteTiff(_folder["a.tif"], TestSlides.Pattern(64, 64));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.None);

        var error = Assert.Throws<InputException>(() => SlideReader.Open(path));

        Assert.Contains("may not be read", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_tile_is_an_error_that_names_file_and_region(bool jpeg)
    {
        var path = TestSlides.WriteTiff(_folder["a.tif"], TestSlides.Pattern(640, 640), jpeg: jpeg);
        var bytes = File.ReadAllBytes(path);
        var middle = bytes.Length / 2;
        Array.Fill(bytes, (byte)255, middle, bytes.Length / 10);
        File.WriteAllBytes(path, bytes);
        using var slide = SlideReader.Open(path);

        var error = Assert.Throws<InputException>(() => slide.ReadRegion(0, 0, 0, 640, 640, new byte[640 * 640 * 3]));

        Assert.Equal(path, error.Subject);
        Assert.Contains(
            jpeg ? "the tile 64 × 64 at (0, " : "640 × 640 at (0, 0) of level 0",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("of level 0 cannot be decoded", error.Message, StringComparison.Ordinal);
        // It stays one, and the rest can still be read.
        Assert.Throws<InputException>(() => slide.ReadRegion(0, 0, 0, 640, 640, new byte[640 * 640 * 3]));
        slide.ReadRegion(0, 0, 0, 64, 64, new byte[64 * 64 * 3]);
    }

    [Fact]
    public void A_file_that_was_replaced_is_read_anew()
    {
        foreach (byte grey in new byte[] { 10, 200 })
        {
            var pixels = new byte[64 * 64 * 3];
            Array.Fill(pixels, grey);
            TestSlides.WriteTiff(_folder["a.tif"], new RgbImage(64, 64, pixels));

            Assert.Equal(grey, PictureFile.Read(_folder["a.tif"]).Pixels[0]);
        }
    }

    private static void Cut(string path, long length)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(length);
    }

    private static byte[] Expected(RgbImage picture, int x, int y, int width, int height)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            var (u, v) = (x + (i % width), y + (i / width));
            for (var c = 0; c < 3; c++)
                rgb[(i * 3) + c] =
                    u >= 0 && v >= 0 && u < picture.Width && v < picture.Height
                        ? picture.Pixels[(((v * picture.Width) + u) * 3) + c]
                        : (byte)255;
        }

        return rgb;
    }

    private static double Mean(RgbImage picture, double left, double top, double side, int channel)
    {
        double sum = 0,
            area = 0;
        for (var y = (int)top; y < Math.Min(picture.Height, top + side); y++)
        {
            for (var x = (int)left; x < Math.Min(picture.Width, left + side); x++)
            {
                var weight =
                    (Math.Min(x + 1, left + side) - Math.Max(x, left))
                    * (Math.Min(y + 1, top + side) - Math.Max(y, top));
                sum += weight * picture.Pixels[(((y * picture.Width) + x) * 3) + channel];
                area += weight;
            }
        }

        return sum / area;
    }

    private void Write(string name, RgbImage picture)
    {
        if (name.EndsWith(".tif", StringComparison.Ordinal))
        {
            TestSlides.WriteTiff(_folder[name], picture);
        }
        else if (name.EndsWith(".png", StringComparison.Ordinal))
        {
            PictureFile.WritePng(_folder[name], picture);
        }
        else
        {
            using var image = Image.NewFromMemory(
                picture.Pixels,
                picture.Width,
                picture.Height,
                3,
                Enums.BandFormat.Uchar
            );
            image.Jpegsave(_folder[name]);
        }
    }
}
