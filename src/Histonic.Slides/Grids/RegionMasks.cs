using System.Globalization;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Slides.Grids;

/// <summary>
/// A folder of masks, SLIDE.png, each over the whole slide, and classes.csv (value, class), which names their grey values: what truth a
/// synthetic cohort has, or what was drawn elsewhere.
/// </summary>
public sealed class RegionMasks
{
    private readonly string _folder;
    private readonly HashSet<byte> _values;

    private RegionMasks(string folder, HashSet<byte> values) => (_folder, _values) = (folder, values);

    /// <summary>Opens a folder for the region that some of its classes make together.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="classes">The names of the classes, at least one.</param>
    /// <exception cref="InputException">The folder or its classes.csv is missing or at fault, or it has no such class.</exception>
    public static RegionMasks Open(string folder, IReadOnlyList<string> classes)
    {
        var table = CsvTable.Read(Path.Combine(folder, "classes.csv"));
        var (value, name) = (table.Require("value"), table.Require("class"));
        Dictionary<string, byte> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (var row in table.Rows)
        {
            if (!byte.TryParse(row.Fields[value], NumberStyles.None, CultureInfo.InvariantCulture, out var grey))
                throw table.Fault(row, "has no grey value from 0 to 255", "Write the value of the class in the masks");
            values[row.Fields[name]] = grey;
        }

        return classes.FirstOrDefault(one => !values.ContainsKey(one)) is { } missing
            ? throw new InputException(
                table.Path,
                $"names no class {missing}",
                $"Choose from {string.Join(", ", values.Keys)}"
            )
            : new RegionMasks(folder, [.. classes.Select(one => values[one])]);
    }

    /// <summary>The share of each cell that is of the region.</summary>
    /// <param name="slide">The slide's name.</param>
    /// <param name="geometry">Where its cells lie.</param>
    /// <param name="cells">The cells.</param>
    /// <returns>A number in [0, 1] a cell.</returns>
    /// <exception cref="InputException">There is no mask of that slide, or it is not of its shape.</exception>
    public double[] Shares(string slide, GridGeometry geometry, IEnumerable<GridCell> cells)
    {
        var path = Path.Combine(_folder, $"{slide}.png");
        if (!File.Exists(path))
            throw new InputException(slide, $"has no mask {path}", "Put it there, or leave the slide out");
        var mask = PictureFile.Read(path);
        var downsample = geometry.Level0Width / (double)mask.Width;
        if (Math.Abs((geometry.Level0Height / downsample) - mask.Height) > 1)
            throw new InputException(
                path,
                $"is of another shape ({mask.Width} × {mask.Height}) than the slide ({geometry.Level0Width} × {geometry.Level0Height})",
                "Give a mask over the whole slide"
            );
        var region = new TissueMask(
            mask.Width,
            mask.Height,
            downsample,
            [.. mask.Pixels.Chunk(3).Select(pixel => _values.Contains(pixel[0]))],
            "region"
        );
        return
        [
            .. cells.Select(cell =>
            {
                var (x, y) = geometry.Origin(cell.Row, cell.Column);
                return region.Share(x, y, geometry.StrideLevel0);
            }),
        ];
    }
}
