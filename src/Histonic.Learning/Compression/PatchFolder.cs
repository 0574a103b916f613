using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Evaluation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;

namespace Histonic.Learning.Compression;

/// <summary>
/// Labelled patches (one folder a class) whose names tell where they lie: the slides they were cut from are laid out again, as far as there are
/// patches.
/// </summary>
public sealed class PatchFolder : IDisposable
{
    private readonly IPatchSource _source;

    private PatchFolder(IPatchSource source, IReadOnlyList<PatchSlide> slides) => (_source, Slides) = (source, slides);

    /// <summary>Gets the slides, by name.</summary>
    public IReadOnlyList<PatchSlide> Slides { get; }

    /// <summary>Lists the patches and lays them out; of each slide one picture is opened, which tells the side of all.</summary>
    /// <param name="folder">The folder with one folder a class.</param>
    /// <param name="options">How names are read, and which class counts.</param>
    /// <exception cref="InputException">
    /// The folder is missing or lacks the class, a name does not tell a place, two patches lie at one place, or places are not on a lattice of
    /// the patch's side.
    /// </exception>
    public static PatchFolder Read(string folder, PatchFolderOptions options)
    {
        var source = new FolderPatches(new TaskSource("patches", folder), GroupRule.Default);
        var counted = source.Classes.ToList().IndexOf(options.Class);
        if (counted < 0)
            throw new InputException(
                folder,
                $"has no class {options.Class}",
                $"Its classes are {string.Join(", ", source.Classes)}"
            );
        var slides = source
            .Patches.Select(entry => (Entry: entry, Place: PlaceOf(entry, options)))
            .GroupBy(patch => patch.Place.Slide, StringComparer.Ordinal)
            .OrderBy(slide => slide.Key, StringComparer.Ordinal)
            .Select(slide => Lay(slide.Key, [.. slide.Select(one => (one.Entry, one.Place.X, one.Place.Y))], counted));
        return new PatchFolder(source, [.. slides]);
    }

    /// <summary>Embeds the patches of a slide and writes them as a compressed slide.</summary>
    /// <remarks>
    /// Each patch is stretched whole to the encoder's input, whatever the scale the encoder was trained at: so the grid shows all that the patch's label was
    /// given for. The file's pixel size is that of what the encoder sees.
    /// </remarks>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="slide">One of <see cref="Slides"/>.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="pixelSize">The pixel size of the patches' files.</param>
    /// <param name="threads">How many threads decode.</param>
    /// <param name="created">When it is made.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">A patch cannot be read, the encoder fails on one, or the file cannot be written.</exception>
    public void Compress(
        string path,
        PatchSlide slide,
        IPatchEncoder encoder,
        Microns pixelSize,
        int threads,
        DateTimeOffset created,
        CancellationToken cancellationToken
    )
    {
        var info = encoder.Info;
        var embedder = new PatchEmbedder(
            encoder,
            info.Name,
            new PatchPixels(new PatchScale(info.PatchSize, info.PixelSize), 0, threads),
            threads
        );
        var embeddings = embedder.Embed(
            [.. slide.Placed.Select(patch => new PatchSample(_source, patch.Entry, slide.Name, SplitPart.Test))],
            _ => { },
            cancellationToken
        );
        var (rows, columns) = (
            slide.Placed.Max(patch => patch.Cell.Row) + 1,
            slide.Placed.Max(patch => patch.Cell.Column) + 1
        );
        var downsample = slide.Side / (double)info.PatchSize;
        var tissue = new float[rows * columns];
        foreach (var (row, column) in slide.Cells)
            tissue[(row * columns) + column] = 1;
        CompressedSlideFile.Write(
            path,
            new CompressedSlide
            {
                Slide = slide.Name,
                Geometry = new GridGeometry
                {
                    Level0Width = slide.Left + ((long)columns * slide.Side),
                    Level0Height = slide.Top + ((long)rows * slide.Side),
                    Level0PixelSize = new PixelSize(pixelSize, "override"),
                    PixelSize = new Microns(pixelSize.Value * downsample),
                    Level = 0,
                    LevelDownsample = 1,
                    Downsample = downsample,
                    PatchSize = info.PatchSize,
                    Stride = info.PatchSize,
                    OffsetX = slide.Left,
                    OffsetY = slide.Top,
                },
                Rows = rows,
                Columns = columns,
                Channels = info.Channels,
                Cells = slide.Cells,
                Features = embeddings.Values,
                Tissue = tissue,
                Encoder = info.Name,
                EncoderSha256 = info.Sha256,
                TissueMethod = "patches",
            },
            FeaturePrecision.Bits16,
            created
        );
    }

    /// <summary>Closes the source.</summary>
    public void Dispose() => _source.Dispose();

    private static (string Slide, long X, long Y) PlaceOf(PatchEntry entry, PatchFolderOptions options)
    {
        var match = options.Match(Path.GetFileNameWithoutExtension(entry.Id));
        return
            match.Success
            && long.TryParse(match.Groups["x"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var x)
            && long.TryParse(match.Groups["y"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var y)
            ? (match.Groups["slide"].Value, x, y)
            : throw new InputException(
                entry.Id,
                $"its name does not tell slide and place as {options.Names} does",
                "Give --names, a regular expression with the groups slide, x and y"
            );
    }

    private static PatchSlide Lay(string name, IReadOnlyList<(PatchEntry Entry, long X, long Y)> patches, int counted)
    {
        var side = PictureFile.Read(patches[0].Entry.Id).Width;
        var (left, top) = (patches.Min(patch => patch.X), patches.Min(patch => patch.Y));
        var taken = new Dictionary<GridCell, string>();
        var placed = new List<PlacedPatch>();
        foreach (var (entry, x, y) in patches)
        {
            var ((column, restX), (row, restY)) = (Math.DivRem(x - left, side), Math.DivRem(y - top, side));
            if (restX != 0 || restY != 0)
                throw new InputException(
                    entry.Id,
                    $"lies at {x}, {y}, not a whole number of patches of {side} px from {left}, {top}",
                    "Give patches cut side by side, with places in the patches' own pixels"
                );
            var cell = new GridCell(checked((int)row), checked((int)column));
            if (!taken.TryAdd(cell, entry.Id))
                throw new InputException(entry.Id, $"lies where {taken[cell]} does", "Keep one of the two");
            placed.Add(new PlacedPatch(entry, cell));
        }

        return new PatchSlide(
            name,
            side,
            left,
            top,
            [.. placed.OrderBy(patch => patch.Cell.Row).ThenBy(patch => patch.Cell.Column)],
            placed.Count(patch => patch.Entry.Class == counted) / (double)placed.Count
        );
    }
}
