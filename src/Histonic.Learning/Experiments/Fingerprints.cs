using System.IO.Hashing;
using System.Text;
using Histonic.Learning.Compression;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Experiments;

/// <summary>Tells inputs of an experiment from others, whatever they are called and wherever they lie.</summary>
internal static class Fingerprints
{
    /// <summary>A hash of a text, short enough for the name of a folder: 20 hexadecimals of its XXH128.</summary>
    public static string Of(string text) =>
        Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(text)))[..20];

    /// <summary>A task's patches: the names within the folder, lengths, and first and last 64 kB of all its files.</summary>
    /// <exception cref="InputException">They cannot be read.</exception>
    public static string Of(TaskSource task)
    {
        var places = new[] { task.Location, task.Annotations }.OfType<string>().SelectMany(Lines).ToList();
        if (Path.GetExtension(task.Location).ToUpperInvariant() is ".CSV")
            places.AddRange(Listed(task.Location));
        return Of(string.Join('\n', places));
    }

    /// <summary>Slides: their names, given pixel sizes, lengths, and first and last 64 kB.</summary>
    /// <exception cref="InputException">One is missing or cannot be read.</exception>
    public static string Of(IReadOnlyList<SlideSource> slides) =>
        Of(
            string.Join(
                '\n',
                slides.Select(slide =>
                    FormattableString.Invariant(
                        $"{SlideName.Of(slide.Path)} {slide.PixelSize?.Value ?? 0} {FileOrAbsent(slide.Path)}"
                    )
                )
            )
        );

    /// <summary>A folder's compressed slides.</summary>
    /// <exception cref="InputException">One cannot be read.</exception>
    public static string OfGrids(FeatureFolder features) =>
        Of(
            string.Join(
                '\n',
                features
                    .Slides.Select(features.PathOf)
                    .Order(StringComparer.Ordinal)
                    .Select(file => $"{Path.GetFileName(file)} {SlideFingerprint.Of(file)}")
            )
        );

    /// <summary>A table of folds or splits, or a folder of them.</summary>
    /// <exception cref="InputException">It is missing or cannot be read.</exception>
    public static string OfFolds(string place) => Of(string.Join('\n', Lines(place)));

    /// <summary>What the labels say of one target.</summary>
    public static string Of(IEnumerable<Truth> truths) =>
        Of(
            string.Join(
                '\n',
                truths
                    .Where(truth => truth.IsKnown)
                    .OrderBy(truth => truth.Slide, StringComparer.Ordinal)
                    .Select(truth =>
                        FormattableString.Invariant(
                            $"{truth.Slide}\t{truth.Patient}\t{truth.Label}\t{truth.Value}\t{truth.Time}\t{truth.Event}"
                        )
                    )
            )
        );

    // a slide that is not there fails alone, when it is compressed
    private static string FileOrAbsent(string path) => File.Exists(path) ? SlideFingerprint.Of(path) : "absent";

    private static IEnumerable<string> Lines(string place)
    {
        if (!Directory.Exists(place))
            return [SlideFingerprint.Of(place)];
        return VisibleEntries
            .Files(place, nested: true)
            .Select(file => Path.GetRelativePath(place, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {SlideFingerprint.Of(Path.Combine(place, file))}");
    }

    private static IEnumerable<string> Listed(string list)
    {
        var table = CsvTable.Read(list);
        var (column, folder) = (table.Require("file"), Path.GetDirectoryName(Path.GetFullPath(list))!);
        return table
            .Rows.Select(row => row.Fields[column])
            .Distinct(StringComparer.Ordinal)
            .Select(file => $"{file} {FileOrAbsent(Path.Combine(folder, file))}");
    }
}
