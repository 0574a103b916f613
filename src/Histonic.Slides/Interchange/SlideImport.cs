using System.Globalization;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;

namespace Histonic.Slides.Interchange;

/// <summary>Reads embeddings of any program as a compressed slide.</summary>
public static class SlideImport
{
    /// <summary>The most cells of a grid that are believed: 16 times those of 800 × 800.</summary>
    private const int MostCells = 10_000_000;

    /// <summary>Reads a file. Patches are laid out by their coordinates, whatever their order; tissue is 1 under a patch and 0 elsewhere.</summary>
    /// <param name="path">A file of ours, CLAM, TRIDENT, STAMP, wsilearn, or npy.</param>
    /// <param name="options">What the file does not tell.</param>
    /// <remarks>Where nothing tells the size of the slide, it is taken to end with its last row and column of patches.</remarks>
    /// <exception cref="InputException">
    /// The file is missing, damaged or of no known layout; does not tell what is needed, and the options neither; two patches share a
    /// place; or patches lie off the lattice.
    /// </exception>
    public static ImportedSlide Read(string path, InterchangeOptions options)
    {
        var foreign = ForeignSlideFile.Read(path);
        var found = foreign?.Format ?? InterchangeFormat.Histonic;
        if (options.From is { } from && from != found)
            throw new InputException(
                path,
                $"has the layout of {NameOf(found)}, not of {NameOf(from)}",
                "Leave --from out, or give the folder of the features"
            );
        if (foreign is not { } told)
        {
            var own = CompressedSlideFile.Read(path);
            return new ImportedSlide(
                own,
                InterchangeFormat.Histonic,
                own.Features.All(value => (float)(Half)value == value || float.IsNaN(value))
                    ? FeaturePrecision.Bits16
                    : FeaturePrecision.Bits32,
                0,
                0
            );
        }

        var facts = Complete(path, told, options);
        told = told.From(options.BoundsCorner, facts.Scale);
        var lattice = LatticeFinder.Find(
            path,
            told.X,
            told.Y,
            facts.Step ?? StepGiven(told, options, facts),
            told.Unit == CoordinateUnit.Cell ? 0 : 1 / facts.Scale,
            // CLAM begins a lattice at every contour
            options.Snap
                || told.Format == InterchangeFormat.Clam
        );
        var (rows, columns) =
            lattice.Cells.Count == 0
                ? (0, 0)
                : (lattice.Cells.Max(cell => cell.Row) + 1, lattice.Cells.Max(cell => cell.Column) + 1);
        if (told.Grid is { } grid)
            (rows, columns) = (Math.Max(rows, grid.Rows), Math.Max(columns, grid.Columns));
        var geometry = Geometry(path, told, options, facts, lattice, rows, columns);
        (rows, columns) = (geometry.Rows, geometry.Columns);
        if ((long)rows * columns > MostCells || lattice.Cells.Any(cell => cell.Row >= rows || cell.Column >= columns))
            throw new InputException(
                path,
                $"has a grid of {rows} × {columns} cells, which does not fit its slide of {geometry.Level0Width} × {geometry.Level0Height} pixels",
                "Check --level0-size, or extract it again"
            );
        var tissue = new float[rows * columns];
        foreach (var (row, column) in lattice.Cells)
            tissue[(row * columns) + column] = 1;
        var features = InOrder(told.Features, 1, told, lattice);
        var slide = new CompressedSlide
        {
            Slide = Path.GetFileNameWithoutExtension(path),
            Geometry = geometry,
            Rows = rows,
            Columns = columns,
            Channels = told.Channels,
            Cells = lattice.Cells,
            Features = features,
            FeaturesD4 = told.FeaturesD4 is { } turned ? InOrder(turned, GridSymmetry.Count, told, lattice) : null,
            Tissue = tissue,
            Encoder = facts.Encoder,
            EncoderSha256 = "",
            TissueMethod = $"as in the {NameOf(told.Format)} file",
        };
        return new ImportedSlide(
            slide,
            told.Format,
            told.Precision,
            lattice.Moved,
            told.X.Length - lattice.Patches.Count
        );
    }

    /// <summary>Embeddings in the order of the lattice's cells, each of the blocks (k × N × C) for itself.</summary>
    private static float[] InOrder(float[] values, int blocks, ForeignSlide told, Lattice lattice)
    {
        var (before, count) = (told.X.Length, lattice.Patches.Count);
        var ordered = new float[blocks * count * told.Channels];
        for (var block = 0; block < blocks; block++)
        {
            for (var n = 0; n < count; n++)
                Array.Copy(
                    values,
                    ((block * before) + lattice.Patches[n]) * told.Channels,
                    ordered,
                    ((block * count) + n) * told.Channels,
                    told.Channels
                );
        }

        return ordered;
    }

    /// <summary>How a format is called in messages.</summary>
    public static string NameOf(InterchangeFormat format) =>
        format switch
        {
            InterchangeFormat.Clam => "CLAM",
            InterchangeFormat.Trident => "TRIDENT",
            InterchangeFormat.Stamp => "STAMP",
            InterchangeFormat.Wsilearn => "wsilearn",
            InterchangeFormat.Npy => "npy",
            _ => "Histonic",
        };

    private static Facts Complete(string path, ForeignSlide told, InterchangeOptions options)
    {
        var level0 = options.Level0PixelSize?.Value;
        var patch = options.PatchSize ?? told.PatchSize;
        var working = options.PixelSize?.Value ?? told.PixelSize;
        var encoder = options.Encoder ?? told.Encoder;
        var downsample = told.PatchSizeLevel0 / patch ?? working / level0;
        List<(string What, string Option)> missing = [];
        if (level0 is null)
            missing.Add(("the pixel size of level 0", "--mpp-override"));
        if (working is null && told.PatchSizeLevel0 is null)
            missing.Add(("the working pixel size", "--mpp"));
        if (patch is null)
            missing.Add(("the patch size", "--patch-size"));
        if (told.Unit == CoordinateUnit.Cell && options.Stride is null)
            missing.Add(("the stride", "--stride"));
        if (encoder is null)
            missing.Add(("the encoder", "--encoder-name"));
        if (told.X.Length == 0 && options.Level0Size is null && told.Level0Size is null && told.Grid is null)
            missing.Add(("the size of its slide, on which it has no patch", "--level0-size"));
        if (missing.Count > 0)
            throw new InputException(
                path,
                $"is a {NameOf(told.Format)} file, which does not tell {string.Join(", nor ", missing.Select(one => one.What))}",
                $"Give {string.Join(", ", missing.Select(one => one.Option))}"
            );
        if (
            working is { } asked
            && Math.Abs((asked / (level0!.Value * downsample!.Value)) - 1) > GridGeometry.Tolerance
        )
            throw new InputException(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"was cut at {level0 * downsample:0.####} µm per pixel ({level0} at level 0), not at {asked}"
                ),
                "Check --mpp-override, --mpp and --patch-size"
            );
        var scale = told.Unit switch
        {
            CoordinateUnit.Level0Pixel => 1,
            CoordinateUnit.WorkingPixel => downsample!.Value,
            CoordinateUnit.Micron => 1 / level0!.Value,
            _ => options.Stride!.Value * downsample!.Value,
        };
        return new Facts(
            level0!.Value,
            working ?? level0.Value * downsample!.Value,
            downsample!.Value,
            patch!.Value,
            scale,
            told.Step,
            encoder!
        );
    }

    private static double? StepGiven(ForeignSlide told, InterchangeOptions options, Facts facts) =>
        told.Unit != CoordinateUnit.Cell && options.Stride is { } stride
            ? stride * facts.Downsample / facts.Scale
            : null;

    private static GridGeometry Geometry(
        string path,
        ForeignSlide told,
        InterchangeOptions options,
        Facts facts,
        Lattice lattice,
        int rows,
        int columns
    )
    {
        var step = lattice.Cells.Count == 0 ? facts.Downsample * facts.Patch : lattice.Step * facts.Scale;
        var stride = (int)Math.Max(1, Math.Round(step / facts.Downsample));
        // Coordinates are rounded: what was said of the sizes goes before what was measured, as long as every patch agrees.
        var drift = Math.Abs((stride * facts.Downsample) - step) * Math.Max(rows, columns);
        var downsample = drift <= 1 ? facts.Downsample : step / stride;
        if (options.Stride is { } given && given != stride)
            throw new InputException(
                path,
                $"has a stride of {stride} working pixels, not {given}",
                "Check --stride and --patch-size"
            );
        var (x, y) = (lattice.X * facts.Scale, lattice.Y * facts.Scale);
        // A patch may reach over the edge: the grid goes on to hold it.
        var (width, height) = options.Level0Size ?? told.Level0Size ?? (0, 0);
        width = Math.Max(width, (long)Math.Ceiling(x + (columns * stride * downsample) - 1e-6));
        height = Math.Max(height, (long)Math.Ceiling(y + (rows * stride * downsample) - 1e-6));
        return new GridGeometry
        {
            Level0Width = width,
            Level0Height = height,
            Level0PixelSize = new PixelSize(new Microns(facts.Level0), options.Level0PixelSizeSource),
            PixelSize = new Microns(facts.Working),
            Level = told.Level,
            LevelDownsample = told.LevelDownsample,
            Downsample = downsample,
            PatchSize = facts.Patch,
            Stride = stride,
            BoundsCorner = options.BoundsCorner,
            OffsetX = x,
            OffsetY = y,
        };
    }

    /// <summary>What file and options tell together; pixel sizes in µm, scale in level-0 pixels per unit of the coordinates.</summary>
    private sealed record Facts(
        double Level0,
        double Working,
        double Downsample,
        int Patch,
        double Scale,
        double? Step,
        string Encoder
    );
}
