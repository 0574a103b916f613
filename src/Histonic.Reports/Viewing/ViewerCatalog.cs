using System.Security.Cryptography;
using System.Text;
using Histonic.Reports.Evaluation;
using Histonic.Reports.Pages;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;

namespace Histonic.Reports.Viewing;

/// <summary>What a folder holds that can be shown: slides, their embeddings and heat maps, and runs.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Slides">The slides, in order of name.</param>
/// <param name="Runs">The runs, in order of name.</param>
/// <param name="Labels">The tables of labels, in order of name.</param>
/// <param name="Notes">What was left out, each a sentence.</param>
public sealed record ViewerCatalog(
    ServedFolder Folder,
    IReadOnlyList<ViewedSlide> Slides,
    IReadOnlyList<ViewedRun> Runs,
    IReadOnlyList<ViewedLabels> Labels,
    IReadOnlyList<string> Notes
)
{
    private const string LabelsName = "labels.csv";

    private static readonly HashSet<string> _pictures = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png",
        ".jpg",
        ".jpeg",
    };
    private static readonly string[] _mapColumns = ["row", "column", "value"];

    private readonly Dictionary<string, ViewedSlide> _slides = Slides.ToDictionary(
        slide => slide.Id,
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, ViewedSlide> _byName = Slides.ToDictionary(
        slide => slide.Name,
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, ViewedRun> _runs = Runs.ToDictionary(run => run.Id, StringComparer.Ordinal);

    /// <summary>Gets a slide by what its addresses call it; null when there is none.</summary>
    public ViewedSlide? Slide(string id) => _slides.GetValueOrDefault(id);

    /// <summary>Gets a slide by its name; null when there is none.</summary>
    public ViewedSlide? Named(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Gets a run by what its addresses call it; null when there is none.</summary>
    public ViewedRun? Run(string id) => _runs.GetValueOrDefault(id);

    /// <summary>Looks through a folder: file names, the first lines of its tables, and the predictions of its runs.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="followLinks">Whether links that lead out of it are followed.</param>
    /// <exception cref="InputException">The folder does not exist, or holds nothing that can be shown.</exception>
    public static ViewerCatalog Of(string folder, bool followLinks = false)
    {
        var served = new ServedFolder(folder, followLinks);
        var files = served.Files();
        List<string> notes = [];
        if (served.LinksRefused > 0)
            notes.Add(
                followLinks
                    ? $"{served.LinksRefused} links lead nowhere."
                    : $"{served.LinksRefused} links that lead out of the folder (or nowhere) are not followed; with --follow-links they are."
            );
        var runs = files
            .Where(file => string.Equals(Path.GetFileName(file), RunReport.PredictionsName, StringComparison.Ordinal))
            .SelectMany(file => RunsAt(served, file))
            .ToArray();
        var labels = files
            .Where(file => string.Equals(Path.GetFileName(file), LabelsName, StringComparison.OrdinalIgnoreCase))
            .Select(file => LabelsAt(served, file, notes))
            .OfType<ViewedLabels>()
            .ToArray();
        var features = ByName(files.Where(file => HasExtension(file, ".h5")), served);
        var maps = ByName(files.Where(file => HasExtension(file, ".csv") && IsMap(file)), served);
        HashSet<string> known =
        [
            .. features.Keys,
            .. runs.SelectMany(run => run.Predictions?.Rows ?? []).Select(row => row.Slide),
        ];
        // explain writes SLIDE.tiff and SLIDE.png beside its SLIDE.csv
        bool IsOfMap(string file) =>
            maps.TryGetValue(SlideName.Of(Path.GetFileName(file)), out var own)
            && own.ContainsValue(Path.ChangeExtension(file, ".csv"));
        var slides = Pictures([.. files.Where(file => !IsOfMap(file))], known);
        string[] names = [.. slides.Keys.Concat(known).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.Length == 0 && runs.Length == 0)
            throw served.LinksRefused > 0 && !followLinks
                ? new InputException(
                    served.Root,
                    $"holds no slides, embeddings or runs but {served.LinksRefused} links that lead out of it",
                    "Give --follow-links, if what they lead to is to be shown"
                )
                : new InputException(
                    served.Root,
                    "holds no slides, embeddings or runs",
                    "Give the folder above those that compress and train wrote, or make one with 'histonic demo'"
                );
        var empty = new Dictionary<string, string>(StringComparer.Ordinal);
        return new ViewerCatalog(
            served,
            [
                .. names.Select(name => new ViewedSlide(
                    IdOf(name),
                    name,
                    slides.GetValueOrDefault(name),
                    features.GetValueOrDefault(name) ?? empty,
                    maps.GetValueOrDefault(name) ?? empty
                )),
            ],
            runs,
            labels,
            notes
        );
    }

    private static string IdOf(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));

    private static bool HasExtension(string file, string extension) =>
        string.Equals(Path.GetExtension(file), extension, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, Dictionary<string, string>> ByName(IEnumerable<string> files, ServedFolder served)
    {
        Dictionary<string, Dictionary<string, string>> found = new(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var name = SlideName.Of(Path.GetFileNameWithoutExtension(file));
            if (!found.TryGetValue(name, out var folders))
                found.Add(name, folders = new Dictionary<string, string>(StringComparer.Ordinal));
            folders.TryAdd(served.NameOf(Path.GetDirectoryName(file)!), file);
        }

        return found;
    }

    /// <summary>
    /// The file of each slide. Formats of scanners count wherever they lie; PNG and JPEG only where a slide of their name is
    /// known, or in a folder named slides, for masks and overlays are such files too.
    /// </summary>
    private static Dictionary<string, string> Pictures(IReadOnlyList<string> files, HashSet<string> known) =>
        files
            .Where(file => SlideReader.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Select(file =>
                (
                    File: file,
                    Name: SlideName.Of(Path.GetFileName(file)),
                    IsPicture: _pictures.Contains(Path.GetExtension(file)),
                    InSlides: Path.GetFileName(Path.GetDirectoryName(file)!)
                        .Equals("slides", StringComparison.OrdinalIgnoreCase)
                )
            )
            .Where(found => !found.IsPicture || found.InSlides || known.Contains(found.Name))
            .GroupBy(found => found.Name, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group =>
                    group
                        .OrderByDescending(found => found.InSlides)
                        .ThenBy(found => found.IsPicture)
                        .ThenBy(found => found.File.Length)
                        .ThenBy(found => found.File, StringComparer.Ordinal)
                        .First()
                        .File,
                StringComparer.Ordinal
            );

    private static bool IsMap(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            Span<char> start = stackalloc char[256];
            var length = reader.ReadBlock(start);
            var line = start[..length].ToString().Split('\n')[0].Trim();
            return _mapColumns.All(column => line.Split(',').Contains(column, StringComparer.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static ViewedLabels? LabelsAt(ServedFolder served, string file, List<string> notes)
    {
        try
        {
            return ViewedLabels.Read(served.Checked(file), served.NameOf(file));
        }
        catch (InputException error)
        {
            notes.Add($"{served.NameOf(file)} is not shown: {error.Message}");
            return null;
        }
    }

    /// <summary>The run of a folder with figures, of several targets one for each; what they predicted is told by the figures.</summary>
    private static IReadOnlyList<ViewedRun> RunsAt(ServedFolder served, string predictions)
    {
        var folder = Path.GetDirectoryName(predictions)!;
        var metrics = Path.Combine(folder, RunReport.MetricsName);
        if (!File.Exists(metrics))
            return [];
        var name = served.NameOf(folder);
        try
        {
            var (file, targets) = (served.Checked(predictions), MetricsFile.ReadTargets(served.Checked(metrics)));
            return targets is [var one]
                ? [new ViewedRun(IdOf(name), name, PredictionTable.Read(file, one), null)]
                :
                [
                    .. targets.Select(target =>
                    {
                        var own = $"{name}: {target.Name}";
                        return new ViewedRun(IdOf(own), own, PredictionTable.Read(file, target), null);
                    }),
                ];
        }
        catch (HistonicException error)
        {
            return [new ViewedRun(IdOf(name), name, null, error.Message)];
        }
    }
}
