using Histonic.Slides;

namespace Histonic.Learning.Encoders.Import;

/// <summary>What an import is told of an encoder beyond its file. What is null stays as the file says, or as the default.</summary>
public sealed record EncoderImportOptions
{
    /// <summary>Gets the name; by default the file's name, without "encoder_" in front.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the pixel size it was trained at; by default 0.5 µm for a Keras file. A foreign ONNX file needs it.</summary>
    public Microns? PixelSize { get; init; }

    /// <summary>Gets the side P of its patches; by default 128 for a Keras file, and an ONNX file's own where it has one.</summary>
    public int? PatchSize { get; init; }

    /// <summary>Gets what a foreign ONNX network takes; it then gets the conversion from [-1, 1] in front.</summary>
    public PixelRange Range { get; init; } = PixelRange.MinusOneToOne;

    /// <summary>Gets how it was trained.</summary>
    public string? Objective { get; init; }

    /// <summary>Gets what it was trained on.</summary>
    public string? TrainingData { get; init; }

    /// <summary>Gets the licence of the weights.</summary>
    public string? Licence { get; init; }

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public EncoderImportOptions Validated() =>
        this switch
        {
            { Name: { } name } when string.IsNullOrWhiteSpace(name) => throw new OptionException(
                "--name",
                name,
                "a name"
            ),
            { PixelSize: { Value: not (> 0.01 and < 100) } } => throw new OptionException(
                "--mpp",
                PixelSize,
                "between 0.01 and 100 µm"
            ),
            { PatchSize: not null and not (>= 8 and <= 4096) } => throw new OptionException(
                "--patch",
                PatchSize,
                "from 8 to 4096 pixels"
            ),
            _ => this,
        };
}
