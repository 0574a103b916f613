using System.Buffers.Binary;
using System.Globalization;

namespace Histonic.Slides.Reading;

/// <summary>Finds the pixel size that a file tells, and refuses what cannot be one.</summary>
internal static class PixelSizeFinder
{
    /// <summary>The smallest pixel that is believed.</summary>
    public static readonly Microns Finest = new(0.05);

    /// <summary>The largest pixel that is believed.</summary>
    public static readonly Microns Coarsest = new(100);

    /// <summary>How far the two sides of a pixel may differ before the file is not believed.</summary>
    private const double MaxStretch = 0.02;

    /// <summary>Resolutions that programs write when they know none, in dots per inch: they tell nothing of a slide.</summary>
    private static readonly double[] _commonDotsPerInch =
    [
        1,
        72,
        75,
        90,
        96,
        100,
        120,
        144,
        150,
        200,
        240,
        300,
        360,
        400,
        600,
        1200,
    ];

    /// <summary>The pixel size of a TIFF's finest level: Aperio's field, else OME's, else the resolution.</summary>
    public static PixelSizeFinding Of(TiffDirectory level) =>
        PixelSizeFinding.First(Aperio(level), Ome(level), Resolution(level));

    /// <summary>The pixel size that OpenSlide found, whatever the format.</summary>
    /// <param name="property">Gives a property of OpenSlide; null where there is none of a name.</param>
    public static PixelSizeFinding OfOpenSlide(Func<string, string?> property) =>
        property("openslide.mpp-x") is { } across
            ? Of(across, property("openslide.mpp-y") ?? across, "openslide")
            : default;

    /// <summary>The magnification of the objective, when Aperio's or OME's description tells.</summary>
    public static double? ObjectiveOf(TiffDirectory level) =>
        (Number(AperioField(level.Description, "AppMag")) ?? OmeDescription.Of(level.Description)?.Objective)
            is > 0
                and < 1000
                and var value
            ? value
            : null;

    /// <summary>The pixel size a PNG's pHYs chunk tells.</summary>
    /// <param name="path">A PNG file.</param>
    public static PixelSizeFinding OfPng(string path)
    {
        using var file = File.OpenRead(path);
        file.Position = 8;
        Span<byte> chunk = stackalloc byte[17];
        while (file.ReadAtLeast(chunk, 8, throwOnEndOfStream: false) is >= 8 and var read)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var kind = chunk[4..8];
            if (kind.SequenceEqual("IDAT"u8) || kind.SequenceEqual("IEND"u8))
                return default;
            if (kind.SequenceEqual("pHYs"u8) && length == 9 && read == chunk.Length)
            {
                double across = BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]),
                    down = BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]);
                return chunk[16] == 1 && !IsCommon(across * 0.0254)
                    ? Believed(1e6 / across, 1e6 / down, "png-phys")
                    : default;
            }

            file.Position += length + 12 - read;
        }

        return default;
    }

    private static PixelSizeFinding Aperio(TiffDirectory level) =>
        AperioField(level.Description, "MPP") is { } value ? Of(value, value, "aperio") : default;

    private static string? AperioField(string description, string field) =>
        description.StartsWith("Aperio", StringComparison.Ordinal)
            ? description
                .Split('|')
                .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
                .Where(pair => pair.Length == 2 && string.Equals(pair[0], field, StringComparison.OrdinalIgnoreCase))
                .Select(pair => pair[1])
                .FirstOrDefault()
            : null;

    private static PixelSizeFinding Ome(TiffDirectory level) =>
        OmeDescription.Of(level.Description) is { PixelWidth: { } across } ome
            ? Believed(across, ome.PixelHeight ?? across, "ome-xml")
            : default;

    private static PixelSizeFinding Resolution(TiffDirectory level)
    {
        if (level.ResolutionX is not > 0 || level.ResolutionUnit is not (2 or 3))
            return default;
        var across = level.ResolutionX.Value;
        var inch = level.ResolutionUnit == 2;
        if (IsCommon(inch ? across : across * 2.54))
            return default;
        var unit = inch ? 25400 : 10000;
        return Believed(unit / across, unit / (level.ResolutionY ?? across), "tiff-resolution");
    }

    private static bool IsCommon(double dotsPerInch) =>
        Array.Exists(_commonDotsPerInch, common => Math.Abs(dotsPerInch - common) <= common * 1e-3);

    private static PixelSizeFinding Of(string across, string down, string source) =>
        Number(across) is { } width && Number(down) is { } height
            ? Believed(width, height, source)
            : new PixelSizeFinding(null, $"says '{across}' ({source}), which is no number");

    private static PixelSizeFinding Believed(double across, double down, string source)
    {
        var culture = CultureInfo.InvariantCulture;
        if (!(across >= Finest.Value && across <= Coarsest.Value))
            return new PixelSizeFinding(
                null,
                string.Create(
                    culture,
                    $"says {across:0.######} µm ({source}), which is not within {Finest.Value} to {Coarsest}"
                )
            );
        return Math.Abs((down / across) - 1) <= MaxStretch
            ? new PixelSize(new Microns(across), source)
            : new PixelSizeFinding(
                null,
                string.Create(culture, $"says {across:0.####} × {down:0.####} µm ({source}), which is not square")
            );
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;
}
