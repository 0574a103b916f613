using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Histonic.Slides.Annotations;

/// <summary>
/// ASAP's XML: Annotation elements with a Type, the PartOfGroup that is their class, and Coordinates with Order, X and Y in pixels of level 0.
/// A spline is taken as the polygon through its points.
/// </summary>
internal static class AsapFile
{
    public static SlideAnnotations Read(string path, Stream file)
    {
        XDocument document;
        try
        {
            document = XDocument.Load(file, LoadOptions.SetLineInfo);
        }
        catch (XmlException error)
        {
            throw new InputException(
                $"{path}, line {error.LineNumber}",
                $"is not XML ({error.Message.TrimEnd('.')})",
                "Save it again with ASAP",
                error
            );
        }

        if (document.Root?.Name.LocalName is not "ASAP_Annotations")
        {
            throw new InputException(
                path,
                $"has the root {document.Root?.Name.LocalName}, not ASAP_Annotations",
                "Give ASAP's XML, or a .geojson as QuPath exports it"
            );
        }

        var leftOut = new LeftOut();
        var all = new List<Annotation>();
        foreach (var element in document.Descendants("Annotation"))
        {
            var group = element.Attribute("PartOfGroup")?.Value.Trim() ?? "";
            var type = element.Attribute("Type")?.Value.Trim() ?? "";
            var points = Points(path, element);
            if (group.Length == 0)
                leftOut.Add("without a group");
            else if (type is "Dot" or "PointSet")
                all.Add(new Annotation(group, [], points));
            else if (type is not ("Polygon" or "Spline" or "Rectangle"))
                leftOut.Add($"of type {type}");
            else if (Outline(type, points) is { Count: > 2 } outline)
                all.Add(new Annotation(group, [new Polygon([outline])], []));
            else
                leftOut.Add("of fewer than 3 points");
        }

        return new SlideAnnotations(path, all, leftOut.Words) { CountFromPlane = true };
    }

    private static List<SlidePoint> Outline(string type, List<SlidePoint> points) =>
        type is "Rectangle" && points is [var (left, top), var (right, bottom)]
            ? [new(left, top), new(right, top), new(right, bottom), new(left, bottom)]
            : points;

    private static List<SlidePoint> Points(string path, XElement annotation) =>
        [
            .. annotation
                .Descendants("Coordinate")
                .Select((element, i) => (Order: Number(path, element, "Order", i), element))
                .OrderBy(one => one.Order)
                .Select(one => new SlidePoint(
                    Number(path, one.element, "X", null),
                    Number(path, one.element, "Y", null)
                )),
        ];

    private static double Number(string path, XElement element, string name, double? missing)
    {
        if (element.Attribute(name)?.Value is not { } text)
            return missing ?? throw Fault("lacks", "");
        // ASAP under some locales writes decimal commas
        return
            double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : throw Fault("has no number in", $": \"{text}\"");

        InputException Fault(string verb, string rest) =>
            new(
                $"{path}, line {((IXmlLineInfo)element).LineNumber}",
                $"a coordinate {verb} {name}{rest}",
                "Save it again with ASAP"
            );
    }
}
