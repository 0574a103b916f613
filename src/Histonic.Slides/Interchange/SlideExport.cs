using System.Globalization;
using System.Text.Json;
using Histonic.Slides.Grids;
using PureHDF;

namespace Histonic.Slides.Interchange;

/// <summary>Writes a compressed slide as the files of other programs.</summary>
public static class SlideExport
{
    /// <summary>The version of STAMP whose reader knows the layout; STAMP refuses files of one newer than itself.</summary>
    private const string StampVersion = "2.0.0";

    /// <summary>The rows of a chunk in CLAM's files.</summary>
    private const int ClamRows = 32;

    /// <summary>The rows of a chunk in TRIDENT's and wsilearn's files.</summary>
    private const int RowByRow = 1;

    /// <summary>Writes a slide.</summary>
    /// <param name="folder">The folder that receives the files, made when it is missing.</param>
    /// <param name="name">The name of the files, without extension.</param>
    /// <param name="slide">The slide.</param>
    /// <param name="format">Whose layout it gets.</param>
    /// <param name="precision">For our own layout, how embeddings are stored; the others have a precision of their own.</param>
    /// <param name="created">For our own layout, when it is made.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="InputException">A value is beyond half precision where the layout asks for it, or a file cannot be written.</exception>
    public static IReadOnlyList<string> Write(
        string folder,
        string name,
        CompressedSlide slide,
        InterchangeFormat format,
        FeaturePrecision precision,
        DateTimeOffset created
    )
    {
        var path = Path.Combine(folder, $"{name}.h5");
        switch (format)
        {
            case InterchangeFormat.Histonic:
                CompressedSlideFile.Write(path, slide, precision, created);
                return [path];
            case InterchangeFormat.Clam:
                return Clam(folder, name, slide);
            case InterchangeFormat.Trident:
                Write(path, Trident(slide));
                return [path];
            case InterchangeFormat.Stamp:
                Write(path, Stamp(path, slide));
                return [path];
            case InterchangeFormat.Wsilearn:
                Write(path, Wsilearn(slide));
                return [path];
            case InterchangeFormat.Npy:
                return Npy(folder, name, slide);
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, null);
        }
    }

    /// <summary>The folders that a slide is written to: an input in one of them would be overwritten.</summary>
    /// <param name="folder">The folder that receives the files.</param>
    /// <param name="name">The name of the files, without extension.</param>
    /// <param name="format">Whose layout is written.</param>
    public static IReadOnlyList<string> FoldersOf(string folder, string name, InterchangeFormat format) =>
        format switch
        {
            InterchangeFormat.Clam => [Path.Combine(folder, "h5_files"), Path.Combine(folder, "patches")],
            InterchangeFormat.Npy => [folder, Path.Combine(folder, name)],
            _ => [folder],
        };

    /// <summary>CLAM's files: features with coordinates, and beside them how patches were cut.</summary>
    private static string[] Clam(string folder, string name, CompressedSlide slide)
    {
        var features = Path.Combine(folder, "h5_files", $"{name}.h5");
        var patches = Path.Combine(folder, "patches", $"{name}.h5");
        var geometry = slide.Geometry;
        // CLAM multiplies patch_size by the whole part of the downsample: patches between levels are told in pixels of level 0.
        var whole = geometry.Downsample == geometry.LevelDownsample && geometry.Downsample % 1 == 0;
        var (level, downsample, side) = whole
            ? (geometry.Level, geometry.Downsample, (long)geometry.PatchSize)
            : (0, 1.0, (long)Math.Round(geometry.PatchSizeLevel0));
        var size = new[]
        {
            (long)Math.Round((geometry.BoundsCorner.X + geometry.Level0Width) / downsample),
            (long)Math.Round((geometry.BoundsCorner.Y + geometry.Level0Height) / downsample),
        };
        var coords = Coordinates(slide);
        Write(
            patches,
            new H5File
            {
                ["coords"] = Pairs(
                    coords,
                    ClamRows,
                    new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        ["patch_size"] = side,
                        ["patch_level"] = (long)level,
                        ["downsample"] = new[] { downsample, downsample },
                        ["downsampled_level_dim"] = size,
                        ["level_dim"] = size,
                        ["name"] = name,
                        ["save_path"] = Path.GetDirectoryName(Path.GetFullPath(patches))!,
                    }
                ),
            }
        );
        Write(
            features,
            new H5File
            {
                ["features"] = Table(slide.Features, slide, ClamRows),
                ["coords"] = Pairs(Array.ConvertAll(coords, checked(value => (int)value)), ClamRows),
            }
        );
        return [features, patches];
    }

    private static H5File Trident(CompressedSlide slide)
    {
        var geometry = slide.Geometry;
        var names = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = slide.Slide,
            ["savetodir"] = "",
        };
        var features = Table(slide.Features, slide, RowByRow);
        features.Attributes = new Dictionary<string, object>(names, StringComparer.Ordinal)
        {
            ["encoder"] = slide.Encoder,
        };
        var attributes = new Dictionary<string, object>(names, StringComparer.Ordinal)
        {
            ["patch_size"] = (long)geometry.PatchSize,
            ["overlap"] = (long)(geometry.PatchSize - geometry.Stride),
            // of a plane larger than the slide only this much is known
            ["level0_width"] = geometry.BoundsCorner.X + geometry.Level0Width,
            ["level0_height"] = geometry.BoundsCorner.Y + geometry.Level0Height,
        };
        Set(attributes, "patch_size_level0", geometry.PatchSizeLevel0);
        Set(attributes, "level0_magnification", Math.Round(10 / geometry.Level0PixelSize.Value.Value, 2));
        Set(attributes, "target_magnification", Math.Round(10 / geometry.PixelSize.Value, 2));
        return new H5File { ["features"] = features, ["coords"] = Pairs(Coordinates(slide), RowByRow, attributes) };
    }

    private static H5File Stamp(string path, CompressedSlide slide)
    {
        var geometry = slide.Geometry;
        var level0 = geometry.Level0PixelSize.Value.Value;
        var halves = Array.ConvertAll(slide.Features, value => (Half)value);
        for (var i = 0; i < halves.Length; i++)
        {
            if (Half.IsInfinity(halves[i]) && float.IsFinite(slide.Features[i]))
                throw new InputException(
                    path,
                    $"cannot hold the value {slide.Features[i].ToString(CultureInfo.InvariantCulture)} in half precision",
                    "Convert to trident or clam, which have single precision"
                );
        }

        return new H5File
        {
            Attributes = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["stamp_version"] = StampVersion,
                ["extractor"] = slide.Encoder,
                ["unit"] = "um",
                ["tile_size_um"] = geometry.PixelSize.Value * geometry.PatchSize,
                ["tile_size_px"] = (long)geometry.PatchSize,
                ["code_hash"] = "",
                ["feat_type"] = "tile",
            },
            ["feats"] = Table(halves, slide),
            ["coords"] = Pairs(Array.ConvertAll(Coordinates(slide), value => (float)(value * level0))),
        };
    }

    private static H5File Wsilearn(CompressedSlide slide)
    {
        var geometry = slide.Geometry;
        var metadata = JsonSerializer.Serialize(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["stride"] = geometry.Stride,
                ["spacing"] = geometry.PixelSize.Value,
                ["patch_size"] = geometry.PatchSize,
                ["width"] = slide.Columns,
                ["height"] = slide.Rows,
                ["code_size"] = slide.Channels,
                ["w_dim"] = 0,
                ["h_dim"] = 1,
                ["code_dim"] = 2,
                ["n"] = slide.Cells.Count,
                ["encoder"] = slide.Encoder,
            }
        );
        return new H5File
        {
            ["metadata"] = new H5Dataset(metadata),
            ["features"] = Table(slide.Features, slide, RowByRow),
            ["coords"] = Pairs([
                .. slide.Cells.SelectMany(cell =>
                    new[] { (long)cell.Column * geometry.Stride, (long)cell.Row * geometry.Stride }
                ),
            ]),
            ["distance_map"] = new H5Dataset(CropMap.Of(slide), fileDims: [(ulong)slide.Rows, (ulong)slide.Columns]),
            ["shape"] = new H5Dataset(new long[] { slide.Rows, slide.Columns, slide.Channels }),
        };
    }

    private static List<string> Npy(string folder, string name, CompressedSlide slide)
    {
        List<string> files = [Path.Combine(folder, $"{name}.npy"), Path.Combine(folder, $"{name}_distance_map.npy")];
        NpyFile.Write(files[0], FeatureMap.Of(slide));
        NpyFile.WritePlane(files[1], CropMap.Of(slide), slide.Rows, slide.Columns);
        for (var symmetry = 0; symmetry < GridSymmetry.Count && slide.FeaturesD4 is not null; symmetry++)
        {
            var path = Path.Combine(folder, name, NpySymmetry.Names[symmetry]);
            NpyFile.Write(path, FeatureMap.Of(slide, symmetry));
            files.Add(path);
        }

        return files;
    }

    /// <summary>x, y of every patch in level-0 pixels, from the corner of the scan's plane, as OpenSlide's users count.</summary>
    private static long[] Coordinates(CompressedSlide slide)
    {
        var (left, top) = slide.Geometry.BoundsCorner;
        var coords = new long[slide.Cells.Count * 2];
        for (var i = 0; i < slide.Cells.Count; i++)
        {
            var (x, y) = slide.Geometry.Origin(slide.Cells[i].Row, slide.Cells[i].Column);
            (coords[i * 2], coords[(i * 2) + 1]) = (left + x, top + y);
        }

        return coords;
    }

    /// <summary>N × C, in chunks of so many rows; 0 = contiguous.</summary>
    private static H5Dataset Table<T>(T[] values, CompressedSlide slide, int rows = 0) =>
        new(
            values,
            chunks: Chunks(slide.Cells.Count, slide.Channels, rows),
            fileDims: [(ulong)slide.Cells.Count, (ulong)slide.Channels]
        );

    /// <summary>N × 2, in chunks of so many rows; 0 = contiguous.</summary>
    private static H5Dataset Pairs<T>(T[] values, int rows = 0, Dictionary<string, object>? attributes = null) =>
        new(values, chunks: Chunks(values.Length / 2, 2, rows), fileDims: [(ulong)values.Length / 2, 2])
        {
            Attributes = attributes ?? [],
        };

    // HDF5 allows no chunk that is larger than a dataset of fixed size, nor chunks of an empty one.
    private static uint[]? Chunks(int count, int columns, int rows) =>
        rows == 0 || count == 0 ? null : [(uint)Math.Min(rows, count), (uint)columns];

    /// <summary>TRIDENT writes whole numbers as integers where it can.</summary>
    private static void Set(Dictionary<string, object> attributes, string name, double value) =>
        attributes[name] = value == Math.Floor(value) ? (object)(long)value : value;

    private static void Write(string path, H5File file) => AtomicFile.Write(path, partial => file.Write(partial));
}
