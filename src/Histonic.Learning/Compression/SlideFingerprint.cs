using System.Globalization;
using System.IO.Hashing;
using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>Tells a slide's file from another of the same name, without reading it whole.</summary>
internal static class SlideFingerprint
{
    private const int End = 64 << 10;

    /// <summary>"BYTES XXH128": the file's length, and the XXH128 of its first and last 64 kB.</summary>
    /// <remarks>
    /// Scanners write the time and the pixel size into the first or the last kilobytes, and no two scans compress to the same length and ends.
    /// Of a slide of several files (MRXS, DICOM) it sees only the one that was given.
    /// </remarks>
    /// <param name="path">The slide's file.</param>
    /// <exception cref="InputException">It is missing or cannot be read.</exception>
    public static string Of(string path)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                0
            );
            var (length, hash, part) = (file.Length, new XxHash128(), new byte[End]);
            hash.Append(part.AsSpan(0, file.ReadAtLeast(part, End, throwOnEndOfStream: false)));
            if (length > End)
            {
                file.Seek(-Math.Min(End, length - End), SeekOrigin.End);
                hash.Append(part.AsSpan(0, file.ReadAtLeast(part, End, throwOnEndOfStream: false)));
            }

            return string.Create(
                CultureInfo.InvariantCulture,
                $"{length} {Convert.ToHexStringLower(hash.GetCurrentHash())}"
            );
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "does not exist", "Check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check its permissions", error);
        }
    }
}
