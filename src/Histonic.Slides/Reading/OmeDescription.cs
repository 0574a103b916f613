using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Histonic.Slides.Reading;

/// <summary>What the OME-XML of a file tells of its first image, which is the slide; label and macro follow it.</summary>
/// <remarks>Schema: www.openmicroscopy.org/Schemas/OME/2016-06; the order of planes as in the OME-TIFF specification.</remarks>
internal sealed record OmeDescription
{
    /// <summary>Gets the width of a pixel in µm; null where it is not told, or in a unit that is no length.</summary>
    public double? PixelWidth { get; private init; }

    /// <summary>Gets the height of a pixel in µm; null as above.</summary>
    public double? PixelHeight { get; private init; }

    /// <summary>Gets the objective's magnification.</summary>
    public double? Objective { get; private init; }

    /// <summary>Gets the number of channels; 3 for RGB, stored together or apart.</summary>
    public int Channels { get; private init; } = 1;

    /// <summary>Gets the page of each channel at the first focus and time, where channels are pages of their own.</summary>
    public IReadOnlyList<int> Pages { get; private init; } = [];

    /// <summary>Gets whether planes lie in other files.</summary>
    public bool IsSpread { get; private init; }

    /// <summary>Reads a TIFF's description.</summary>
    /// <returns>Null where it is no OME-XML: the slide itself may be fine.</returns>
    public static OmeDescription? Of(string description)
    {
        if (!description.Contains("<OME", StringComparison.Ordinal))
            return null;
        try
        {
            using var xml = XmlReader.Create(
                new StringReader(description),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null }
            );
            var root = XElement.Load(xml);
            XElement? First(XContainer under, string name) => under.Descendants().FirstOrDefault(one => Is(one, name));
            var objective = Number(First(root, "Objective")?.Attribute("NominalMagnification")?.Value);
            if (First(root, "Pixels") is not { } pixels)
                return new OmeDescription { Objective = objective };
            string? Text(string name) => pixels.Attribute(name)?.Value;
            var parts = pixels.Elements().Where(one => Is(one, "TiffData")).ToList();
            var channels = Whole(Text("SizeC"), 1);
            return new OmeDescription
            {
                Objective = objective,
                PixelWidth = Length(Text("PhysicalSizeX"), Text("PhysicalSizeXUnit")),
                PixelHeight = Length(Text("PhysicalSizeY"), Text("PhysicalSizeYUnit")),
                Channels = channels,
                Pages = PagesOf(
                    parts,
                    Text("DimensionOrder") ?? "XYCZT",
                    channels,
                    Whole(Text("SizeZ"), 1),
                    Whole(Text("SizeT"), 1)
                ),
                IsSpread =
                    parts
                        .Select(part => First(part, "UUID")?.Attribute("FileName")?.Value)
                        .Where(file => file is not null)
                        .Distinct(StringComparer.Ordinal)
                        .Count() > 1,
            };
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The pages of the channels, as the TiffData elements (or, without any, the order of dimensions) give them.</summary>
    private static int[] PagesOf(List<XElement> parts, string order, int channels, int depths, int times)
    {
        if (channels is < 1 or > 64 || depths < 1 || times < 1 || order.Length != 5)
            return [];
        var pages = new int[channels];
        Array.Fill(pages, -1);
        // how many planes further the next channel is
        var step = 1;
        foreach (var dimension in order[2..].TakeWhile(dimension => dimension != 'C'))
            step *= dimension == 'Z' ? depths : times;
        if (parts.Count == 0)
            return [.. Enumerable.Range(0, channels).Select(channel => channel * step)];
        foreach (var part in parts)
        {
            int Value(string name, int missing) => Whole(part.Attribute(name)?.Value, missing);
            if (Value("FirstZ", 0) != 0 || Value("FirstT", 0) != 0)
                continue;
            var (first, page) = (Value("FirstC", 0), Value("IFD", 0));
            var count = Value("PlaneCount", part.Attribute("IFD") is null ? channels * depths * times : 1);
            for (var channel = Math.Max(first, 0); channel < channels && (channel - first) * step < count; channel++)
                pages[channel] = page + ((channel - first) * step);
        }

        return pages;
    }

    private static bool Is(XElement element, string name) =>
        string.Equals(element.Name.LocalName, name, StringComparison.Ordinal);

    private static int Whole(string? text, int missing) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : missing;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

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
}
