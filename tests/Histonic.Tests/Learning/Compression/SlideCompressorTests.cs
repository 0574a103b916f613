using Histonic.Learning.Compression;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;
using Histonic.Tests.Learning.Encoders;
using Histonic.Tests.Support;
using PureHDF;

namespace Histonic.Tests.Learning.Compression;

public sealed class SlideCompressorTests : IDisposable
{
    private const int Patch = 32;

    private readonly TemporaryFolder _folder = new();
    private readonly EncoderWeights _weights = RandomEncoders.Weights(new Random(9), Patch);
    private readonly OnnxEncoder _encoder;

    public SlideCompressorTests()
    {
        OnnxEncoderFile.Write(_folder["e.onnx"], _weights, RandomEncoders.Info(_weights));
        _encoder = OnnxEncoder.Open(_folder["e.onnx"], 1);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CompressionOptions Options =>
        CompressionOptions.For(_encoder.Info) with
        {
            Precision = FeaturePrecision.Bits32,
            Tissue = new() { PixelSize = new Microns(4), MinArea = 0 },
            Threads = 2,
            BatchSize = 5,
        };

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_patch_of_the_file_is_the_embedding_of_its_pixels()
    {
        var slide = WriteSlide("a");

        var patches = await new SlideCompressor(_encoder, Options).CompressAsync(slide, _folder["a.h5"], Stop);

        var compressed = CompressedSlideFile.Read(_folder["a.h5"]);
        Assert.Equal((6, 8), (compressed.Rows, compressed.Columns));
        Assert.Equal(patches, compressed.Cells.Count);
        Assert.InRange(patches, 20, 47); // tissue lies on a part of the slide
        Assert.Equal(_encoder.Info.Sha256, compressed.EncoderSha256);
        for (var n = 0; n < patches; n++)
            AssertEmbedding(Planes(slide, compressed.Cells[n]), compressed.Embedding(n));
    }

    [Fact]
    public async Task Entry_k_of_8_symmetries_is_the_embedding_of_the_patch_turned_by_k()
    {
        var slide = WriteSlide("a");

        await new SlideCompressor(_encoder, Options with { Symmetries = true }).CompressAsync(
            slide,
            _folder["a.h5"],
            Stop
        );

        var compressed = CompressedSlideFile.Read(_folder["a.h5"]);
        var (count, channels) = (compressed.Cells.Count, compressed.Channels);
        for (var n = 0; n < count; n += 3)
        {
            var planes = Planes(slide, compressed.Cells[n]);
            for (var k = 0; k < GridSymmetry.Count; k++)
            {
                var turned = new float[planes.Length];
                for (var i = 0; i < planes.Length; i++)
                {
                    var (plane, row, column) = (i / Patch / Patch, i / Patch % Patch, i % Patch);
                    var to = GridSymmetry.Turn(k, new GridCell(row, column), Patch, Patch);
                    turned[(((plane * Patch) + to.Row) * Patch) + to.Column] = planes[i];
                }

                AssertEmbedding(turned, compressed.FeaturesD4.AsSpan(((k * count) + n) * channels, channels));
            }
        }
    }

    [Fact]
    public async Task A_symmetric_patch_has_8_equal_entries()
    {
        // concentric squares: the same however it is turned
        var pixels = new byte[Patch * Patch * 3];
        for (var i = 0; i < Patch * Patch; i++)
        {
            var (row, column) = (i / Patch, i % Patch);
            var ring = Math.Min(Math.Min(row, Patch - 1 - row), Math.Min(column, Patch - 1 - column));
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = (200, (byte)(20 + (5 * ring)), 180);
        }

        var path = TestSlides.WriteTiff(_folder["s.tif"], new RgbImage(Patch, Patch, pixels));
        var options = Options with
        {
            Symmetries = true,
            Tissue = new() { PixelSize = new Microns(0.5), MinArea = 0 },
        };
        await new SlideCompressor(_encoder, options).CompressAsync(new SlideSource(path), _folder["s.h5"], Stop);

        var compressed = CompressedSlideFile.Read(_folder["s.h5"]);
        Assert.Single(compressed.Cells);
        for (var k = 0; k < GridSymmetry.Count; k++)
        {
            for (var c = 0; c < compressed.Channels; c++)
                Assert.Equal(compressed.Features[c], compressed.FeaturesD4![(k * compressed.Channels) + c]);
        }
    }

    [Fact]
    public async Task A_slide_without_tissue_gives_a_valid_empty_file()
    {
        var white = new byte[64 * 64 * 3];
        white.AsSpan().Fill(245);
        var path = TestSlides.WriteTiff(_folder["w.tif"], new RgbImage(64, 64, white));

        await new SlideCompressor(_encoder, Options).CompressAsync(new SlideSource(path), _folder["w.h5"], Stop);

        Assert.Empty(CompressedSlideFile.Read(_folder["w.h5"]).Cells);
    }

    [Fact]
    public async Task What_is_there_and_made_the_same_way_is_left_alone()
    {
        var slide = WriteSlide("a");
        await RunAsync(Options, slide);
        var before = await File.ReadAllBytesAsync(_folder["out/a.h5"], Stop);
        File.SetLastWriteTimeUtc(_folder["out/a.h5"], DateTime.UnixEpoch);

        var (summary, notes) = await RunAsync(Options, slide);

        Assert.Equal((0, 1), (summary.Compressed, summary.Skipped));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(_folder["out/a.h5"]));
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["out/a.h5"], Stop));
        Assert.Empty(notes);
    }

    [Fact]
    public async Task Other_options_make_it_again_and_say_which()
    {
        var slide = WriteSlide("a");
        await RunAsync(Options, slide);

        var (summary, notes) = await RunAsync(Options with { Tiling = Options.Tiling with { Stride = 16 } }, slide);

        Assert.Equal((1, 0), (summary.Compressed, summary.Skipped));
        Assert.Contains(notes, note => note.Contains("stride=32 instead of stride=16", StringComparison.Ordinal));
        Assert.Equal(16, CompressedSlideFile.Read(_folder["out/a.h5"]).Geometry.Stride);
    }

    [Fact]
    public async Task A_given_mask_decides_which_patches_there_are_and_another_one_makes_them_again()
    {
        var slide = WriteSlide("a");
        var options = Options with { Tissue = new TissueOptions { Method = new TissueMethod.Given(_folder["masks"]) } };
        bool[] left = [true, true, false, false, true, true, false, false, true, true, false, false];
        TissueFiles.WritePng(_folder["masks/a.png"], new TissueMask(4, 3, 64, left, "test"));
        await RunAsync(options, slide);
        var first = CompressedSlideFile.Read(_folder["out/a.h5"]);
        var (again, _) = await RunAsync(options, slide);
        TissueFiles.WritePng(_folder["masks/a.png"], new TissueMask(4, 3, 64, [.. left.Reverse()], "test"));

        var (summary, notes) = await RunAsync(options, slide);

        var second = CompressedSlideFile.Read(_folder["out/a.h5"]);
        Assert.Equal((0, 1), (again.Compressed, again.Skipped));
        Assert.Equal((1, 0), (summary.Compressed, summary.Skipped));
        Assert.Contains(notes, note => note.Contains("tissue=mask 4 ", StringComparison.Ordinal));
        Assert.Equal([24, 24], [first.Cells.Count, second.Cells.Count]);
        Assert.All(first.Cells, cell => Assert.InRange(cell.Column, 0, 3));
        Assert.All(second.Cells, cell => Assert.InRange(cell.Column, 4, 7));

        File.Delete(_folder["masks/a.png"]);
        (summary, notes) = await RunAsync(options, slide);

        Assert.Contains("has no mask", Assert.Single(summary.Failures).Reason, StringComparison.Ordinal);
        Assert.Contains(notes, note => note.Contains("done again, for a has no mask", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_encoder_makes_it_again()
    {
        var slide = WriteSlide("a");
        await RunAsync(Options, slide);
        var other = RandomEncoders.Weights(new Random(10), Patch);
        OnnxEncoderFile.Write(_folder["other.onnx"], other, RandomEncoders.Info(other));
        using var encoder = OnnxEncoder.Open(_folder["other.onnx"], 1);
        var monitor = new ListeningMonitor();

        await new SlideCompressor(encoder, Options, monitor).CompressAllAsync(
            [slide],
            _folder["out"],
            Shard.Whole,
            Stop
        );

        Assert.Contains(monitor.Notes, note => note.Contains("another encoder", StringComparison.Ordinal));
        Assert.Equal(encoder.Info.Sha256, CompressedSlideFile.Read(_folder["out/a.h5"]).EncoderSha256);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(0.98)]
    public async Task A_file_that_was_cut_short_is_made_again(double share)
    {
        var slide = WriteSlide("a");
        await RunAsync(Options, slide);
        var whole = await File.ReadAllBytesAsync(_folder["out/a.h5"], Stop);
        await File.WriteAllBytesAsync(_folder["out/a.h5"], whole[..(int)(whole.Length * share)], Stop);

        var (summary, notes) = await RunAsync(Options, slide);

        Assert.Equal(1, summary.Compressed);
        Assert.Contains(notes, note => note.Contains("done again", StringComparison.Ordinal));
        Assert.Equal(whole.Length, new FileInfo(_folder["out/a.h5"]).Length);
    }

    [Fact]
    public async Task A_bad_slide_stands_in_failures_and_stops_no_other()
    {
        var (first, last) = (WriteSlide("a"), WriteSlide("c"));
        await File.WriteAllTextAsync(_folder["b.tif"], "no slide, but long enough to be looked at", Stop);

        var (summary, _) = await RunAsync(Options, first, new SlideSource(_folder["b.tif"]), last);

        Assert.Equal((2, 1), (summary.Compressed, summary.Failures.Count));
        Assert.True(File.Exists(_folder["out/a.h5"]) && File.Exists(_folder["out/c.h5"]));
        Assert.Equal(2, Directory.GetFiles(_folder["out"], "*.h5*").Length);
        var table = CsvTable.Read(_folder["out/failures.csv"]);
        Assert.Equal(["slide", "stage", "reason"], table.Header);
        Assert.Equal([_folder["b.tif"], "open"], table.Rows.Single().Fields.Take(2));

        WriteSlide("b");
        await RunAsync(Options, first, new SlideSource(_folder["b.tif"]), last);
        Assert.False(File.Exists(_folder["out/failures.csv"])); // nothing fails any more
    }

    [Fact]
    public async Task Stopping_leaves_no_part_of_a_file()
    {
        var slide = WriteSlide("a");
        using var stop = new CancellationTokenSource();
        var monitor = new ListeningMonitor { OnReport = stop.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new SlideCompressor(_encoder, Options, monitor).CompressAllAsync(
                [slide],
                _folder["out"],
                Shard.Whole,
                stop.Token
            )
        );

        Assert.Empty(Directory.GetFiles(_folder["out"]));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_is_told_first()
    {
        await File.WriteAllTextAsync(_folder["taken"], "a file", Stop);

        var error = await Assert.ThrowsAsync<InputException>(() =>
            new SlideCompressor(_encoder, Options).CompressAllAsync([], _folder["taken/out"], Shard.Whole, Stop)
        );

        Assert.Contains("taken", error.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lists_pixel_size_goes_before_the_files()
    {
        var slide = WriteSlide("a", pixelSize: null) with { PixelSize = new Microns(0.25) };

        await new SlideCompressor(_encoder, Options).CompressAsync(slide, _folder["a.h5"], Stop);

        // patches at 0.5 µm span twice as many pixels of 0.25 µm
        var compressed = CompressedSlideFile.Read(_folder["a.h5"]);
        Assert.Equal((3, 4), (compressed.Rows, compressed.Columns));
    }

    [Fact]
    public void Options_that_do_not_fit_the_encoder_are_refused()
    {
        var mpp = Assert.Throws<OptionException>(() =>
            new SlideCompressor(_encoder, Options with { Tiling = Options.Tiling with { PixelSize = new Microns(1) } })
        );
        Assert.Contains("--mpp", mpp.Message, StringComparison.Ordinal);
        var patch = Assert.Throws<OptionException>(() =>
            new SlideCompressor(_encoder, Options with { Tiling = Options.Tiling with { PatchSize = 64 } })
        );
        Assert.Contains("--patch", patch.Message, StringComparison.Ordinal);
        _ = new SlideCompressor(
            _encoder,
            Options with
            {
                Tiling = Options.Tiling with { PixelSize = new Microns(1) },
                AllowOtherPixelSize = true,
            }
        );
    }

    [Fact]
    public async Task The_real_slide_has_the_papers_embeddings_on_its_grid()
    {
        var slide = RealData.Path("slides/CMU-1-Small-Region.svs");
        Histonic.Learning.Encoders.Import.EncoderImport.Import(
            RealData.Path("nic-reference/encoder_multitask-4.h5"),
            _folder["m.onnx"],
            new()
        );
        using var encoder = OnnxEncoder.Open(_folder["m.onnx"], 2);
        var options = CompressionOptions.For(encoder.Info) with { Precision = FeaturePrecision.Bits32 };
        options = options with { Tiling = options.Tiling with { MinTissue = 0 } };

        await new SlideCompressor(encoder, options).CompressAsync(new SlideSource(slide), _folder["r.h5"], Stop);

        var compressed = CompressedSlideFile.Read(_folder["r.h5"]);
        Assert.Equal((23, 17, 391), (compressed.Rows, compressed.Columns, compressed.Cells.Count));
        using var json = System.Text.Json.JsonDocument.Parse(
            await File.ReadAllTextAsync(RealData.Path("nic-reference/embeddings.json"), Stop)
        );
        var places = json.RootElement.GetProperty("multitask-4").GetProperty("CMU-1-Small-Region.svs");
        foreach (var place in places.EnumerateObject())
        {
            var corner = place.Name.Split(',').Select(int.Parse).ToArray();
            var n = (corner[1] / 128 * 17) + (corner[0] / 128);
            var expected = place.Value.EnumerateArray().Select(number => number.GetDouble()).ToArray();
            for (var c = 0; c < 128; c++)
                Assert.Equal(expected[c], compressed.Embedding(n)[c], 1e-4);
        }
    }

    [Fact]
    public async Task A_cheaper_path_gives_the_embeddings_of_the_exact_one_and_is_recorded()
    {
        // 1200 patches of 32 pixels; smooth, as tissue at 0.5 µm is
        TestSlides.WriteTiff(_folder["big.tif"], Waves(1280, 960), pyramid: true, jpeg: true);
        var options = Options with
        {
            Tissue = new() { MinArea = 0 },
            BatchSize = 16,
        };
        options = options with { Tiling = options.Tiling with { MinTissue = 0 } };
        var slide = new SlideSource(_folder["big.tif"]);

        await new SlideCompressor(_encoder, options).CompressAsync(slide, _folder["auto.h5"], Stop);
        await new SlideCompressor(_encoder, options with { Exact = true }).CompressAsync(
            slide,
            _folder["exact.h5"],
            Stop
        );

        using var auto = H5File.OpenRead(_folder["auto.h5"]);
        using var exact = H5File.OpenRead(_folder["exact.h5"]);
        Assert.NotEqual("level 0", auto.Attribute("pixels").Read<string>());
        Assert.Equal("level 0", exact.Attribute("pixels").Read<string>());
        Assert.Equal(1, exact.Attribute("path_cosine").Read<double>());
        var told = auto.Attribute("path_cosine").Read<double>();
        var (a, b) = (CompressedSlideFile.Read(_folder["auto.h5"]), CompressedSlideFile.Read(_folder["exact.h5"]));
        Assert.Equal(1200, a.Cells.Count);
        var cosines = Enumerable.Range(0, 1200).Select(n => Cosine(a.Embedding(n), b.Embedding(n))).ToList();
        Assert.InRange(cosines.Average(), EncodingPath.LeastCosine, 1 - 1e-9);
        Assert.Equal(cosines.Average(), told, 5e-4); // a sample of 32
    }

    [Fact]
    public async Task A_level_that_shows_something_else_is_not_taken()
    {
        // the coarser level is another picture, as after a faulty export
        var picture = Waves(1280, 960);
        TestSlides.WriteTiff(_folder["big.tif"], picture, pyramid: true, jpeg: true);
        TiffTiles.Rotate(_folder["big.tif"], level: 1);
        var options = Options with
        {
            Tissue = new() { MinArea = 0 },
            BatchSize = 16,
        };
        options = options with { Tiling = options.Tiling with { MinTissue = 0 } };

        await new SlideCompressor(_encoder, options).CompressAsync(
            new SlideSource(_folder["big.tif"]),
            _folder["faulty.h5"],
            Stop
        );

        using var file = H5File.OpenRead(_folder["faulty.h5"]);
        Assert.NotEqual("level 1", file.Attribute("pixels").Read<string>());
        Assert.InRange(file.Attribute("path_cosine").Read<double>(), EncodingPath.LeastCosine, 1);
    }

    [Fact]
    public async Task A_damaged_tile_fails_its_slide_or_blanks_its_patches()
    {
        TestSlides.WriteTiff(_folder["a.tif"], Waves(512, 512), jpeg: true);
        TiffTiles.DamageTile(_folder["a.tif"], level: 0, index: 11); // at (192, 64), 64 × 64
        var options = Options with
        {
            Tissue = new() { MinArea = 0 },
            BatchSize = 16,
        };
        options = options with { Tiling = options.Tiling with { MinTissue = 0 } };
        var slide = new SlideSource(_folder["a.tif"]);
        var monitor = new ListeningMonitor();

        var error = await Assert.ThrowsAsync<InputException>(() =>
            new SlideCompressor(_encoder, options).CompressAsync(slide, _folder["a.h5"], Stop)
        );
        await new SlideCompressor(_encoder, options with { OnDamage = DamagePolicy.Blank }, monitor).CompressAsync(
            slide,
            _folder["b.h5"],
            Stop
        );

        Assert.Contains("at (192, 64) of level 0", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["a.h5"]));
        using var file = H5File.OpenRead(_folder["b.h5"]);
        var blank = file.Dataset("blank").Read<byte[]>();
        var compressed = CompressedSlideFile.Read(_folder["b.h5"]);
        for (var n = 0; n < blank.Length; n++)
        {
            var cell = compressed.Cells[n];
            var damaged = cell is { Row: 2 or 3, Column: 6 or 7 };
            Assert.Equal(damaged ? 1 : 0, blank[n]);
        }

        Assert.Contains(
            "a: 4 of its patches could not be decoded",
            string.Join('\n', monitor.Notes),
            StringComparison.Ordinal
        );
    }

    private static double Cosine(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double dot = 0,
            a = 0,
            b = 0;
        for (var i = 0; i < first.Length; i++)
            (dot, a, b) = (dot + (first[i] * second[i]), a + (first[i] * first[i]), b + (second[i] * second[i]));
        return dot / Math.Sqrt(a * b);
    }

    private static RgbImage Waves(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (row, column) = (i / 3 / width, i / 3 % width);
            pixels[i] = (byte)(
                120 + (90 * Math.Sin((row / 13.0) + (i % 3)) * Math.Cos((column / 11.0) + (row / 97.0)))
            );
        }

        return new RgbImage(width, height, pixels);
    }

    private SlideSource WriteSlide(string name, double? pixelSize = 0.5)
    {
        // 256 × 192 pixels at 0.5 µm; the left two thirds are stained, and every pixel tells where it is
        const int Width = 256;
        const int Height = 192;
        var picture = TestSlides.Pattern(Width, Height);
        for (var i = 0; i < Width * Height; i++)
        {
            var pixel = picture.Pixels.AsSpan(i * 3, 3);
            if (i % Width >= 170)
                pixel.Fill(240);
            else
                (pixel[0], pixel[1], pixel[2]) = (
                    (byte)(160 + (pixel[0] / 4)),
                    (byte)(pixel[1] / 3),
                    (byte)(120 + (pixel[2] / 4))
                );
        }

        return new SlideSource(TestSlides.WriteTiff(_folder[$"{name}.tif"], picture, pixelSize));
    }

    private async Task<(CompressionSummary Summary, IReadOnlyList<string> Notes)> RunAsync(
        CompressionOptions options,
        params SlideSource[] slides
    )
    {
        var monitor = new ListeningMonitor();
        var summary = await new SlideCompressor(_encoder, options, monitor).CompressAllAsync(
            slides,
            _folder["out"],
            Shard.Whole,
            Stop
        );
        return (summary, [.. monitor.Notes.Where(note => !note.Contains("hold tissue", StringComparison.Ordinal))]);
    }

    private static float[] Planes(SlideSource source, GridCell cell)
    {
        using var slide = SlideReader.Open(source.Path);
        var rgb = new byte[Patch * Patch * 3];
        slide.ReadRegion(0, cell.Column * Patch, cell.Row * Patch, Patch, Patch, rgb);
        var planes = new float[rgb.Length];
        PatchPlanes.Write(rgb, Patch, planes);
        return planes;
    }

    private void AssertEmbedding(ReadOnlySpan<float> planes, ReadOnlySpan<float> embedding)
    {
        var expected = RandomEncoders.Embed(_weights, planes);
        for (var c = 0; c < expected.Length; c++)
            Assert.Equal(expected[c], embedding[c], 1e-3);
    }

    private sealed class ListeningMonitor : IWorkMonitor
    {
        public List<string> Notes { get; } = [];

        public Action OnReport { get; init; } = () => { };

        public void Report(in WorkProgress progress) => OnReport();

        public void Note(string message) => Notes.Add(message);

        public void Warn(string message) => Notes.Add($"warning: {message}");
    }
}
