using Histonic.Learning.Encoders.Keras;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Import;

/// <summary>Makes a self-describing encoder file of a Keras .h5 or an ONNX file.</summary>
public static class EncoderImport
{
    /// <summary>Imports an encoder, and tries it on a grey patch before anything is written.</summary>
    /// <param name="source">A Keras file (.h5, .hdf5, .keras is refused) or an ONNX file (.onnx).</param>
    /// <param name="target">The .onnx file that comes to be.</param>
    /// <param name="options">What the file does not say.</param>
    /// <returns>What the new file says.</returns>
    /// <exception cref="InputException">The file is missing, damaged, of another kind, or its network does not fit.</exception>
    /// <exception cref="OptionException">An option cannot work, or one is needed and missing.</exception>
    public static EncoderInfo Import(string source, string target, EncoderImportOptions options)
    {
        options = options.Validated();
        switch (Path.GetExtension(source).ToUpperInvariant())
        {
            case ".H5" or ".HDF5":
                ImportKeras(source, target, options);
                break;
            case ".ONNX":
                ForeignOnnx.Import(source, target, options);
                break;
            default:
                throw new InputException(
                    source,
                    "is neither a Keras (.h5) nor an ONNX (.onnx) file",
                    "Export PyTorch models with torch.onnx.export, newer Keras ones with model.export"
                );
        }

        return OnnxEncoderFile.ReadInfo(target);
    }

    /// <summary>What the new file says: the old one's words, where there are some, overruled by the options.</summary>
    internal static EncoderInfo Describe(EncoderInfo before, EncoderImportOptions options) =>
        before with
        {
            Name = options.Name ?? before.Name,
            PixelSize = options.PixelSize ?? before.PixelSize,
            Objective = options.Objective ?? before.Objective,
            TrainingData = options.TrainingData ?? before.TrainingData,
            Licence = options.Licence ?? before.Licence,
            CodeVersion = ProductVersion.Current,
        };

    internal static string NameOf(string path)
    {
        const string Prefix = "encoder_"; // the authors' files are called encoder_NAME.h5
        var name = Path.GetFileNameWithoutExtension(path);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > Prefix.Length
            ? name[Prefix.Length..]
            : name;
    }

    private static void ImportKeras(string source, string target, EncoderImportOptions options)
    {
        if (options.Range != PixelRange.MinusOneToOne)
            throw new OptionException("--range", options.Range, "-1..1 for Keras files, which are the papers'");
        var weights = KerasEncoderFile.Read(source, options.PatchSize ?? 128);
        var info = new EncoderInfo
        {
            Name = NameOf(source),
            PatchSize = weights.PatchSize,
            PixelSize = new Microns(0.5),
            Channels = weights.Channels,
            Objective = weights.Dense.Count == 0 ? "mean-rgb" : "unknown",
        };
        OnnxEncoderFile.Write(target, weights, Describe(info, options));
    }
}
