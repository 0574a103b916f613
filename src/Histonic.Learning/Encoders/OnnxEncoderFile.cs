using System.Security.Cryptography;
using Google.Protobuf;
using Histonic.Learning.Encoders.Onnx;
using Histonic.Slides;

namespace Histonic.Learning.Encoders;

/// <summary>An encoder as one self-describing ONNX file: the network and, as metadata, what <see cref="EncoderInfo"/> says.</summary>
/// <remarks>Input <c>x</c> (n, 3, P, P), float32 RGB in [-1, 1]; output <c>embedding</c> (n, C).</remarks>
public static class OnnxEncoderFile
{
    /// <summary>Writes an encoder, its batch normalisations folded into the layers after them. The same weights give the same bytes.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="weights">The network.</param>
    /// <param name="info">What the file says of it. Its patch size and channels must be the network's.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The weights do not fit each other.</exception>
    /// <exception cref="ArgumentException">The info does not fit the weights.</exception>
    public static void Write(string path, EncoderWeights weights, EncoderInfo info)
    {
        weights.Validated();
        if (info.PatchSize != weights.PatchSize || info.Channels != weights.Channels)
        {
            throw new ArgumentException(
                $"The info says {info.PatchSize} pixels and {info.Channels} channels, "
                    + $"the network has {weights.PatchSize} and {weights.Channels}.",
                nameof(info)
            );
        }

        var model = OnnxGraphs.Model(weights);
        OnnxMetadata.Write(model, info);
        Write(path, model);
    }

    /// <summary>Reads what a file says of its encoder, and its SHA-256.</summary>
    /// <param name="path">A file of ours.</param>
    /// <exception cref="InputException">It is missing, damaged, not ONNX, or does not describe itself.</exception>
    public static EncoderInfo ReadInfo(string path)
    {
        var bytes = ReadBytes(path);
        return Info(Parse(path, bytes), path, bytes);
    }

    internal static void Write(string path, ModelProto model) =>
        AtomicFile.Write(
            path,
            partial =>
            {
                using var stream = File.Create(partial);
                model.WriteTo(stream);
            }
        );

    internal static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", "Check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                path,
                $"cannot be read ({error.Message})",
                "Check the file and your rights to it",
                error
            );
        }
    }

    internal static ModelProto Parse(string path, byte[] bytes)
    {
        try
        {
            var model = ModelProto.Parser.ParseFrom(bytes);
            if (model.Graph is { Node.Count: > 0 })
                return model;
        }
        catch (InvalidProtocolBufferException error)
        {
            throw Damaged(path, error);
        }

        throw Damaged(path);
    }

    internal static EncoderInfo Info(ModelProto model, string path, byte[] bytes) =>
        OnnxMetadata.Read(model, path, Sha256(bytes))
        ?? throw new InputException(
            path,
            "is an ONNX model that does not say for which patches it is",
            "Import it first: histonic encoder import FILE.onnx --mpp X --patch N --out NAME.onnx"
        );

    internal static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    internal static InputException Damaged(string path, Exception? cause = null) =>
        new(path, "is not a whole ONNX model", "Write or download it again", cause);
}
