using System.Text.Json;
using Histonic.Slides.Tissue;

namespace Histonic.Slides.Grids;

/// <summary>
/// A heat map as objects that QuPath (0.4 and later) imports: every cell a tile with its value as a measurement, which QuPath's measurement maps
/// show, and the hottest parts as annotations. Coordinates are pixels of level 0 from the corner of the slide's bounds, as QuPath counts.
/// </summary>
public static class HeatMapGeoJson
{
    /// <summary>The share of cells below the hottest parts, as in Tellez et al., TPAMI 2021.</summary>
    public const double HotShare = 0.75;

    private static readonly int[] _hot = [220, 50, 32];
    private static readonly int[] _tile = [0, 90, 181];

    /// <summary>Writes a map.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="map">The map.</param>
    /// <param name="what">What its values are, such as "Grad-CAM of high"; names the hottest parts.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, HeatMap map, string what) =>
        AtomicFile.Write(
            path,
            partial =>
            {
                using var file = File.Create(partial);
                using var json = new Utf8JsonWriter(file);
                json.WriteStartObject();
                json.WriteString("type", "FeatureCollection");
                json.WriteStartArray("features");
                WriteHot(json, map, what);
                foreach (var cell in map.Cells)
                    WriteTile(json, map, cell, what);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );

    /// <summary>Pieces of cells at or above the quantile; none where all cells are alike.</summary>
    private static void WriteHot(Utf8JsonWriter json, HeatMap map, string what)
    {
        var threshold = map.Quantile(HotShare);
        if (!(map.Quantile(1) > map.Quantile(0)))
            return;
        var hot = new TissueMask(
            map.Columns,
            map.Rows,
            map.Geometry.StrideLevel0,
            [.. map.Values.Select(value => value >= threshold)],
            "hot"
        );
        foreach (var (number, piece) in MaskOutline.Trace(hot).Index())
        {
            Begin(json, "annotation", $"{what}, hottest quarter {number + 1}", what, _hot);
            json.WriteStartObject("measurements");
            json.WriteNumber("Cells", piece.Area);
            json.WriteNumber("Threshold", threshold);
            json.WriteEndObject();
            json.WriteEndObject();
            WritePolygon(
                json,
                map,
                piece.Rings.Select(ring => ring.Select(point => ((double)point.X, (double)point.Y)))
            );
        }
    }

    private static void WriteTile(Utf8JsonWriter json, HeatMap map, GridCell cell, string what)
    {
        Begin(json, "tile", null, what, _tile);
        json.WriteStartObject("measurements");
        json.WriteNumber("Value", map.At(cell));
        if (map.Spread is { } spread && float.IsFinite(spread[(cell.Row * map.Columns) + cell.Column]))
            json.WriteNumber("Spread", spread[(cell.Row * map.Columns) + cell.Column]);
        json.WriteNumber("Row", cell.Row);
        json.WriteNumber("Column", cell.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        // a patch is the square that was looked at; strides below its side make tiles overlap, so tiles are cells
        var (x, y) = ((double)cell.Column, (double)cell.Row);
        WritePolygon(
            json,
            map,
            [
                [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)],
            ]
        );
    }

    private static void Begin(Utf8JsonWriter json, string type, string? name, string what, int[] colour)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteStartObject("properties");
        json.WriteString("objectType", type);
        if (name is not null)
            json.WriteString("name", name);
        // QuPath refuses a classification that has a name but no colour
        json.WriteStartObject("classification");
        json.WriteString("name", type is "tile" ? "Histonic" : what);
        json.WriteStartArray("color");
        foreach (var primary in colour)
            json.WriteNumberValue(primary);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Ends a feature with a polygon of corners of cells.</summary>
    private static void WritePolygon(
        Utf8JsonWriter json,
        HeatMap map,
        IEnumerable<IEnumerable<(double Column, double Row)>> rings
    )
    {
        var geometry = map.Geometry;
        json.WriteStartObject("geometry");
        json.WriteString("type", "Polygon");
        json.WriteStartArray("coordinates");
        foreach (var ring in rings)
        {
            json.WriteStartArray();
            foreach (var (column, row) in ring)
            {
                json.WriteStartArray();
                json.WriteNumberValue(Place(geometry.OffsetX, column, geometry.Level0Width));
                json.WriteNumberValue(Place(geometry.OffsetY, row, geometry.Level0Height));
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();

        double Place(double offset, double cells, long rim) =>
            Math.Round(Math.Min(offset + (cells * geometry.StrideLevel0), rim), 2);
    }
}
