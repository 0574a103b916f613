using System.Reflection;
using Histonic.Learning.Encoders.Kernels;
using Histonic.Learning.Encoders.Onnx;
using Histonic.Slides;

namespace Histonic.Learning.Encoders;

/// <summary>The encoders that come with the program, and those that lie in files.</summary>
/// <remarks>Every models/NAME.onnx of the repository is embedded in this assembly and known as NAME.</remarks>
public static class EncoderCatalog
{
    private const string Folder = "models/";
    private const string Extension = ".onnx";
    private static readonly Assembly _assembly = typeof(EncoderCatalog).Assembly;

    /// <summary>Gets the names of the built-in encoders, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. _assembly
            .GetManifestResourceNames()
            .Where(name =>
                name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal)
            )
            .Select(name => name[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads what an encoder says of itself.</summary>
    /// <param name="nameOrPath">A built-in name, or the path of an .onnx file.</param>
    /// <exception cref="InputException">It is unknown (the message lists the known), or its file is at fault.</exception>
    public static EncoderInfo Describe(string nameOrPath)
    {
        var (path, bytes) = Find(nameOrPath);
        return OnnxEncoderFile.Info(OnnxEncoderFile.Parse(path, bytes), path, bytes);
    }

    /// <summary>Opens an encoder: one of the papers' kind in code of our own, any other with ONNX Runtime.</summary>
    /// <param name="nameOrPath">A built-in name, or the path of an .onnx file.</param>
    /// <param name="threads">How many threads compute.</param>
    /// <param name="device">"cpu" or "cuda".</param>
    /// <exception cref="InputException">It is unknown (the message lists the known), or its file is at fault.</exception>
    /// <exception cref="OptionException">The device is not there.</exception>
    public static IPatchEncoder Open(string nameOrPath, int threads, string device = "cpu")
    {
        var (path, bytes) = Find(nameOrPath);
        var model = OnnxEncoderFile.Parse(path, bytes);
        var info = OnnxEncoderFile.Info(model, path, bytes);
        var pool = FirstPooling.Remove(model);
        var own = string.Equals(device, OnnxEncoder.Cpu, StringComparison.Ordinal)
            ? KernelEncoder.Of(model, info, pool, threads)
            : null;
        return own ?? (IPatchEncoder)OnnxEncoder.Of(path, info, pool, model, threads, device);
    }

    private static (string Path, byte[] Bytes) Find(string nameOrPath)
    {
        if (Names.Contains(nameOrPath, StringComparer.Ordinal))
        {
            using var resource = _assembly.GetManifestResourceStream($"{Folder}{nameOrPath}{Extension}")!;
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            return (nameOrPath, bytes);
        }

        if (File.Exists(nameOrPath))
        {
            return Path.GetExtension(nameOrPath).ToUpperInvariant() is ".H5" or ".HDF5"
                ? throw new InputException(
                    nameOrPath,
                    "is a Keras file",
                    "Import it first: histonic encoder import FILE.h5 --out NAME.onnx"
                )
                : (nameOrPath, OnnxEncoderFile.ReadBytes(nameOrPath));
        }

        var known = Names.Count == 0 ? "none is built in" : $"built in: {string.Join(", ", Names)}";
        throw new InputException(
            nameOrPath,
            "is neither a built-in encoder nor a file",
            $"Give one of the known ({known}) or the path of an .onnx file"
        );
    }
}
