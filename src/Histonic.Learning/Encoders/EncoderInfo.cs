using Histonic.Slides;

namespace Histonic.Learning.Encoders;

/// <summary>What an encoder's file says of it: the metadata of its ONNX model.</summary>
public sealed record EncoderInfo
{
    /// <summary>Gets the name, such as "multitask-4".</summary>
    public required string Name { get; init; }

    /// <summary>Gets the side P of a patch, in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Gets the pixel size the encoder was trained at.</summary>
    public required Microns PixelSize { get; init; }

    /// <summary>Gets the length C of an embedding.</summary>
    public required int Channels { get; init; }

    /// <summary>Gets how it was trained: "mtl", "supervised", "vae", "contrastive", "bigan", "mean-rgb" or "unknown".</summary>
    public string Objective { get; init; } = "unknown";

    /// <summary>Gets the tasks it was trained on, each with its classes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Tasks { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Gets what it was trained on, in words.</summary>
    public string TrainingData { get; init; } = "unknown";

    /// <summary>Gets the licence of the weights.</summary>
    public string Licence { get; init; } = "unknown";

    /// <summary>Gets the seed of its training; null when not known.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets the version of the code that wrote the file.</summary>
    public string CodeVersion { get; init; } = "unknown";

    /// <summary>Gets the SHA-256 of the file, in lower-case hexadecimals; empty while it is not on disk.</summary>
    public string Sha256 { get; init; } = "";
}
