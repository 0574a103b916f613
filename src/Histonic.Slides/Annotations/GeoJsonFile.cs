using System.Text.Json;

namespace Histonic.Slides.Annotations;

/// <summary>
/// GeoJSON as QuPath exports it: features with a classification in their properties and a geometry in pixels of level 0. The file is a
/// FeatureCollection, an array of features, or one feature.
/// </summary>
internal static class GeoJsonFile
{
    public static SlideAnnotations Read(string path, Stream file, string? unclassified = null)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            var leftOut = new LeftOut();
            var all = new List<Annotation>();
            foreach (var feature in Features(path, document.RootElement))
            {
                var name = ClassOf(feature) is { Length: > 0 } told ? told : unclassified;
                if (name is null)
                {
                    leftOut.Add("without a classification");
                    continue;
                }

                var polygons = new List<Polygon>();
                var points = new List<SlidePoint>();
                if (feature.TryGetProperty("geometry", out var geometry) && geometry.ValueKind == JsonValueKind.Object)
                    AddGeometry(geometry, polygons, points, leftOut);
                else
                    leftOut.Add("without a geometry");
                if (polygons.Count + points.Count > 0)
                    all.Add(new Annotation(name, polygons, points));
            }

            return new SlideAnnotations(path, all, leftOut.Words);
        }
        catch (JsonException error)
        {
            throw new InputException(
                error.LineNumber is { } line ? $"{path}, line {line + 1}" : path,
                "is not JSON",
                "Export it again as GeoJSON",
                error
            );
        }
        catch (Exception error)
            when (error
                    is InvalidOperationException
                        or FormatException
                        or KeyNotFoundException
                        or IndexOutOfRangeException
            )
        {
            throw new InputException(
                path,
                $"has a feature whose form is not GeoJSON's ({error.Message.TrimEnd('.')})",
                "Export it again as GeoJSON",
                error
            );
        }
    }

    private static IEnumerable<JsonElement> Features(string path, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return root.EnumerateArray();
        var type =
            root.ValueKind == JsonValueKind.Object && root.TryGetProperty("type", out var told) ? told.ToString() : "";
        return type switch
        {
            "FeatureCollection" => root.GetProperty("features").EnumerateArray(),
            "Feature" => [root],
            _ => throw new InputException(
                path,
                "holds no features",
                "Export the annotations as GeoJSON, as a FeatureCollection"
            ),
        };
    }

    // QuPath: {"name": "Tumor"}; from 0.4 on also {"names": ["Tumor", "Positive"]}; other programs a plain string
    private static string? ClassOf(JsonElement feature)
    {
        if (
            !feature.TryGetProperty("properties", out var properties)
            || properties.ValueKind != JsonValueKind.Object
            || !properties.TryGetProperty("classification", out var classification)
        )
            return null;
        if (classification.ValueKind == JsonValueKind.String)
            return classification.GetString()!.Trim();
        if (classification.ValueKind != JsonValueKind.Object)
            return null;
        if (classification.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
            return name.GetString()!.Trim();
        return classification.TryGetProperty("names", out var names) && names.ValueKind == JsonValueKind.Array
            ? string.Join(": ", names.EnumerateArray().Select(one => one.GetString()!.Trim()))
            : null;
    }

    private static void AddGeometry(
        JsonElement geometry,
        List<Polygon> polygons,
        List<SlidePoint> points,
        LeftOut leftOut
    )
    {
        var type = geometry.GetProperty("type").GetString();
        switch (type)
        {
            case "Polygon":
                AddPolygon(geometry.GetProperty("coordinates"), polygons, leftOut);
                break;
            case "MultiPolygon":
                foreach (var polygon in geometry.GetProperty("coordinates").EnumerateArray())
                    AddPolygon(polygon, polygons, leftOut);
                break;
            case "Point":
                points.Add(Point(geometry.GetProperty("coordinates")));
                break;
            case "MultiPoint":
                points.AddRange(geometry.GetProperty("coordinates").EnumerateArray().Select(Point));
                break;
            case "GeometryCollection":
                foreach (var part in geometry.GetProperty("geometries").EnumerateArray())
                    AddGeometry(part, polygons, points, leftOut);
                break;
            default:
                leftOut.Add($"of type {type}");
                break;
        }
    }

    private static void AddPolygon(JsonElement rings, List<Polygon> polygons, LeftOut leftOut)
    {
        List<List<SlidePoint>> all =
        [
            .. rings.EnumerateArray().Select(ring => ring.EnumerateArray().Select(Point).ToList()),
        ];
        if (all.Count > 0 && all.TrueForAll(ring => ring.Count > 2))
            polygons.Add(new Polygon(all));
        else
            leftOut.Add("of fewer than 3 points");
    }

    private static SlidePoint Point(JsonElement place) => new(place[0].GetDouble(), place[1].GetDouble());
}
