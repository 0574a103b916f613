using System.Buffers.Binary;
using System.IO.Compression;
using Histonic.Slides;
using Histonic.Slides.Synthetic.Digits;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Synthetic.Digits;

public sealed class DigitShapesTests
{
    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", false)]
    [InlineData("train-images.idx3-ubyte.gz", "train-labels.idx1-ubyte.gz", false)]
    [InlineData("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz", true)]
    public void Of_MNIST_every_third_row_and_column_is_taken_and_white_what_is_above_63(
        string images,
        string labels,
        bool test
    )
    {
        using var folder = new TemporaryFolder();
        // each picture is grey but for one pixel that is taken, at (3 digit, 6), and one beside it that is not
        var pixels = new byte[10 * 28 * 28];
        for (var digit = 0; digit < 10; digit++)
        {
            var picture = pixels.AsSpan(digit * 28 * 28, 28 * 28);
            picture.Fill(63);
            picture[(6 * 28) + (3 * digit)] = 64;
            picture[(7 * 28) + 1] = 255;
        }

        WriteIdx(folder[images], 2051, [10, 28, 28], pixels);
        WriteIdx(folder[labels], 2049, [10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        var shapes = DigitShapes.OfMnist(folder.Path, test);

        Assert.Equal(10, shapes.Count);
        for (var digit = 0; digit < 10; digit++)
        {
            var (named, shape) = shapes.Next(new Random(1), digit);
            Assert.Equal(digit, named);
            Assert.Equal(100, shape.Length);
            Assert.Equal(255, shape[(2 * 10) + digit]);
            Assert.Equal(255, shape.Sum(pixel => pixel));
        }
    }

    [Fact]
    public void Files_that_are_missing_cut_off_or_do_not_fit_are_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("train-images-idx3-ubyte", Refusal().Message, StringComparison.Ordinal);
        WriteIdx(folder["train-images-idx3-ubyte"], 2051, [2, 28, 28], new byte[2 * 28 * 28]);
        WriteIdx(folder["train-labels-idx1-ubyte"], 2049, [3], [0, 1, 2]);
        Assert.Contains("3 labels for the 2 pictures", Refusal().Finding, StringComparison.Ordinal);
        WriteIdx(folder["train-labels-idx1-ubyte"], 2049, [2], [0, 1]);
        Assert.Contains("has no 2", Refusal().Finding, StringComparison.Ordinal);
        WriteIdx(folder["train-images-idx3-ubyte"], 2051, [2, 28, 28], new byte[2 * 28 * 27]);
        Assert.Contains("promises 1568", Refusal().Finding, StringComparison.Ordinal);
        WriteIdx(folder["train-images-idx3-ubyte"], 2049, [2], new byte[2]);
        Assert.Contains("magic number 2051", Refusal().Finding, StringComparison.Ordinal);
        WriteIdx(folder["train-images-idx3-ubyte"], 2051, [2, 14, 14], new byte[2 * 14 * 14]);
        Assert.Contains("28 × 28", Refusal().Finding, StringComparison.Ordinal);

        InputException Refusal() => Assert.Throws<InputException>(() => DigitShapes.OfMnist(folder.Path, test: false));
    }

    [Fact]
    public void Our_own_digits_are_varied_and_told_apart_by_their_mean_shapes()
    {
        var (own, others) = (DigitShapes.Draw(new Seed(1), test: false), DigitShapes.Draw(new Seed(1), test: true));
        Assert.Equal(10_000, own.Count);
        var random = new Random(1);
        var means = Enumerable
            .Range(0, 10)
            .Select(digit => Mean([.. Enumerable.Range(0, 300).Select(_ => own.Next(random, digit).Pixels)]))
            .ToList();

        var right = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 1000; i++)
        {
            var (digit, pixels) = others.Next(random, null);
            seen.Add(Convert.ToHexString(pixels));
            Assert.InRange(pixels.Count(pixel => pixel > 0), 5, 60);
            var nearest = Enumerable.Range(0, 10).MinBy(one => Distance(means[one], pixels));
            right += nearest == digit ? 1 : 0;
        }

        // a nearest mean tells about four in five of MNIST's apart
        Assert.InRange(right, 750, 1000);
        Assert.True(seen.Count > 800);

        static double[] Mean(List<byte[]> all) =>
            [.. Enumerable.Range(0, 100).Select(i => all.Average(one => (double)one[i]))];

        static double Distance(double[] mean, byte[] pixels) =>
            mean.Zip(pixels).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second));
    }

    private static void WriteIdx(string path, int magic, int[] sides, byte[] bytes)
    {
        var head = new byte[4 + (4 * sides.Length)];
        BinaryPrimitives.WriteInt32BigEndian(head, magic);
        for (var i = 0; i < sides.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + (4 * i)), sides[i]);
        using var file = File.Create(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionLevel.Fastest)
            : file;
        stream.Write(head);
        stream.Write(bytes);
    }
}
