using System.Buffers.Binary;
using System.Text;
using Histonic.Learning.Encoders.Training;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training;

public sealed class TensorBoardLogTests
{
    [Fact]
    public void Each_number_is_a_record_and_undetermined_ones_are_left_out()
    {
        using var folder = new TemporaryFolder();
        var log = new TensorBoardLog(folder["board"]);
        log.Add(
            ["loss"],
            ["auc", "none"],
            new EpochRecord(1, 50, 1e-3, [0.5], 0.9, 0, [0.9, double.NaN], 400, 0, true)
        );
        var file = Assert.Single(Directory.GetFiles(folder["board"]));
        var records = Records(File.ReadAllBytes(file));
        Assert.Contains(records, record => record.Contains("brain.Event:2", StringComparison.Ordinal));
        foreach (var tag in new[] { "train/loss", "validation/auc", "learning_rate", "patches_per_second" })
            Assert.Single(records, record => record.Contains(tag, StringComparison.Ordinal));
        Assert.DoesNotContain(records, record => record.Contains("validation/none", StringComparison.Ordinal));
    }

    // TFRecord: length, its checksum, the bytes, their checksum; the checksums are masked CRC-32C (TensorFlow's record_writer)
    private static List<string> Records(byte[] bytes)
    {
        var records = new List<string>();
        for (var at = 0; at < bytes.Length; )
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            var data = bytes.AsSpan(at + 12, length);
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            records.Add(Encoding.Latin1.GetString(data));
            at += 16 + length;
        }

        return records;
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = System.Numerics.BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
