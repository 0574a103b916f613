using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tissue;
using Histonic.Tests.Support;
using NetVips;

namespace Histonic.Tests.Slides.Tissue;

public sealed class TissueMaskFileTests : IDisposable
{
    private const int Width = 1010;
    private const int Height = 870;

    private readonly TemporaryFolder _folder = new();
    private readonly ISlide _slide;

    public TissueMaskFileTests()
    {
        Directory.CreateDirectory(_folder["masks"]);
        _slide = SlideReader.Open(
            TestSlides.WriteTiff(_folder["a.tif"], TestSlides.Pattern(Width, Height), pixelSize: 0.5)
        );
    }

    public void Dispose()
    {
        _slide.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.geojson")]
    public void What_was_written_is_read_again(string name)
    {
        var mask = Blob(127, 109, 8);
        var path = _folder[$"masks/{name}"];
        if (name.EndsWith("png", StringComparison.Ordinal))
            TissueFiles.WritePng(path, mask);
        else
            TissueFiles.WriteGeoJson(path, mask, _slide);

        var read = Read(path);

        Assert.Equal((127, 109, 8.0, "mask"), (read.Width, read.Height, read.Downsample, read.Method));
        Assert.Equal(mask.Pixels, read.Pixels);
    }

    [Theory]
    [InlineData(Enums.BandFormat.Uchar, 1)]
    [InlineData(Enums.BandFormat.Uchar, 255)]
    [InlineData(Enums.BandFormat.Ushort, 1)]
    public void A_pyramidal_tiff_as_asap_writes_it_is_read_at_the_level_nearest_to_the_mask(
        Enums.BandFormat format,
        int value
    )
    {
        var truth = Blob(Width, Height, 1);
        using var raw = Image.NewFromMemory(
            truth.Pixels.Select(tissue => tissue ? (byte)1 : (byte)0).ToArray(),
            Width,
            Height,
            1,
            Enums.BandFormat.Uchar
        );
        using var image = (raw * value).Cast(format);
        image.Tiffsave(
            _folder["masks/a_mask.tif"],
            compression: Enums.ForeignTiffCompression.Lzw,
            tile: true,
            tileWidth: 64,
            tileHeight: 64,
            pyramid: true,
            regionShrink: Enums.RegionShrink.Nearest
        );

        var read = Read(_folder["masks"]);

        Assert.Equal(8, read.Downsample, 0.1); // 4 µm, not the 0.5 µm of the first level
        for (var i = 0; i < read.Pixels.Count; i++)
        {
            var (x, y) = ((i % read.Width + 0.5) * read.Downsample, (i / read.Width + 0.5) * read.Downsample);
            if (Math.Abs(FromRim(x, y)) > 24)
                Assert.Equal(FromRim(x, y) > 0, read.Pixels[i]);
        }
    }

    [Fact]
    public void A_single_large_level_is_shrunk_to_the_mask()
    {
        TissueFiles.WritePng(_folder["masks/a.png"], Blob(Width, Height, 1));

        var read = Read(_folder["masks"]);

        Assert.Equal((127, 109, 8.0), (read.Width, read.Height, read.Downsample));
        Assert.Equal(Blob(Width, Height, 1).TissueShare, read.TissueShare, 0.02);
    }

    [Fact]
    public void Outlines_without_a_class_are_tissue_and_those_to_be_ignored_are_cut_out()
    {
        File.WriteAllText(
            _folder["masks/a.geojson"],
            """
            {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:3857"}}, "features": [
              {"type": "Feature", "properties": {"objectType": "annotation", "classification": {"name": "Ignore*", "color": [1, 2, 3]}},
               "geometry": {"type": "Polygon", "coordinates": [[[160, 160], [320, 160], [320, 320], [160, 320], [160, 160]]]}},
              {"type": "Feature", "properties": {"tissue_id": 0},
               "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [480, 0], [480, 480], [0, 480], [0, 0]]]}}]}
            """
        );

        var read = Read(_folder["masks"]);

        for (var i = 0; i < read.Pixels.Count; i++)
        {
            var (x, y) = (i % read.Width, i / read.Width);
            Assert.Equal(x < 60 && y < 60 && !(x is >= 20 and < 40 && y is >= 20 and < 40), read.Pixels[i]);
        }
    }

    [Fact]
    public void A_picture_of_another_shape_is_refused()
    {
        TissueFiles.WritePng(_folder["masks/a.png"], Blob(64, 64, 16));

        var error = Assert.Throws<InputException>(() => Read(_folder["masks"]));

        Assert.Contains("64 × 64 pixels, which is not the shape of the slide", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outlines_beyond_the_slide_are_refused()
    {
        File.WriteAllText(
            _folder["masks/a.geojson"],
            """
            {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2020, 0], [2020, 900], [0, 0]]]}}
            """
        );

        Assert.Contains(
            "beyond the slide",
            Assert.Throws<InputException>(() => Read(_folder["masks"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_slide_without_a_mask_or_with_two_is_refused()
    {
        Assert.Contains(
            "has no mask",
            Assert.Throws<InputException>(() => Read(_folder["masks"])).Message,
            StringComparison.Ordinal
        );
        TissueFiles.WritePng(_folder["masks/a.png"], Blob(64, 55, 16));
        TissueFiles.WritePng(_folder["masks/a_mask.png"], Blob(64, 55, 16));
        Assert.Contains(
            "is beside",
            Assert.Throws<InputException>(() => Read(_folder["masks"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_is_no_mask_is_named()
    {
        File.WriteAllText(_folder["masks/a.png"], "nothing");

        Assert.Contains(
            "a.png",
            Assert.Throws<InputException>(() => Read(_folder["masks"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_recorded_follows_the_content_of_the_mask()
    {
        TissueFiles.WritePng(_folder["masks/a.png"], Blob(64, 55, 16));
        var options = new TissueOptions { Method = new TissueMethod.Given(_folder["masks"]) };
        var before = options.Describe("a");
        File.Copy(_folder["masks/a.png"], _folder["b.png"]);

        Assert.Matches("^mask 4 [0-9a-f]{64}$", before);
        Assert.Equal(before, (options with { Method = new TissueMethod.Given(_folder["b.png"]) }).Describe("a"));
        TissueFiles.WritePng(_folder["masks/a.png"], Blob(63, 54, 16));
        Assert.NotEqual(before, options.Describe("a"));
    }

    private TissueMask Read(string path) =>
        TissueDetector.Detect(_slide, new TissueOptions { Method = new TissueMethod.Given(path) });

    private static double FromRim(double x, double y) =>
        300 - Math.Sqrt(((x - 420) * (x - 420)) + ((y - 400) * (y - 400)));

    private static TissueMask Blob(int width, int height, double downsample)
    {
        var pixels = new bool[width * height];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = FromRim((i % width + 0.5) * downsample, (i / width + 0.5) * downsample) > 0;
        return new TissueMask(width, height, downsample, pixels, "test");
    }
}
