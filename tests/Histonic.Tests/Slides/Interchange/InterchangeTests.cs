using System.Text.Json;
using CsCheck;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Interchange;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Interchange;

/// <summary>
/// The files in golden/interchange were written by tests/golden/make_interchange.py with h5py and numpy, as each tool's own source
/// writes them; tests/golden/read_interchange.py reads ours as each tool's own source reads.
/// </summary>
public sealed class InterchangeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What no file but ours tells.</summary>
    private static readonly InterchangeOptions _known = new()
    {
        Level0PixelSize = new Microns(0.25),
        PixelSize = new Microns(0.5),
        PatchSize = 256,
        Encoder = "uni",
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clam/h5_files/ring.h5", InterchangeFormat.Clam, 4000, 3000, FeaturePrecision.Bits32)]
    [InlineData(
        "trident/20x_256px_0px_overlap/features_uni_v1/ring.h5",
        InterchangeFormat.Trident,
        4000,
        3000,
        FeaturePrecision.Bits32
    )]
    [InlineData(
        "trident/20x_256px_0px_overlap/features_uni_v1/float.h5",
        InterchangeFormat.Trident,
        4000,
        3000,
        FeaturePrecision.Bits32
    )]
    [InlineData("stamp/uni-0a1b2c3d/batch 1/ring.h5", InterchangeFormat.Stamp, 3584, 2560, FeaturePrecision.Bits16)]
    [InlineData("wsilearn/ring.h5", InterchangeFormat.Wsilearn, 3584, 2560, FeaturePrecision.Bits16)]
    [InlineData("npy/ring.npy", InterchangeFormat.Npy, 3584, 2560, FeaturePrecision.Bits16)]
    public void Files_of_others_are_laid_out_again(
        string file,
        InterchangeFormat format,
        long width,
        long height,
        FeaturePrecision precision
    )
    {
        var read = SlideImport.Read(
            Golden(file),
            _known with
            {
                Stride = format == InterchangeFormat.Npy ? 256 : null,
                Encoder = format is InterchangeFormat.Trident or InterchangeFormat.Stamp ? null : "uni",
            }
        );

        var slide = read.Slide;
        Assert.Equal((format, precision, 0, 0), (read.Format, read.Precision, read.Moved, read.Dropped));
        Assert.Equal((5, 7, 20, 8), (slide.Rows, slide.Columns, slide.Cells.Count, slide.Channels));
        Assert.Equal((width, height), (slide.Geometry.Level0Width, slide.Geometry.Level0Height));
        Assert.Equal((256, 256, 2.0), (slide.Geometry.PatchSize, slide.Geometry.Stride, slide.Geometry.Downsample));
        Assert.Equal(0.5, slide.Geometry.PixelSize.Value, 1e-9);
        Assert.StartsWith("uni", slide.Encoder, StringComparison.Ordinal);
        Assert.Equal(slide.Cells.OrderBy(cell => (cell.Row * 100) + cell.Column), slide.Cells);
        for (var n = 0; n < slide.Cells.Count; n++)
        {
            var (row, column) = slide.Cells[n];
            for (var c = 0; c < 8; c++)
            {
                var wanted = (10 * row) + column + (c / 8f);
                if (format == InterchangeFormat.Npy && (row, column) == (0, 0))
                    wanted = 0.5f;
                Assert.Equal(wanted, slide.Embedding(n)[c]);
            }

            Assert.Equal(1, slide.Tissue[(row * 7) + column]);
        }

        Assert.Equal(20, slide.Tissue.Sum());
    }

    [Fact]
    public void Contours_of_clam_with_origins_of_their_own_come_to_the_nearest_cells()
    {
        var read = SlideImport.Read(
            Golden("clam/h5_files/contours.h5"),
            _known with
            {
                PatchSize = 512,
                PixelSize = null,
            }
        );

        Assert.Equal((9, 0), (Math.Min(read.Moved, 20 - read.Moved), read.Dropped));
        Assert.Equal((5, 7, 20), (read.Slide.Rows, read.Slide.Columns, read.Slide.Cells.Count));
        for (var n = 0; n < 20; n++)
        {
            // the value tells the row and column that each patch was made for
            var cell = read.Slide.Cells[n];
            Assert.Equal((10 * cell.Row) + cell.Column, read.Slide.Embedding(n)[0]);
        }
    }

    [Fact]
    public void A_slide_without_patches_stays_one()
    {
        var read = SlideImport.Read(Golden("trident/20x_256px_0px_overlap/features_uni_v1/empty.h5"), _known);

        Assert.Empty(read.Slide.Cells);
        Assert.Equal((5, 7, 8), (read.Slide.Rows, read.Slide.Columns, read.Slide.Channels));
    }

    [Theory]
    [InlineData(
        "trident/20x_256px_0px_overlap/features_uni_v1/ring.h5",
        "does not tell the pixel size of level 0",
        "--mpp-override"
    )]
    [InlineData("npy/ring.npy", "nor the stride, nor the encoder", "--stride, --encoder-name")]
    [InlineData(
        "trident/20x_256px_0px_overlap/patches/ring_patches.h5",
        "holds coordinates of patches, but no features",
        "features_"
    )]
    public void What_a_file_does_not_tell_is_asked_for_and_never_guessed(string file, string finding, string remedy)
    {
        var error = Assert.Throws<InputException>(() => SlideImport.Read(Golden(file), new InterchangeOptions()));

        Assert.Equal(Golden(file), error.Subject);
        Assert.Contains(finding, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trident/20x_256px_0px_overlap/features_uni_v1/ring.h5")]
    [InlineData("stamp/uni-0a1b2c3d/batch 1/ring.h5")]
    public void A_file_of_h5py_that_was_cut_short_is_told(string file)
    {
        var bytes = File.ReadAllBytes(Golden(file));
        File.WriteAllBytes(_folder["cut.h5"], bytes[..^39]);

        var error = Assert.Throws<InputException>(() => SlideImport.Read(_folder["cut.h5"], _known));

        Assert.Contains($"should end at byte {bytes.Length}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pixel_size_that_contradicts_the_file_is_told()
    {
        var error = Assert.Throws<InputException>(() =>
            SlideImport.Read(
                Golden("trident/20x_256px_0px_overlap/features_uni_v1/ring.h5"),
                _known with
                {
                    PixelSize = new Microns(1),
                }
            )
        );

        Assert.Contains("not at 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_gives_the_embeddings_of_patches_in_it_however_deep()
    {
        Assert.Equal(["contours.h5", "ring.h5"], Names("clam"));
        Assert.Equal(["empty.h5", "float.h5", "ring.h5"], Names("trident"));
        Assert.Equal(["ring.h5"], Names("stamp"));
        Assert.Throws<InputException>(() => InterchangeFolder.Files(_folder.Path));

        static string[] Names(string folder) =>
            [.. InterchangeFolder.Files(Golden(folder)).Select(file => Path.GetFileName(file))];
    }

    /// <summary>There and back: cells, places and embeddings stay what they were, as far as the layout holds them.</summary>
    [Theory]
    [InlineData(InterchangeFormat.Histonic)]
    [InlineData(InterchangeFormat.Clam)]
    [InlineData(InterchangeFormat.Trident)]
    [InlineData(InterchangeFormat.Stamp)]
    [InlineData(InterchangeFormat.Wsilearn)]
    [InlineData(InterchangeFormat.Npy)]
    public void Any_slide_survives_a_round_trip(InterchangeFormat format)
    {
        var place = 0;
        Gen.Select(
                Gen.Int[2, 30],
                Gen.Int[2, 30],
                Gen.Int[1, 100],
                Gen.OneOf(Gen.Const(0.2527), Gen.Const(0.25), Gen.Const(0.5)),
                Gen.OneOf(Gen.Const(128), Gen.Const(64), Gen.Const(200)),
                Gen.Int
            )
            .Sample(
                (rows, columns, percent, level0, stride, seed) =>
                {
                    var slide = Slide(rows, columns, percent, level0, stride, seed);
                    var folder = _folder[$"{Interlocked.Increment(ref place)}"];

                    var files = SlideExport.Write(
                        folder,
                        slide.Slide,
                        slide,
                        format,
                        FeaturePrecision.Bits32,
                        DateTimeOffset.UnixEpoch
                    );
                    var back = SlideImport
                        .Read(
                            files[0],
                            new InterchangeOptions
                            {
                                Level0PixelSize = slide.Geometry.Level0PixelSize.Value,
                                PixelSize = slide.Geometry.PixelSize,
                                PatchSize = slide.Geometry.PatchSize,
                                Stride = slide.Geometry.Stride,
                                Level0Size = (slide.Geometry.Level0Width, slide.Geometry.Level0Height),
                                BoundsCorner = slide.Geometry.BoundsCorner,
                                Encoder = slide.Encoder,
                            }
                        )
                        .Slide;

                    Assert.Equal((slide.Rows, slide.Columns, slide.Channels), (back.Rows, back.Columns, back.Channels));
                    Assert.Equal(slide.Cells, back.Cells);
                    Assert.Equal(slide.Features, back.Features); // made of halves, so that every layout holds them
                    Assert.Equal(slide.Geometry.PatchSize, back.Geometry.PatchSize);
                    foreach (var cell in slide.Cells)
                    {
                        var (wanted, got) = (
                            slide.Geometry.Origin(cell.Row, cell.Column),
                            back.Geometry.Origin(cell.Row, cell.Column)
                        );
                        Assert.InRange(Math.Abs(wanted.X - got.X), 0, 1);
                        Assert.InRange(Math.Abs(wanted.Y - got.Y), 0, 1);
                    }
                },
                iter: 40,
                threads: 1
            );
    }

    [Theory]
    [InlineData(InterchangeFormat.Clam, "clam", "int32", "float32", 1)]
    [InlineData(InterchangeFormat.Trident, "trident", "int64", "float32", 1)]
    [InlineData(InterchangeFormat.Stamp, "stamp", "float32", "float16", 0.25)]
    [InlineData(InterchangeFormat.Wsilearn, "wsilearn", "int64", "float32", 0)]
    [InlineData(InterchangeFormat.Npy, "npy", "int64", "float16", 0)]
    public async Task Others_read_what_is_written_for_them(
        InterchangeFormat format,
        string name,
        string coordinateType,
        string featureType,
        double unit
    )
    {
        var slide = Slide(9, 11, 40, 0.25, 128, 3);
        var files = SlideExport.Write(
            _folder.Path,
            "s",
            slide,
            format,
            FeaturePrecision.Bits32,
            DateTimeOffset.UnixEpoch
        );

        var told = await Python.RunAsync(
            "read_interchange.py",
            [name, files[0], .. format == InterchangeFormat.Clam ? [files[1]] : Array.Empty<string>()]
        );

        using var json = JsonDocument.Parse(told);
        var root = json.RootElement;
        var coords = root.GetProperty("coords")
            .EnumerateArray()
            .Select(one => (X: one[0].GetDouble(), Y: one[1].GetDouble()))
            .ToArray();
        var sums = root.GetProperty("sums").EnumerateArray().Select(one => one.GetDouble()).ToArray();
        Assert.Equal(
            [coordinateType, featureType],
            root.GetProperty("types").EnumerateArray().Select(one => one.GetString())
        );
        Assert.Equal(slide.Cells.Count, coords.Length);
        for (var n = 0; n < coords.Length; n++)
        {
            var cell = slide.Cells[n];
            var (x, y) = slide.Geometry.Origin(cell.Row, cell.Column);
            var corner = slide.Geometry.BoundsCorner;
            var wanted = unit > 0 ? ((corner.X + x) * unit, (corner.Y + y) * unit) : (cell.Column, (double)cell.Row);
            Assert.Equal(wanted, coords[n]);
            Assert.Equal(slide.Embedding(n).ToArray().Sum(value => (double)value), sums[n], 1e-6);
        }

        if (root.TryGetProperty("encoder", out var encoder))
            Assert.Equal(slide.Encoder, encoder.GetString());
        if (root.TryGetProperty("total", out var total))
            Assert.Equal(1, total.GetDouble(), 1e-5);
    }

    /// <summary>Chunks as those programs write them; a dataset of fixed size has none larger than itself, an empty one has none.</summary>
    [Theory]
    [InlineData(InterchangeFormat.Clam, "features", 9, 32)]
    [InlineData(InterchangeFormat.Clam, "coords", 9, 32)]
    [InlineData(InterchangeFormat.Clam, "features", 2, 4)]
    [InlineData(InterchangeFormat.Clam, "features", 0, 0)]
    [InlineData(InterchangeFormat.Trident, "features", 9, 1)]
    [InlineData(InterchangeFormat.Trident, "coords", 9, 1)]
    [InlineData(InterchangeFormat.Trident, "coords", 0, 0)]
    [InlineData(InterchangeFormat.Stamp, "feats", 9, 0)]
    [InlineData(InterchangeFormat.Wsilearn, "features", 9, 1)]
    [InlineData(InterchangeFormat.Wsilearn, "features", 0, 0)]
    public async Task H5py_finds_the_chunks_of_each_program(
        InterchangeFormat format,
        string dataset,
        int side,
        int rows
    )
    {
        var slide = Slide(Math.Max(side, 1), Math.Max(side, 1), 100, 0.25, 128, 3);
        if (side == 0)
            slide = slide with { Cells = [], Features = [] };

        var files = SlideExport.Write(_folder.Path, "s", slide, format, FeaturePrecision.Bits32, default);

        using var json = JsonDocument.Parse(await Python.RunAsync("read_chunks.py", files[0], dataset));
        Assert.Equal(side * side, json.RootElement.GetProperty("shape")[0].GetInt32());
        var chunks = json.RootElement.GetProperty("chunks");
        Assert.Equal(rows, chunks.ValueKind == JsonValueKind.Null ? 0 : chunks[0].GetInt32());
        if (dataset is not "coords")
            Assert.Equal(
                slide.Features.Sum(value => (double)value),
                json.RootElement.GetProperty("sum").GetDouble(),
                1e-4
            );
    }

    [Fact]
    public void A_grid_called_features_is_no_turned_one()
    {
        Directory.CreateDirectory(_folder["nic"]);
        foreach (var name in new[] { "s_features.npy", "90_none_features.npy", "s_features_distance_map.npy" })
            File.Copy(Golden("npy/ring.npy"), _folder["nic/" + name]);

        Assert.Equal([_folder["nic/s_features.npy"]], InterchangeFolder.Files(_folder["nic"]));
    }

    [Fact]
    public void The_eight_turned_grids_are_written_for_nic_under_its_names_and_read_again()
    {
        var slide = Slide(4, 6, 70, 0.25, 128, 5);
        var turned = new float[8 * slide.Features.Length];
        for (var i = 0; i < turned.Length; i++)
            turned[i] = i % 1000;
        slide = slide with { FeaturesD4 = turned };

        var files = SlideExport.Write(
            _folder.Path,
            "s",
            slide,
            InterchangeFormat.Npy,
            FeaturePrecision.Bits32,
            default
        );

        Assert.Equal(
            [
                "s.npy",
                "s_distance_map.npy",
                "0_none_features.npy",
                "90_none_features.npy",
                "180_none_features.npy",
                "270_none_features.npy",
                "0_horizontal_features.npy",
                "0_vertical_features.npy",
                "90_vertical_features.npy",
                "270_vertical_features.npy",
            ],
            files.Select(file => Path.GetFileName(file))
        );
        var quarter = NpyFile.Read(files[3]);
        Assert.Equal((slide.Columns, slide.Rows), (quarter.Rows, quarter.Columns));
        var cell = GridSymmetry.Turn(1, slide.Cells[0], slide.Rows, slide.Columns);
        Assert.Equal(
            (float)(Half)turned[slide.Features.Length],
            quarter.Values[(cell.Row * quarter.Columns) + cell.Column]
        );

        var options = _known with
        {
            Level0PixelSize = slide.Geometry.Level0PixelSize.Value,
            PixelSize = slide.Geometry.PixelSize,
            PatchSize = slide.Geometry.PatchSize,
            Stride = slide.Geometry.Stride,
        };
        var read = SlideImport.Read(files[0], options).Slide;
        Assert.Equal(slide.Cells, read.Cells);
        Assert.Equal(turned.Select(value => (float)(Half)value), read.FeaturesD4);

        File.Delete(files[9]);
        var error = Assert.Throws<InputException>(() => SlideImport.Read(files[0], options));
        Assert.Equal(Path.GetFullPath(files[9]), Path.GetFullPath(error.Subject));
    }

    [Fact]
    public void A_value_that_half_precision_cannot_hold_is_told()
    {
        var slide = Slide(3, 3, 100, 0.25, 128, 1);
        slide.Features[4] = 1e6f;

        var error = Assert.Throws<InputException>(() =>
            SlideExport.Write(_folder.Path, "s", slide, InterchangeFormat.Stamp, FeaturePrecision.Bits32, default)
        );

        Assert.Contains("half precision", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["s.h5"]));
    }

    private static CompressedSlide Slide(int rows, int columns, int percent, double level0, int stride, int seed)
    {
        var random = new Random(seed);
        const int Channels = 5;
        var downsample = 0.5 / level0;
        GridCell[] cells =
        [
            .. Enumerable
                .Range(0, rows * columns)
                .Select(i => new GridCell(i / columns, i % columns))
                .Where((_, i) => i == 0 || random.Next(100) < percent),
        ];
        var features = new float[cells.Length * Channels];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)(Half)((random.NextDouble() * 8) + 0.01);
        return new CompressedSlide
        {
            Slide = "s",
            Geometry = new GridGeometry
            {
                // a slide ends somewhere within what would be the next cell
                Level0Width =
                    (long)Math.Ceiling(columns * stride * downsample) + random.Next((int)(stride * downsample) - 1),
                Level0Height =
                    (long)Math.Ceiling(rows * stride * downsample) + random.Next((int)(stride * downsample) - 1),
                BoundsCorner = (random.Next(3) * 1000, random.Next(3) * 700),
                Level0PixelSize = new PixelSize(new Microns(level0), "override"),
                PixelSize = new Microns(0.5),
                Level = 0,
                LevelDownsample = 1,
                Downsample = downsample,
                PatchSize = 128,
                Stride = stride,
            },
            Rows = rows,
            Columns = columns,
            Channels = Channels,
            Cells = cells,
            Features = features,
            Tissue = new float[rows * columns],
            Encoder = "uni",
            EncoderSha256 = "",
            TissueMethod = "otsu",
        };
    }

    private static string Golden(string file) =>
        Path.Combine(AppContext.BaseDirectory, "golden", "interchange", Path.Combine(file.Split('/')));
}
