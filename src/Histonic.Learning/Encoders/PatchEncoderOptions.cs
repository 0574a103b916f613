using Histonic.Slides;

namespace Histonic.Learning.Encoders;

/// <summary>The shape of a patch encoder. The defaults are the papers'.</summary>
public sealed record PatchEncoderOptions
{
    /// <summary>The number of strided convolutions.</summary>
    public const int Layers = 4;

    /// <summary>Gets the side P of a patch, in pixels: a multiple of 2, at least 62, or nothing is left for the dense layer.</summary>
    public int PatchSize { get; init; } = 128;

    /// <summary>Gets the pixel size the encoder works at.</summary>
    public Microns PixelSize { get; init; } = new(0.5);

    /// <summary>Gets the number of filters of each convolution.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Gets the length C of an embedding.</summary>
    public int Channels { get; init; } = 128;

    /// <summary>Gets the side of what is left after pooling and the convolutions: 3 for a patch of 128.</summary>
    public int RemainingSide
    {
        get
        {
            var side = PatchSize / 2;
            for (var layer = 0; layer < Layers; layer++)
                side = (side - 1) / 2;
            return side;
        }
    }

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public PatchEncoderOptions Validated() =>
        this switch
        {
            _ when PatchSize is < 62 or > 1024 || PatchSize % 2 != 0 => throw new OptionException(
                "--patch",
                PatchSize,
                "an even number from 62 to 1024"
            ),
            { PixelSize.Value: not (> 0.01 and < 100) } => throw new OptionException(
                "--mpp",
                PixelSize,
                "between 0.01 and 100 µm"
            ),
            { Width: < 1 or > 4096 } => throw new OptionException("--width", Width, "from 1 to 4096"),
            { Channels: < 1 or > 65_536 } => throw new OptionException("--embedding", Channels, "from 1 to 65536"),
            _ => this,
        };
}
