using System.Globalization;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;
using PureHDF;
using PureHDF.Filters;

namespace Histonic.Tests.Slides.Reading;

public sealed class PatchSetFileTests
{
    [Theory]
    [InlineData("pair", 1, 1)]
    [InlineData("pair", 16, 16)]
    [InlineData("pair", 64, 50)]
    [InlineData("single", 7, 7)]
    [InlineData("plain", 1, 1)]
    [InlineData("auto", 1, null)]
    public async Task Sets_of_h5py_are_read_patch_by_patch_in_any_order_from_any_thread(
        string kind,
        int chunk,
        int? ofChunk
    )
    {
        const int N = 50;
        using var folder = new TemporaryFolder();
        var name = await WriteAsync(folder, kind, N, 24, chunk);
        var sums = name.Sums;
        using var set = PatchSetFile.Open(name.Path);
        Assert.Equal((N, 24, 24), (set.Count, set.Width, set.Height));
        if (ofChunk is { } expected)
            Assert.Equal(expected, set.PatchesOfChunk);
        Assert.Equal(Enumerable.Range(0, N).Select(i => (long)(i % 2)), set.Labels);
        int[] order = [.. Enumerable.Range(0, N).Concat(Enumerable.Range(0, N)).Select(i => i * 29 % N)];
        Parallel.ForEach(
            order,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i =>
            {
                var picture = set.Read(i);
                Assert.Equal(sums[i], picture.Pixels.Sum(value => (long)value));
                for (var at = 0; at < picture.Pixels.Length; at++)
                    Assert.Equal(Pixel(i, at / 3 / 24, at / 3 % 24, at % 3), picture.Pixels[at]);
            }
        );
    }

    [Fact]
    public async Task What_is_packed_with_another_filter_is_at_fault_when_it_is_read()
    {
        using var folder = new TemporaryFolder();
        var name = await WriteAsync(folder, "lzf", 8, 24, 2);
        using var set = PatchSetFile.Open(name.Path);
        Assert.Contains(
            "cannot be decoded",
            Assert.Throws<InputException>(() => set.Read(0)).Finding,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(4u)]
    [InlineData(100u)]
    public void A_set_written_here_is_read_with_more_chunks_than_are_kept(uint chunk)
    {
        using var folder = new TemporaryFolder();
        Write(folder["s.h5"], 30, 8, chunk, new long[30]);
        using var set = PatchSetFile.Open(folder["s.h5"]);
        Assert.Equal((int)Math.Min(chunk, 30), set.PatchesOfChunk);
        foreach (var i in Enumerable.Range(0, 90).Select(i => i * 7 % 30))
        {
            var picture = set.Read(i);
            Assert.Equal(Pixel(i, 3, 5, 1), picture.Pixels[(((3 * 8) + 5) * 3) + 1]);
            Assert.Equal(Pixel(i, 7, 7, 2), picture.Pixels[^1]);
        }
    }

    [Fact]
    public void Files_of_another_layout_are_at_fault()
    {
        using var folder = new TemporaryFolder();
        Write(folder["short.h5"], 5, 8, 1, [0, 1, 0]);
        new H5File { ["x"] = new byte[4, 8, 8, 3] }.Write(folder["lonely.h5"]);
        new H5File { ["x"] = new byte[4, 8, 8, 3] }.Write(folder["lonely_x.h5"]);
        new H5File { ["y"] = new byte[4] }.Write(folder["labels.h5"]);
        new H5File { ["x"] = new float[4, 8, 8, 3], ["y"] = new byte[4] }.Write(folder["floats.h5"]);
        new H5File { ["x"] = new byte[4, 3, 8, 8], ["y"] = new byte[4] }.Write(folder["planes.h5"]);
        new H5File { ["x"] = new byte[4, 8, 8, 3], ["y"] = new double[4] }.Write(folder["numbers.h5"]);
        new H5File { ["x"] = new byte[4, 8, 8, 3], ["y"] = new byte[4, 2] }.Write(folder["masks.h5"]);
        File.WriteAllText(folder["text.h5"], "no HDF5");
        Refused("short.h5", "5 patches and 3 labels");
        Refused("lonely.h5", "no data set y");
        Refused("labels.h5", "no data set x");
        Refused("floats.h5", "FloatingPoint");
        Refused("planes.h5", "4 × 3 × 8 × 8");
        Refused("numbers.h5", "type FloatingPoint");
        Refused("masks.h5", "y of 4 × 2");
        Refused("text.h5", "no HDF5 file");
        Refused("none.h5", "no such file");
        var beside = Assert.Throws<InputException>(() => PatchSetFile.Open(folder["lonely_x.h5"]));
        Assert.Equal(folder["lonely_y.h5"], beside.Subject);

        void Refused(string name, string finding)
        {
            var error = Assert.Throws<InputException>(() => PatchSetFile.Open(folder[name]));
            Assert.Equal(folder[name], error.Subject);
            Assert.Contains(finding, error.Finding, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_cut_short_is_at_fault()
    {
        using var folder = new TemporaryFolder();
        Write(folder["s.h5"], 30, 8, 1, new long[30]);
        using (var file = File.OpenWrite(folder["s.h5"]))
            file.SetLength(file.Length / 2);
        Assert.Throws<InputException>(() =>
        {
            using var set = PatchSetFile.Open(folder["s.h5"]);
            for (var i = 0; i < set.Count; i++)
                set.Read(i);
        });
    }

    /// <summary>Writes a set with gzip chunks; its pixels are those of tests/golden/patch_set.py.</summary>
    internal static void Write(string path, int count, int side, uint chunk, long[] labels)
    {
        var pixels = new byte[count, side, side, 3];
        for (var i = 0; i < count; i++)
        {
            for (var at = 0; at < side * side * 3; at++)
                pixels[i, at / 3 / side, at / 3 % side, at % 3] = Pixel(i, at / 3 / side, at / 3 % side, at % 3);
        }

        var file = new H5File
        {
            ["x"] = new H5Dataset(
                pixels,
                chunks: [Math.Min(chunk, (uint)count), (uint)side, (uint)side, 3],
                datasetCreation: new(Filters: [DeflateFilter.Id])
            ),
            ["y"] = labels,
        };
        file.Write(path);
    }

    internal static byte Pixel(int i, int row, int column, int colour) =>
        (byte)(((7 * i) + (3 * row) + (5 * column) + (11 * colour) + (i * row * column)) % 251);

    private static async Task<(string Path, long[] Sums)> WriteAsync(
        TemporaryFolder folder,
        string kind,
        int n,
        int side,
        int chunk
    )
    {
        var printed = await Python.RunAsync(
            "patch_set.py",
            folder[""],
            "set",
            kind,
            n.ToString(CultureInfo.InvariantCulture),
            side.ToString(CultureInfo.InvariantCulture),
            Math.Min(n, chunk).ToString(CultureInfo.InvariantCulture)
        );
        return (
            folder[kind is "pair" or "auto" ? "set_x.h5" : "set.h5"],
            [
                .. printed
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => long.Parse(line, CultureInfo.InvariantCulture)),
            ]
        );
    }
}
