using System.Text.Json;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tissue;

/// <summary>Tissue masks as files that viewers open.</summary>
public static class TissueFiles
{
    private static readonly int[] _colour = [46, 160, 67];

    /// <summary>Writes a mask as a grey PNG: 255 tissue, 0 glass, one pixel a mask pixel.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="mask">The mask.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WritePng(string path, TissueMask mask) =>
        PictureFile.WriteGreyPng(
            path,
            mask.Width,
            mask.Height,
            [.. mask.Pixels.Select(tissue => tissue ? byte.MaxValue : byte.MinValue)]
        );

    /// <summary>Writes the pieces of tissue as GeoJSON annotations that QuPath imports: polygons in level-0 pixels.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="slide">Its slide: polygons end at its rim, and areas are in its µm when it tells its pixel size.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteGeoJson(string path, TissueMask mask, ISlide slide)
    {
        var level0 = slide.Levels[0];
        AtomicFile.Write(
            path,
            partial =>
            {
                using var file = File.Create(partial);
                using var json = new Utf8JsonWriter(file);
                json.WriteStartObject();
                json.WriteString("type", "FeatureCollection");
                json.WriteStartArray("features");
                var number = 0;
                foreach (var piece in MaskOutline.Trace(mask))
                    WriteFeature(json, piece, ++number, mask.Downsample, slide, (level0.Width, level0.Height));
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );
    }

    private static void WriteFeature(
        Utf8JsonWriter json,
        MaskOutline piece,
        int number,
        double downsample,
        ISlide slide,
        (int Width, int Height) rim
    )
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteStartObject("geometry");
        json.WriteString("type", "Polygon");
        json.WriteStartArray("coordinates");
        foreach (var ring in piece.Rings)
        {
            json.WriteStartArray();
            foreach (var (x, y) in ring)
            {
                json.WriteStartArray();
                json.WriteNumberValue(Math.Round(Math.Min(x * downsample, rim.Width), 2));
                json.WriteNumberValue(Math.Round(Math.Min(y * downsample, rim.Height), 2));
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("objectType", "annotation");
        json.WriteString("name", $"Tissue {number}");
        // QuPath refuses a classification that has a name but no colour.
        json.WriteStartObject("classification");
        json.WriteString("name", "Tissue");
        json.WriteStartArray("color");
        foreach (var primary in _colour)
            json.WriteNumberValue(primary);
        json.WriteEndArray();
        json.WriteEndObject();
        if (slide.PixelSize is { } size)
        {
            json.WriteStartObject("measurements");
            json.WriteNumber("Area µm^2", Math.Round(piece.Area * Math.Pow(downsample * size.Value.Value, 2)));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
