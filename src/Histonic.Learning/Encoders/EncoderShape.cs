using Histonic.Slides;

namespace Histonic.Learning.Encoders;

/// <summary>The shape of a patch encoder. The defaults are the papers'.</summary>
public sealed record EncoderShape
{
    /// <summary>Gets the layers.</summary>
    public EncoderArchitecture Architecture { get; init; } = EncoderArchitecture.Published;

    /// <summary>
    /// Gets the side P of a patch, in pixels: even, at least 64, or nothing is left for the dense layer; of the shallow architecture at least 8.
    /// </summary>
    public int PatchSize { get; init; } = 128;

    /// <summary>Gets the pixel size the encoder works at.</summary>
    public Microns PixelSize { get; init; } = new(0.5);

    /// <summary>
    /// Gets the width W. Published: W filters in each convolution. Deep: W/4, W/2, W, 2W and 4W filters, then a dense layer of 4W.
    /// Shallow: W/4 and W/2 filters, then a dense layer of W/2.
    /// </summary>
    public int Width { get; init; } = 128;

    /// <summary>Gets the length C of an embedding.</summary>
    public int Channels { get; init; } = 128;

    /// <summary>Gets the side of the squares that are averaged before the first convolution.</summary>
    public int Pool => Architecture == EncoderArchitecture.Published ? PublishedEncoder.Pool : 1;

    /// <summary>Gets the side S = P / <see cref="Pool"/> of what the first convolution sees.</summary>
    public int InputSide => PatchSize / Pool;

    /// <summary>Returns this shape if every part of it can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public EncoderShape Validated() =>
        this switch
        {
            { Architecture: EncoderArchitecture.Shallow } when PatchSize is < 8 or > 1024 => throw new OptionException(
                "--patch",
                PatchSize,
                "from 8 to 1024 for the shallow architecture"
            ),
            { Architecture: not EncoderArchitecture.Shallow } when PatchSize is < 64 or > 1024 || PatchSize % 2 != 0 =>
                throw new OptionException(
                    "--patch",
                    PatchSize,
                    "an even number from 64 to 1024 (smaller ones: --architecture shallow)"
                ),
            { PixelSize.Value: not (> 0.01 and < 100) } => throw new OptionException(
                "--mpp",
                PixelSize,
                "between 0.01 and 100 µm"
            ),
            { Width: < 1 or > 4096 } => throw new OptionException("--width", Width, "from 1 to 4096"),
            { Architecture: not EncoderArchitecture.Published } when Width % 4 != 0 => throw new OptionException(
                "--width",
                Width,
                "a multiple of 4 for the deep and the shallow architecture"
            ),
            { Channels: < 1 or > 65_536 } => throw new OptionException("--embedding", Channels, "from 1 to 65536"),
            _ => this,
        };
}
