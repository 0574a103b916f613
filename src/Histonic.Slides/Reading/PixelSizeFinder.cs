using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace Histonic.Slides.Reading;

/// <summary>Finds the pixel size that a file tells, and refuses what cannot be one.</summary>
internal static partial class PixelSizeFinder
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

    /// <summary>The pixel size of a TIFF's finest level.</summary>
    public static PixelSize? Of(TiffDirectory level) => Aperio(level) ?? Ome(level) ?? Resolution(level);

    /// <summary>The magnification of the objective, when Aperio's or OME's description tells.</summary>
    public static double? ObjectiveOf(TiffDirectory level)
    {
        var text =
            AperioField(level.Description, "AppMag")
            ?? (
                OmeObjective().Match(level.Description) is { Success: true } match ? match.Groups["value"].Value : null
            );
        return Number(text) is > 0 and < 1000 and var value ? value : null;
    }

    /// <summary>The pixel size a PNG's pHYs chunk tells.</summary>
    /// <param name="path">A PNG file.</param>
    public static PixelSize? OfPng(string path)
    {
        using var file = File.OpenRead(path);
        file.Position = 8;
        Span<byte> chunk = stackalloc byte[17];
        while (file.ReadAtLeast(chunk, 8, throwOnEndOfStream: false) is >= 8 and var read)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var kind = chunk[4..8];
            if (kind.SequenceEqual("IDAT"u8) || kind.SequenceEqual("IEND"u8))
                return null;
            if (kind.SequenceEqual("pHYs"u8) && length == 9 && read == chunk.Length)
            {
                double across = BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]),
                    down = BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]);
                return chunk[16] == 1 && !IsCommon(across * 0.0254)
                    ? Believed(1e6 / across, 1e6 / down, "png-phys")
                    : null;
            }

            file.Position += length + 12 - read;
        }

        return null;
    }

    private static PixelSize? Aperio(TiffDirectory level) =>
        Number(AperioField(level.Description, "MPP")) is { } value ? Believed(value, value, "aperio") : null;

    private static string? AperioField(string description, string field) =>
        description.StartsWith("Aperio", StringComparison.Ordinal)
            ? description
                .Split('|')
                .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
                .Where(pair => pair.Length == 2 && string.Equals(pair[0], field, StringComparison.OrdinalIgnoreCase))
                .Select(pair => pair[1])
                .FirstOrDefault()
            : null;

    private static PixelSize? Ome(TiffDirectory level)
    {
        if (!level.Description.Contains("<OME", StringComparison.Ordinal))
            return null;
        try
        {
            using var xml = XmlReader.Create(
                new StringReader(level.Description),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null }
            );
            while (xml.Read())
            {
                // The first image is the slide; label and macro follow it.
                if (xml is not { NodeType: XmlNodeType.Element, LocalName: "Pixels" })
                    continue;
                var across = Length(xml.GetAttribute("PhysicalSizeX"), xml.GetAttribute("PhysicalSizeXUnit"));
                var down = Length(xml.GetAttribute("PhysicalSizeY"), xml.GetAttribute("PhysicalSizeYUnit"));
                return across is { } size ? Believed(size, down ?? size, "ome-xml") : null;
            }
        }
        catch (XmlException)
        {
            // A description that is no XML tells no pixel size; the slide itself is fine.
        }

        return null;
    }

    private static double? Length(string? value, string? unit) =>
        Number(value)
        * unit switch
        {
            null or "µm" or "μm" or "um" or "micron" or "microns" => 1,
            "nm" => 1e-3,
            "pm" => 1e-6,
            "Å" => 1e-4,
            "mm" => 1e3,
            "cm" => 1e4,
            "m" => 1e6,
            "in" => 25400,
            _ => (double?)null,
        };

    private static PixelSize? Resolution(TiffDirectory level)
    {
        if (level.ResolutionX is not { } across || level.ResolutionUnit is not (2 or 3))
            return null;
        var inch = level.ResolutionUnit == 2;
        if (IsCommon(inch ? across : across * 2.54))
            return null;
        var unit = inch ? 25400 : 10000;
        return Believed(unit / across, unit / (level.ResolutionY ?? across), "tiff-resolution");
    }

    private static bool IsCommon(double dotsPerInch) =>
        Array.Exists(_commonDotsPerInch, common => Math.Abs(dotsPerInch - common) <= common * 1e-3);

    private static PixelSize? Believed(double across, double down, string source) =>
        across >= Finest.Value && across <= Coarsest.Value && Math.Abs((down / across) - 1) <= MaxStretch
            ? new PixelSize(new Microns(across), source)
            : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

    [GeneratedRegex(
        "NominalMagnification=\"(?<value>[0-9.]+)\"",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OmeObjective();
}
