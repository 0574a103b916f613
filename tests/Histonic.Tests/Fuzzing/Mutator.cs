using System.Buffers.Binary;

namespace Histonic.Tests.Fuzzing;

/// <summary>Damages files as disks, transfers and foes do; the same random numbers give the same damage.</summary>
internal static class Mutator
{
    private static readonly long[] _lengths =
    [
        0,
        1,
        -1,
        127,
        255,
        256,
        65535,
        65536,
        int.MaxValue,
        1L << 31,
        1L << 40,
        long.MaxValue,
    ];

    /// <summary>A damaged copy of a file.</summary>
    public static byte[] Mutate(byte[] file, Random random)
    {
        var bytes = (byte[])file.Clone();
        Span<byte> number = stackalloc byte[8];
        for (var change = random.Next(1, 7); change > 0 && bytes.Length > 0; change--)
        {
            // headers decide more than pixels
            var place = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 1024) : bytes.Length);
            var rest = bytes.AsSpan(place);
            switch (random.Next(8))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 2: // a field of a length, an offset or a count
                    BinaryPrimitives.WriteInt64LittleEndian(number, _lengths[random.Next(_lengths.Length)]);
                    var width = Math.Min(rest.Length, 1 << random.Next(1, 4));
                    if (random.Next(4) == 0)
                        number[..width].Reverse();
                    number[..width].CopyTo(rest);
                    break;
                case 3:
                    bytes = bytes[..place];
                    break;
                case 4: // a piece is gone
                    var gone = Math.Min(rest.Length, random.Next(1, 64));
                    bytes = [.. bytes[..place], .. bytes[(place + gone)..]];
                    break;
                case 5: // a piece is there twice
                    var twice = Math.Min(rest.Length, random.Next(1, 64));
                    bytes = [.. bytes[..(place + twice)], .. bytes[place..]];
                    break;
                case 6: // a piece of elsewhere
                    var length = Math.Min(rest.Length, random.Next(1, 256));
                    bytes.AsSpan(random.Next(bytes.Length - length + 1), length).ToArray().CopyTo(rest);
                    break;
                default:
                    rest[..Math.Min(rest.Length, random.Next(1, 512))].Fill((byte)(random.Next(2) * 255));
                    break;
            }
        }

        return bytes;
    }
}
