using System.Buffers.Binary;
using System.IO.Compression;

namespace Histonic.Slides.Synthetic.Digits;

/// <summary>MNIST's idx files: big-endian heads (the magic numbers 2051 and 2049, the counts), then bytes.</summary>
internal static class MnistFiles
{
    private const int ImageMagic = 2051;
    private const int LabelMagic = 2049;

    /// <summary>Reads a set.</summary>
    /// <param name="folder">The folder; files may be packed by gzip (.gz), and a dot may stand for the last hyphen but one.</param>
    /// <param name="set">"train" or "t10k".</param>
    /// <returns>The pictures, 28 × 28 bytes each, one after the other, and the digit that each shows.</returns>
    /// <exception cref="InputException">A file is missing, damaged or of another form, or the two do not fit.</exception>
    public static (byte[] Pixels, byte[] Labels) Read(string folder, string set)
    {
        const int Side = DigitShapes.SourceSide;
        var images = Find(folder, set, "images", "idx3");
        var labels = Find(folder, set, "labels", "idx1");
        var pixels = Bytes(images, ImageMagic, [Side, Side]);
        var digits = Bytes(labels, LabelMagic, []);
        if (pixels.Length != digits.Length * Side * Side)
        {
            throw new InputException(
                labels,
                $"has {digits.Length} labels for the {pixels.Length / (Side * Side)} pictures of {Path.GetFileName(images)}",
                "Give both files of one set"
            );
        }

        for (byte digit = 0; digit < 10; digit++)
        {
            if (!digits.Contains(digit))
                throw new InputException(labels, $"has no {digit}", "Give a set with all ten digits");
        }

        return digits.FirstOrDefault(digit => digit > 9) is > 9 and var other
            ? throw new InputException(labels, $"has the label {other}", "Give MNIST's digits")
            : (pixels, digits);
    }

    private static string Find(string folder, string set, string what, string kind)
    {
        string[] names = [$"{set}-{what}-{kind}-ubyte", $"{set}-{what}.{kind}-ubyte"];
        return names
                .SelectMany(name => new[] { name, $"{name}.gz" })
                .Select(name => Path.Combine(folder, name))
                .FirstOrDefault(File.Exists)
            ?? throw new InputException(
                folder,
                $"holds no {names[0]} (or {names[0]}.gz)",
                "Put MNIST's four idx files there, or leave --mnist away"
            );
    }

    private static byte[] Bytes(string path, int magic, int[] sides)
    {
        byte[] all;
        try
        {
            using var file = File.OpenRead(path);
            using Stream plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            using var memory = new MemoryStream();
            plain.CopyTo(memory);
            all = memory.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Download it again", error);
        }

        var head = 8 + (4 * sides.Length);
        if (all.Length < head || Number(0) != magic)
            throw new InputException(path, $"is no idx file of the magic number {magic}", "Give MNIST's own file");
        if (sides.Index().FirstOrDefault(side => Number(8 + (4 * side.Index)) != side.Item).Item is > 0 and var wanted)
            throw new InputException(
                path,
                $"has pictures of another size than {wanted} × {wanted}",
                "Give MNIST's own"
            );
        var count = Number(4);
        var length = sides.Aggregate((long)count, (product, side) => product * side);
        if (count < 0 || all.Length - head != length)
        {
            throw new InputException(
                path,
                $"has {all.Length - head} bytes behind its head, which promises {length}",
                "Download it again"
            );
        }

        return all[head..];

        int Number(int at) => BinaryPrimitives.ReadInt32BigEndian(all.AsSpan(at));
    }
}
