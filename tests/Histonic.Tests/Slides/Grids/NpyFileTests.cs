using System.Text;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Grids;

public sealed class NpyFileTests
{
    [Fact]
    public void A_compressed_slide_becomes_planes_with_background_0()
    {
        using var folder = new TemporaryFolder();
        var slide = CompressedSlideFileTests.Some(17, 3, symmetries: false, seed: 4);

        NpyFile.Write(folder["a.npy"], FeatureMap.Of(slide));
        var map = NpyFile.Read(folder["a.npy"]);

        Assert.Equal((3, 5, 8), (map.Channels, map.Rows, map.Columns));
        for (var n = 0; n < 40; n++)
        {
            for (var c = 0; c < 3; c++)
                Assert.Equal(n < 17 ? slide.Features[(n * 3) + c] : 0, map.Values[(c * 40) + n]);
        }
    }

    [Fact]
    public void The_header_is_numpys()
    {
        using var folder = new TemporaryFolder();

        NpyFile.Write(folder["a.npy"], new FeatureMap(1, 2, 3, [0, 1, 2, 3, 4, 5]));

        var bytes = File.ReadAllBytes(folder["a.npy"]);
        Assert.Equal(128 + 12, bytes.Length);
        Assert.Equal((byte)'\n', bytes[127]);
        Assert.StartsWith(
            "{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2, 3), }",
            Encoding.ASCII.GetString(bytes, 10, 100),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_at_fault_is_named()
    {
        using var folder = new TemporaryFolder();
        NpyFile.Write(folder["cut.npy"], new FeatureMap(1, 2, 3, new float[6]));
        using (var file = File.OpenWrite(folder["cut.npy"]))
            file.SetLength(file.Length - 1);
        File.WriteAllText(folder["text.npy"], "no numbers here at all");

        foreach (
            var (name, finding) in new[] { ("cut.npy", "cut short"), ("text.npy", "no npy"), ("none.npy", "exist") }
        )
            Assert.Contains(
                finding,
                Assert.Throws<InputException>(() => NpyFile.Read(folder[name])).Message,
                StringComparison.Ordinal
            );
        Assert.Throws<InputException>(() => NpyFile.Write(folder["big.npy"], new FeatureMap(1, 1, 1, [1e6f])));
        Assert.False(File.Exists(folder["big.npy"]));
    }
}
