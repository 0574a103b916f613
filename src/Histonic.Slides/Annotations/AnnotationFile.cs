namespace Histonic.Slides.Annotations;

/// <summary>Annotations as files: ASAP's XML and QuPath's GeoJSON.</summary>
public static class AnnotationFile
{
    /// <summary>The extensions of annotation files.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".xml", ".geojson", ".json"];

    /// <summary>Reads annotations; the extension tells the format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="unclassified">The class of GeoJSON features that have none, such as the tissue of TRIDENT; null = they are left out.</param>
    /// <exception cref="InputException">It is missing, of another format, or not well formed; the message names the line where there is one.</exception>
    public static SlideAnnotations Read(string path, string? unclassified = null)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".XML" => AsapFile.Read(path, file),
                ".GEOJSON" or ".JSON" => GeoJsonFile.Read(path, file, unclassified),
                _ => throw new InputException(
                    path,
                    "is no annotation file that is known",
                    "Give ASAP's .xml or a .geojson as QuPath exports it"
                ),
            };
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", "Check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check your rights to it", error);
        }
    }

    /// <summary>The annotation file of a slide: NAME.xml, NAME.geojson or NAME.json; null when there is none.</summary>
    /// <param name="folder">Where annotation files lie.</param>
    /// <param name="slide">The slide's name, without extension.</param>
    /// <exception cref="InputException">There is more than one.</exception>
    public static string? Of(string folder, string slide)
    {
        var found = Extensions.Select(extension => Path.Combine(folder, slide + extension)).Where(File.Exists).ToList();
        return found.Count <= 1
            ? found.FirstOrDefault()
            : throw new InputException(
                found[1],
                $"is beside {Path.GetFileName(found[0])}, annotations of the same slide",
                "Keep one of them"
            );
    }
}
