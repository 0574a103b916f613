using System.Text.Json;
using Histonic.Slides.Grids;
using PureHDF;
using PureHDF.VOL.Native;

namespace Histonic.Slides.Interchange;

/// <summary>Reads files of other programs; whose they are is told by what is in them.</summary>
internal static class ForeignSlideFile
{
    private static readonly byte[] _npy = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
    private static readonly byte[] _hdf5 = [0x89, (byte)'H', (byte)'D', (byte)'F'];

    /// <summary>Reads a file; null when it is one of ours.</summary>
    /// <exception cref="InputException">It is missing, damaged, or of no layout that is known.</exception>
    public static ForeignSlide? Read(string path)
    {
        var start = Start(path);
        if (start.AsSpan().StartsWith(_npy))
            return Npy(path);
        if (!start.AsSpan().StartsWith(_hdf5))
            throw Unknown(path, "is neither HDF5 nor npy");
        Hdf5Length.Check(path, "Copy it again from its source");
        try
        {
            using var file = H5File.OpenRead(path);
            return file.AttributeExists("format_version") && file.LinkExists("grid") ? null
                : file.LinkExists("feats") ? Stamp(path, file)
                : !file.LinkExists("features")
                    ? throw Unknown(
                        path,
                        file.LinkExists("coords")
                            ? "holds coordinates of patches, but no features"
                            : "holds neither 'features' nor 'feats'"
                    )
                : !file.LinkExists("coords") ? throw Unknown(path, "holds features without coordinates")
                : file.LinkExists("metadata") && file.LinkExists("shape") ? Wsilearn(path, file)
                : file.Dataset("coords").AttributeExists("patch_size_level0") ? Trident(path, file)
                : Clam(path, file);
        }
        catch (Exception error) when (error is not HistonicException)
        {
            // PureHDF tells everything by bare exceptions.
            throw new InputException(
                path,
                $"is damaged ({error.Message.TrimEnd('.')})",
                "Make it again with the program that wrote it",
                error
            );
        }
    }

    private static ForeignSlide Clam(string path, NativeFile file)
    {
        var slide = Of(path, file, InterchangeFormat.Clam, "features", CoordinateUnit.Level0Pixel);
        if (file.Dataset("coords").AttributeExists("patch_size"))
            return WithClamAttributes(slide, file.Dataset("coords"));
        var patches = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path))!,
            "..",
            "patches",
            Path.GetFileName(path)
        );
        if (!File.Exists(patches))
            return slide;
        using var beside = H5File.OpenRead(patches);
        return WithClamAttributes(slide, beside.Dataset("coords"));
    }

    /// <summary>CLAM cuts patch_size pixels of patch_level; its reader takes the downsample as a whole number.</summary>
    private static ForeignSlide WithClamAttributes(ForeignSlide slide, IH5Dataset coords)
    {
        var downsample = H5Values.Number(coords, "downsample") ?? 1;
        var size = coords.AttributeExists("level_dim") ? H5Values.Numbers(coords.Attribute("level_dim")) : null;
        var side = H5Values.Number(coords, "patch_size");
        return slide with
        {
            PatchSize = (int?)side,
            PatchSizeLevel0 = side * Math.Floor(downsample) * (H5Values.Number(coords, "custom_downsample") ?? 1),
            Level = (int)(H5Values.Number(coords, "patch_level") ?? 0),
            LevelDownsample = downsample,
            Level0Size = size is { Length: 2 }
                ? ((long)Math.Round(size[0] * downsample), (long)Math.Round(size[1] * downsample))
                : null,
        };
    }

    private static ForeignSlide Trident(string path, NativeFile file)
    {
        var slide = Of(path, file, InterchangeFormat.Trident, "features", CoordinateUnit.Level0Pixel);
        var coords = file.Dataset("coords");
        var (side, side0, overlap) = (
            H5Values.Number(coords, "patch_size"),
            H5Values.Number(coords, "patch_size_level0"),
            H5Values.Number(coords, "overlap")
        );
        var (width, height) = (H5Values.Number(coords, "level0_width"), H5Values.Number(coords, "level0_height"));
        return slide with
        {
            PatchSize = (int?)side,
            PatchSizeLevel0 = side0,
            Step = (side - overlap) * (side0 / side),
            Level0Size = width is { } w && height is { } h ? ((long)w, (long)h) : null,
            Encoder = H5Values.Text(file.Dataset("features"), "encoder"),
        };
    }

    private static ForeignSlide Stamp(string path, NativeFile file)
    {
        if (H5Values.Text(file, "feat_type") is { } type && !string.Equals(type, "tile", StringComparison.Ordinal))
            throw Unknown(path, $"holds one embedding of a whole {type}, not one a patch");
        if (!file.LinkExists("coords"))
            throw Unknown(path, "holds features without coordinates");
        if (H5Values.Text(file, "unit") is { } unit && !string.Equals(unit, "um", StringComparison.Ordinal))
            throw Unknown(path, $"is a STAMP file with coordinates in '{unit}', not in micrometres");
        var side = H5Values.Number(file, "tile_size_um") ?? H5Values.Number(file, "tile_size");
        if (side is null)
            throw Unknown(path, "is a STAMP file of an early version, which does not tell the size of its tiles");
        var pixels = H5Values.Number(file, "tile_size_px");
        return Of(path, file, InterchangeFormat.Stamp, "feats", CoordinateUnit.Micron) with
        {
            PatchSize = (int?)pixels,
            PixelSize = side / pixels,
            Encoder = H5Values.Text(file, "extractor"),
        };
    }

    private static ForeignSlide Wsilearn(string path, NativeFile file)
    {
        using var metadata = JsonDocument.Parse(file.Dataset("metadata").Read<string>());
        double? Number(string name) =>
            metadata.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
                ? value.GetDouble()
                : null;
        var shape = H5Values.Numbers(file.Dataset("shape"));
        return Of(path, file, InterchangeFormat.Wsilearn, "features", CoordinateUnit.WorkingPixel) with
        {
            Step = Number("stride"),
            PixelSize = Number("spacing"),
            PatchSize = (int?)Number("patch_size"),
            Grid = ((int)shape[0], (int)shape[1]),
            Encoder =
                metadata.RootElement.TryGetProperty("encoder", out var name) && name.ValueKind == JsonValueKind.String
                    ? name.GetString()
                    : null,
        };
    }

    private static ForeignSlide Of(
        string path,
        NativeFile file,
        InterchangeFormat format,
        string name,
        CoordinateUnit unit
    )
    {
        var (features, coords) = (file.Dataset(name), file.Dataset("coords"));
        var (sides, places) = (features.Space.Dimensions, coords.Space.Dimensions);
        if (sides.Length != 2)
            throw Unknown(path, $"holds one embedding of a whole slide ({sides.Length}-dimensional '{name}')");
        if (places.Length != 2 || places[1] != 2 || places[0] != sides[0])
            throw Unknown(path, $"has {sides[0]} embeddings, but coordinates of shape {string.Join(" × ", places)}");
        var numbers = H5Values.Numbers(coords);
        return new ForeignSlide
        {
            Format = format,
            Channels = (int)sides[1],
            Features = H5Values.Floats(features),
            X = [.. numbers.Where((_, i) => i % 2 == 0)],
            Y = [.. numbers.Where((_, i) => i % 2 == 1)],
            Unit = unit,
            Precision = features.Type.Size == 2 ? FeaturePrecision.Bits16 : FeaturePrecision.Bits32,
        };
    }

    /// <summary>Background is where all channels are exactly 0.</summary>
    private static ForeignSlide Npy(string path)
    {
        var map = NpyFile.Read(path);
        var plane = map.Rows * map.Columns;
        var cells = Enumerable
            .Range(0, plane)
            .Where(cell => Enumerable.Range(0, map.Channels).Any(c => map.Values[(c * plane) + cell] != 0))
            .ToList();
        var features = new float[cells.Count * map.Channels];
        for (var n = 0; n < cells.Count; n++)
        {
            for (var c = 0; c < map.Channels; c++)
                features[(n * map.Channels) + c] = map.Values[(c * plane) + cells[n]];
        }

        return new ForeignSlide
        {
            Format = InterchangeFormat.Npy,
            Channels = map.Channels,
            Features = features,
            FeaturesD4 = Turned(path, map, cells),
            X = [.. cells.Select(cell => (double)(cell % map.Columns))],
            Y = [.. cells.Select(cell => (double)(cell / map.Columns))],
            Unit = CoordinateUnit.Cell,
            Step = 1,
            Grid = (map.Rows, map.Columns),
            Precision = features.All(value => (float)(Half)value == value || float.IsNaN(value))
                ? FeaturePrecision.Bits16
                : FeaturePrecision.Bits32,
        };
    }

    /// <summary>The eight grids that stand in a folder beside a grid, each turned as its patches were; null where there are none.</summary>
    /// <exception cref="InputException">One is missing, damaged, or of another size.</exception>
    private static float[]? Turned(string path, FeatureMap map, List<int> cells)
    {
        var folder = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path))!,
            Path.GetFileNameWithoutExtension(path)
        );
        if (!NpySymmetry.Names.Any(name => File.Exists(Path.Combine(folder, name))))
            return null;
        var features = new float[GridSymmetry.Count * cells.Count * map.Channels];
        for (var symmetry = 0; symmetry < GridSymmetry.Count; symmetry++)
        {
            var file = Path.Combine(folder, NpySymmetry.Names[symmetry]);
            var turned = NpyFile.Read(file);
            var (rows, columns) = GridSymmetry.Size(symmetry, map.Rows, map.Columns);
            if ((turned.Channels, turned.Rows, turned.Columns) != (map.Channels, rows, columns))
                throw new InputException(
                    file,
                    $"has {turned.Channels} × {turned.Rows} × {turned.Columns} numbers, where {map.Channels} × {rows} × {columns} belong to {path}",
                    "Make the eight grids again, or move their folder away to convert the one grid"
                );
            for (var n = 0; n < cells.Count; n++)
            {
                var cell = new GridCell(cells[n] / map.Columns, cells[n] % map.Columns);
                var (row, column) = GridSymmetry.Turn(symmetry, cell, map.Rows, map.Columns);
                var at = ((symmetry * cells.Count) + n) * map.Channels;
                for (var c = 0; c < map.Channels; c++)
                    features[at + c] = turned.Values[(((c * rows) + row) * columns) + column];
            }
        }

        return features;
    }

    private static byte[] Start(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[8];
            var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return start[..read];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "does not exist", "Check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check its permissions", error);
        }
    }

    private static InputException Unknown(string path, string finding) =>
        new(
            path,
            finding,
            "Give patch embeddings: CLAM's h5_files, TRIDENT's features_…, STAMP's or wsilearn's h5, or a features npy"
        );
}
