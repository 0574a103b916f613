using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Learning.Compression;

/// <summary>How slides are compressed.</summary>
public sealed record CompressionOptions
{
    /// <summary>Gets how a slide is cut into patches.</summary>
    public required TilingOptions Tiling { get; init; }

    /// <summary>Gets how tissue is found.</summary>
    public TissueOptions Tissue { get; init; } = new();

    /// <summary>Gets whether each patch is also embedded under the other 7 symmetries of the square (the papers do; takes 8 times as long).</summary>
    public bool Symmetries { get; init; }

    /// <summary>Gets how embeddings are stored. The default is half precision.</summary>
    public FeaturePrecision Precision { get; init; } = FeaturePrecision.Bits16;

    /// <summary>Gets the pixel size of all slides, in place of what their files tell; a slide list's goes before it.</summary>
    public Microns? PixelSizeOverride { get; init; }

    /// <summary>Gets whether patches may have another pixel size than the encoder was trained at.</summary>
    public bool AllowOtherPixelSize { get; init; }

    /// <summary>Gets whether embeddings are made from all pixels of the working size in float32, whatever is cheaper.</summary>
    /// <remarks>Else cheaper pixels are used on slides where a sample's embeddings stay what they are: mean cosine at least 0.999.</remarks>
    public bool Exact { get; init; }

    /// <summary>Gets what becomes of patches whose pixels are damaged. The default fails the slide.</summary>
    public DamagePolicy OnDamage { get; init; }

    /// <summary>Gets how many threads decode and encode; an encoder of one thread fits them best.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets the number of patches that a thread encodes at once.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The options that fit an encoder: its pixel size and patch size, patches side by side.</summary>
    public static CompressionOptions For(EncoderInfo encoder) =>
        new()
        {
            Tiling = new TilingOptions
            {
                PixelSize = encoder.PixelSize,
                PatchSize = encoder.PatchSize,
                Stride = encoder.PatchSize,
            },
        };

    /// <summary>Gets how patches are fed under these options.</summary>
    internal PatchFeedOptions Feed =>
        new()
        {
            BatchSize = BatchSize,
            Threads = Threads,
            OnDamage = OnDamage,
        };

    /// <summary>Returns these options if every one of them can work, and with this encoder.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public CompressionOptions ValidatedFor(EncoderInfo encoder)
    {
        Tiling.Validated();
        Tissue.Validated();
        if (BatchSize is not (>= 1 and <= 4096))
            throw new OptionException("--batch", BatchSize, "from 1 to 4096");
        if (Threads is not (>= 1 and <= 1024))
            throw new OptionException("--threads", Threads, "from 1 to 1024");
        if (PixelSizeOverride is { Value: not (>= 0.05 and <= 100) })
            throw new OptionException("--mpp-override", PixelSizeOverride, "from 0.05 to 100 µm");
        if (Tiling.PatchSize != encoder.PatchSize)
        {
            throw new OptionException(
                "--patch",
                Tiling.PatchSize,
                $"{encoder.PatchSize}, which the encoder {encoder.Name} takes"
            );
        }

        var ratio = Tiling.PixelSize.Value / encoder.PixelSize.Value;
        if (!AllowOtherPixelSize && Math.Abs(ratio - 1) > GridGeometry.Tolerance)
        {
            throw new OptionException(
                "--mpp",
                Tiling.PixelSize,
                $"{encoder.PixelSize}, at which the encoder {encoder.Name} was trained (--allow-other-mpp takes it nevertheless)"
            );
        }

        return this;
    }

    /// <summary>What decides the content of a slide's file, as it is recorded there.</summary>
    /// <param name="slide">The slide's name.</param>
    /// <param name="pixelSize">The slide's pixel size, when it was given.</param>
    /// <exception cref="InputException">The slide's given mask is missing or cannot be read.</exception>
    internal string Describe(string slide, Microns? pixelSize) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"mpp={Tiling.PixelSize.Value}; patch={Tiling.PatchSize}; stride={Tiling.Stride}; min-tissue={Tiling.MinTissue}; "
                + $"symmetries={(Symmetries ? 8 : 1)}; precision={(Precision == FeaturePrecision.Bits16 ? "float16" : "float32")}; "
                + $"mpp-override={(pixelSize is { } given ? given.Value : "none")}; "
                + $"path={(Exact ? "exact" : "auto")}; on-bad-tile={(OnDamage == DamagePolicy.Fail ? "fail" : "blank")}; "
                + $"tissue={Tissue.Describe(slide)}"
        );
}
