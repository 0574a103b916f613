using System.Text.Json;

namespace Histonic.Slides.Annotations;

/// <summary>GeoJSON that QuPath (0.4 and later) imports; <see cref="GeoJsonFile"/> reads what it exports.</summary>
internal static class QuPathFile
{
    /// <summary>Writes objects one by one; none but the one that is written need be in memory.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="objects">The objects.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<QuPathObject> objects) =>
        AtomicFile.Write(
            path,
            partial =>
            {
                using var file = File.Create(partial);
                using var json = new Utf8JsonWriter(file);
                json.WriteStartObject();
                json.WriteString("type", "FeatureCollection");
                json.WriteStartArray("features");
                foreach (var one in objects)
                    Write(json, one);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );

    private static void Write(Utf8JsonWriter json, QuPathObject one)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteStartObject("geometry");
        json.WriteString("type", "Polygon");
        json.WriteStartArray("coordinates");
        foreach (var ring in one.Rings)
        {
            json.WriteStartArray();
            foreach (var (x, y) in ring)
            {
                json.WriteStartArray();
                json.WriteNumberValue(Math.Round(x, 2));
                json.WriteNumberValue(Math.Round(y, 2));
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("objectType", one.Type);
        if (one.Name is not null)
            json.WriteString("name", one.Name);
        // QuPath refuses a classification that has a name but no colour
        json.WriteStartObject("classification");
        json.WriteString("name", one.Class);
        json.WriteStartArray("color");
        foreach (var primary in one.Colour)
            json.WriteNumberValue(primary);
        json.WriteEndArray();
        json.WriteEndObject();
        if (one.Measurements is not null)
        {
            json.WritePropertyName("measurements");
            one.Measurements.WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
