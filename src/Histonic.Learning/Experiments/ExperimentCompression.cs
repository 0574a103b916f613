using System.Globalization;
using Histonic.Learning.Compression;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Experiments;

/// <summary>How an experiment compresses its slides; the rest is as <see cref="CompressionOptions.For"/> has it.</summary>
public sealed record ExperimentCompression
{
    /// <summary>Gets the least share of tissue under a patch that is kept, 0 to 1.</summary>
    public double MinTissue { get; init; } = 0.5;

    /// <summary>Gets the step between patches in pixels; null for patches side by side.</summary>
    public int? Stride { get; init; }

    /// <summary>Gets whether each patch is also embedded turned and mirrored (8 symmetries).</summary>
    public bool Symmetries { get; init; }

    /// <summary>Gets how embeddings are stored.</summary>
    public FeaturePrecision Precision { get; init; } = FeaturePrecision.Bits16;

    /// <summary>Gets the pixel size of all slides in place of what their files tell; null = as they tell.</summary>
    public Microns? PixelSizeOverride { get; init; }

    /// <summary>Gets whether all pixels of the working size are decoded and float32 is used.</summary>
    public bool Exact { get; init; }

    /// <summary>The options for one encoder.</summary>
    public CompressionOptions For(EncoderInfo encoder, int threads)
    {
        var fitting = CompressionOptions.For(encoder);
        return fitting with
        {
            Tiling = fitting.Tiling with { MinTissue = MinTissue, Stride = Stride ?? fitting.Tiling.Stride },
            Symmetries = Symmetries,
            Precision = Precision,
            PixelSizeOverride = PixelSizeOverride,
            Exact = Exact,
            Threads = threads,
        };
    }

    /// <summary>What decides the content of the grids, beside encoder and slides.</summary>
    internal string Describe() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"min-tissue={MinTissue}; stride={Stride?.ToString(CultureInfo.InvariantCulture) ?? "patch"}; symmetries={(Symmetries ? 8 : 1)}; precision={Precision}; mpp-override={PixelSizeOverride?.Value ?? 0}; exact={Exact}"
        );
}
