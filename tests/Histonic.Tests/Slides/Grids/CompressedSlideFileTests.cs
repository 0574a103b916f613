using CsCheck;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Grids;

public sealed class CompressedSlideFileTests
{
    private static readonly DateTimeOffset _created = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 7], Gen.Bool, Gen.Bool, Gen.Int[0, int.MaxValue])
            .Sample(
                (patches, channels, half, symmetries, seed) =>
                {
                    using var folder = new TemporaryFolder();
                    var written = Some(patches, channels, symmetries, seed);

                    CompressedSlideFile.Write(
                        folder["a.h5"],
                        written,
                        half ? FeaturePrecision.Bits16 : FeaturePrecision.Bits32,
                        _created
                    );
                    var read = CompressedSlideFile.Read(folder["a.h5"]);

                    Assert.Equivalent(written, read, strict: true);
                },
                iter: 30
            );

    [Fact]
    public void Batches_in_any_order_make_the_same_file_as_one_piece()
    {
        var order = Enumerable.Range(0, 23).ToArray();
        new Random(5).Shuffle(order);
        using var folder = new TemporaryFolder();
        var whole = Some(23, 5, symmetries: true, seed: 7);

        using (var writer = CompressedSlideFile.Create(folder["a.h5"], Header(whole)))
        {
            foreach (var places in order.Chunk(10))
            {
                float[] Rows(float[] of, int symmetry) =>
                    [.. places.SelectMany(place => of.AsSpan(((symmetry * 23) + place) * 5, 5).ToArray())];
                writer.Write(
                    places,
                    Rows(whole.Features, 0),
                    [.. Enumerable.Range(0, 8).SelectMany(k => Rows(whole.FeaturesD4!, k))]
                );
            }

            writer.Commit();
        }

        Assert.Equivalent(whole, CompressedSlideFile.Read(folder["a.h5"]), strict: true);
    }

    [Fact]
    public void A_writer_that_is_not_committed_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var slide = Some(9, 3, symmetries: false, seed: 3);

        using (var writer = CompressedSlideFile.Create(folder["a.h5"], Header(slide)))
        {
            writer.Write([0, 1], slide.Features.AsSpan(0, 6));
            Assert.Throws<InvalidOperationException>(writer.Commit);
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("empty", "is empty")]
    [InlineData("text", "is no HDF5 file")]
    [InlineData("half", "is cut short")]
    [InlineData("foreign", "another program")]
    public void A_file_at_fault_is_named_with_what_is_wrong(string fault, string finding)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.h5"];
        switch (fault)
        {
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "text":
                File.WriteAllText(path, "slide,label\na,1\n");
                break;
            case "half":
                CompressedSlideFile.Write(path, Some(40, 7, false, 1), FeaturePrecision.Bits32, _created);
                using (var file = File.OpenWrite(path))
                    file.SetLength(file.Length / 2);
                break;
            case "foreign":
                new PureHDF.H5File { ["features"] = new float[] { 1, 2 } }.Write(path);
                break;
        }

        var error = Assert.Throws<InputException>(() => CompressedSlideFile.Read(path));

        Assert.Equal(path, error.Subject);
        Assert.Contains(finding, error.Message, StringComparison.Ordinal);
    }

    internal static CompressedSlide Some(int patches, int channels, bool symmetries, int seed)
    {
        var random = new Random(seed);
        float Value() => (float)(Half)((random.NextSingle() * 8) - 4);
        var geometry = new GridGeometry
        {
            Level0Width = 8 * 256 + 9,
            Level0Height = 5 * 256,
            Level0PixelSize = new PixelSize(new Microns(0.25), "aperio"),
            PixelSize = new Microns(0.5),
            Level = 1,
            LevelDownsample = 2,
            Downsample = 2,
            PatchSize = 128,
            Stride = 128,
        };
        return new CompressedSlide
        {
            Slide = "Präparat 7",
            Geometry = geometry,
            Rows = 5,
            Columns = 8,
            Channels = channels,
            Cells = [.. Enumerable.Range(0, 40).Take(patches).Select(i => new GridCell(i / 8, i % 8))],
            Features = [.. Enumerable.Range(0, patches * channels).Select(_ => Value())],
            FeaturesD4 = symmetries ? [.. Enumerable.Range(0, 8 * patches * channels).Select(_ => Value())] : null,
            Tissue = [.. Enumerable.Range(0, 40).Select(_ => random.NextSingle())],
            Encoder = "multitask-4",
            EncoderSha256 = new string('a', 64),
            TissueMethod = "otsu-saturation",
        };
    }

    internal static CompressedSlideHeader Header(CompressedSlide slide) =>
        new()
        {
            Slide = slide.Slide,
            Geometry = slide.Geometry,
            Cells = slide.Cells,
            Tissue = slide.Tissue,
            Channels = slide.Channels,
            Symmetries = slide.FeaturesD4 is not null,
            Encoder = slide.Encoder,
            EncoderSha256 = slide.EncoderSha256,
            TissueMethod = slide.TissueMethod,
            Created = _created,
        };
}
