using System.Globalization;
using System.Reflection;
using PureHDF;
using PureHDF.Selections;

namespace Histonic.Slides.Grids;

/// <summary>Writes a compressed slide batch by batch; until it is committed, no file of that name comes to be.</summary>
/// <remarks>Not for several threads at once. Memory does not grow with the number of embeddings, whose order is free.</remarks>
public sealed class CompressedSlideWriter : IDisposable
{
    /// <summary>The places that are written at once.</summary>
    private const int PlacesAtOnce = 4096;

    private readonly string _path;
    private readonly string _partial;
    private readonly CompressedSlideHeader _header;
    private readonly FileStream _file;
    private readonly H5NativeWriter _writer;
    private readonly H5Dataset<Half[]>? _halves;
    private readonly H5Dataset<float[]>? _floats;
    private readonly H5Dataset<Half[]>? _halvesD4;
    private readonly H5Dataset<float[]>? _floatsD4;
    private readonly H5Dataset<byte[]>? _blank;
    private readonly H5Dataset<long[]>? _coords;
    private readonly H5Dataset<int[]>? _grid;
    private readonly H5Dataset<float[]>? _tissue;
    private readonly List<int> _blanks = [];
    private readonly int _patches;
    private Half[] _narrow = [];
    private int _written;
    private bool _closed;

    internal CompressedSlideWriter(string path, CompressedSlideHeader header)
    {
        (_path, _header, _patches) = (path, header, header.Cells.Count);
        _partial = AtomicFile.PartialOf(path);
        ulong[] dimensions = [(ulong)_patches, (ulong)header.Channels],
            dimensionsD4 = [8, (ulong)_patches, (ulong)header.Channels];
        var half = header.Precision == FeaturePrecision.Bits16;
        var file = new H5File { Attributes = RootAttributes(header) };
        // PureHDF cannot defer a dataset of no elements: without tissue they are written at once, empty.
        if (_patches == 0)
        {
            file["features"] = Empty(half, dimensions, header);
            if (header.Symmetries)
                file["features_d4"] = Empty(half, dimensionsD4, header);
        }
        else if (half)
        {
            file["features"] = _halves = new H5Dataset<Half[]>(dimensions) { Attributes = FeatureAttributes(header) };
            if (header.Symmetries)
                file["features_d4"] = _halvesD4 = new H5Dataset<Half[]>(dimensionsD4);
        }
        else
        {
            file["features"] = _floats = new H5Dataset<float[]>(dimensions) { Attributes = FeatureAttributes(header) };
            if (header.Symmetries)
                file["features_d4"] = _floatsD4 = new H5Dataset<float[]>(dimensionsD4);
        }

        if (header.MayHoldBlanks && _patches > 0)
            file["blank"] = _blank = new H5Dataset<byte[]>([(ulong)_patches]);
        ulong[] pairs = [(ulong)_patches, 2];
        if (_patches == 0)
        {
            file["coords"] = new H5Dataset(Array.Empty<long>(), fileDims: pairs)
            {
                Attributes = CoordinateAttributes(header),
            };
            file["grid"] = new H5Dataset(Array.Empty<int>(), fileDims: pairs);
        }
        else
        {
            file["coords"] = _coords = new H5Dataset<long[]>(pairs) { Attributes = CoordinateAttributes(header) };
            file["grid"] = _grid = new H5Dataset<int[]>(pairs);
        }

        ulong[] shape = [(ulong)header.Geometry.Rows, (ulong)header.Geometry.Columns];
        file["tissue"] =
            header.Tissue.Count == 0
                ? new H5Dataset(Array.Empty<float>(), fileDims: shape)
                : _tissue = new H5Dataset<float[]>(shape);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            _file = new FileStream(_partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            throw NotWritten(error);
        }

        try
        {
            _writer = file.BeginWrite(_file);
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            Drop();
            throw NotWritten(error);
        }
    }

    /// <summary>Writes the embeddings of some patches.</summary>
    /// <param name="places">Their places among the header's cells, n of them; each cell is written once.</param>
    /// <param name="features">n × C numbers, in the order of the places.</param>
    /// <param name="featuresD4">8 × n × C numbers, in the file's order of symmetries; empty where the header has none.</param>
    /// <param name="blanks">Which of the header's cells could not be decoded; null = none. The header has to allow for them.</param>
    /// <exception cref="InputException">The disk is full or gone.</exception>
    public void Write(
        IReadOnlyList<int> places,
        ReadOnlySpan<float> features,
        ReadOnlySpan<float> featuresD4 = default,
        IReadOnlyList<int>? blanks = null
    )
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (features.Length != places.Count * _header.Channels || _written + places.Count > _patches)
            throw new ArgumentException(
                $"{features.Length} numbers for {places.Count} patches of {_header.Channels} after {_written} of {_patches}.",
                nameof(features)
            );
        if (featuresD4.Length != (_header.Symmetries ? features.Length * 8 : 0))
            throw new ArgumentException($"{featuresD4.Length} numbers for 8 symmetries.", nameof(featuresD4));
        if (blanks is { Count: > 0 } && _blank is null)
            throw new ArgumentException("The header allows for no blanks.", nameof(blanks));
        if (places.Count == 0)
            return;
        _blanks.AddRange(blanks ?? []);
        var channels = (ulong)_header.Channels;
        try
        {
            Write(
                _halves,
                _floats,
                features,
                places,
                place => new Step { Coordinates = [place, 0], ElementCount = channels }
            );
            for (var symmetry = 0; symmetry < 8 && _header.Symmetries; symmetry++)
            {
                var turn = (ulong)symmetry;
                Write(
                    _halvesD4,
                    _floatsD4,
                    featuresD4.Slice(symmetry * features.Length, features.Length),
                    places,
                    place => new Step { Coordinates = [turn, place, 0], ElementCount = channels }
                );
            }
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            throw NotWritten(error);
        }

        _written += places.Count;
    }

    /// <summary>Closes the file and puts it in its place.</summary>
    /// <exception cref="InvalidOperationException">Embeddings are missing.</exception>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_written != _patches)
            throw new InvalidOperationException($"{_written} of {_patches} embeddings were written.");
        try
        {
            WritePlaces();
            WriteTissue();
            if (_blank is not null)
            {
                var marks = new byte[_patches];
                foreach (var cell in _blanks)
                    marks[cell] = 1;
                _writer.Write(_blank, marks);
            }

            _closed = true;
            _writer.Dispose();
            _file.Dispose();
            // some file systems (NFS, quotas) tell only now that there was no space
            using (var file = File.OpenHandle(_partial, FileMode.Open, FileAccess.ReadWrite))
                RandomAccess.FlushToDisk(file);
            File.Move(_partial, _path, overwrite: true);
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            throw NotWritten(error);
        }
    }

    /// <summary>Drops what was not committed.</summary>
    public void Dispose()
    {
        _closed = true;
        Drop();
    }

    /// <summary>Closes the file and deletes it, if it is not in its place; also a file that a full disk keeps from being closed in order.</summary>
    private void Drop()
    {
        foreach (var open in new IDisposable?[] { _writer, _file })
        {
            try
            {
                open?.Dispose();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // what it could not write goes away now; why it could not was told before
            }
        }

        if (File.Exists(_partial))
            File.Delete(_partial);
    }

    private static H5Dataset Empty(bool half, ulong[] dimensions, CompressedSlideHeader header) =>
        new(half ? Array.Empty<Half>() : Array.Empty<float>(), fileDims: dimensions)
        {
            Attributes = FeatureAttributes(header),
        };

    private static Dictionary<string, object> RootAttributes(CompressedSlideHeader header) =>
        new(StringComparer.Ordinal)
        {
            ["histonic_version"] = ProductVersion.Current,
            ["format_version"] = CompressedSlideFile.FormatVersion,
            ["slide"] = header.Slide,
            ["mpp"] = header.Geometry.PixelSize.Value,
            ["mpp_source"] = header.Geometry.Level0PixelSize.Source,
            ["level0_mpp"] = header.Geometry.Level0PixelSize.Value.Value,
            ["patch_size_px"] = (long)header.Geometry.PatchSize,
            ["stride_px"] = (long)header.Geometry.Stride,
            ["rows"] = (long)header.Geometry.Rows,
            ["columns"] = (long)header.Geometry.Columns,
            ["encoder"] = header.Encoder,
            ["encoder_sha256"] = header.EncoderSha256,
            ["tissue_method"] = header.TissueMethod,
            ["pixels"] = header.Pixels,
            ["path_cosine"] = header.PathCosine,
            ["options"] = header.Options,
            ["slide_fingerprint"] = header.SlideFingerprint,
            ["created_utc"] = header.Created.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture
            ),
        };

    private static Dictionary<string, object> FeatureAttributes(CompressedSlideHeader header) =>
        new(StringComparer.Ordinal)
        {
            ["name"] = header.Slide,
            ["savetodir"] = "",
            ["encoder"] = header.Encoder,
        };

    /// <summary>What TRIDENT and CLAM write beside coordinates. CLAM's law holds: patch_size × downsample = side at level 0.</summary>
    private static Dictionary<string, object> CoordinateAttributes(CompressedSlideHeader header)
    {
        var geometry = header.Geometry;
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["patch_size"] = (long)geometry.PatchSize,
            ["level0_width"] = geometry.Level0Width,
            ["level0_height"] = geometry.Level0Height,
            ["bounds_x"] = geometry.BoundsCorner.X,
            ["bounds_y"] = geometry.BoundsCorner.Y,
            ["overlap"] = (long)(geometry.PatchSize - geometry.Stride),
            ["patch_level"] = (long)geometry.Level,
            ["downsample"] = new[] { geometry.Downsample, geometry.Downsample },
            ["level_downsample"] = geometry.LevelDownsample,
            ["name"] = header.Slide,
            ["savetodir"] = "",
        };
        if (geometry.OffsetX != 0 || geometry.OffsetY != 0)
            attributes["offset"] = new[] { geometry.OffsetX, geometry.OffsetY };
        SetNumber(attributes, "patch_size_level0", geometry.PatchSizeLevel0);
        SetNumber(
            attributes,
            "level0_magnification",
            header.Objective ?? Math.Round(10 / geometry.Level0PixelSize.Value.Value, 2)
        );
        SetNumber(attributes, "target_magnification", Math.Round(10 / geometry.PixelSize.Value, 2));
        return attributes;
    }

    /// <summary>TRIDENT writes whole numbers as integers where it can.</summary>
    private static void SetNumber(Dictionary<string, object> attributes, string name, double value)
    {
        if (value == Math.Floor(value))
            attributes[name] = (long)value;
        else
            attributes[name] = value;
    }

    private void WritePlaces()
    {
        for (var first = 0; first < _patches; first += PlacesAtOnce)
        {
            var count = Math.Min(PlacesAtOnce, _patches - first);
            var (coords, grid) = (new long[count * 2], new int[count * 2]);
            for (var i = 0; i < count; i++)
            {
                var (row, column) = _header.Cells[first + i];
                (coords[i * 2], coords[(i * 2) + 1]) = _header.Geometry.Origin(row, column);
                (grid[i * 2], grid[(i * 2) + 1]) = (row, column);
            }

            var place = new HyperslabSelection(2, [(ulong)first, 0], [(ulong)count, 2]);
            _writer.Write(_coords!, coords, fileSelection: place);
            _writer.Write(_grid!, grid, fileSelection: place);
        }
    }

    private void WriteTissue()
    {
        if (_tissue is null)
            return;
        var (rows, columns) = (_header.Geometry.Rows, _header.Geometry.Columns);
        var atOnce = Math.Max(PlacesAtOnce / columns, 1);
        for (var row = 0; row < rows; row += atOnce)
        {
            var shares = new float[Math.Min(atOnce, rows - row) * columns];
            for (var i = 0; i < shares.Length; i++)
                shares[i] = _header.Tissue[(row * columns) + i];
            var place = new HyperslabSelection(2, [(ulong)row, 0], [(ulong)(shares.Length / columns), (ulong)columns]);
            _writer.Write(_tissue, shares, fileSelection: place);
        }
    }

    /// <summary>Writes a row of numbers for each of some patches.</summary>
    private void Write(
        H5Dataset<Half[]>? halves,
        H5Dataset<float[]>? floats,
        ReadOnlySpan<float> values,
        IReadOnlyList<int> places,
        Func<ulong, Step> rowOf
    )
    {
        var rows = new DelegateSelection((ulong)values.Length, _ => places.Select(place => rowOf((ulong)place)));
        if (halves is not null)
        {
            if (_narrow.Length != values.Length)
                _narrow = new Half[values.Length];
            for (var i = 0; i < _narrow.Length; i++)
                _narrow[i] = (Half)values[i];
            _writer.Write(halves, _narrow, fileSelection: rows);
        }
        else
        {
            _writer.Write(floats!, values.ToArray(), fileSelection: rows);
        }
    }

    /// <summary>Whether an error comes from the file system; PureHDF writes by reflection, which wraps them.</summary>
    private static bool IsOfFiles(Exception error) =>
        error is IOException or UnauthorizedAccessException
        || (error is TargetInvocationException { InnerException: { } inner } && IsOfFiles(inner));

    private InputException NotWritten(Exception error) =>
        AtomicFile.NotWritten(_path, error is TargetInvocationException { InnerException: { } inner } ? inner : error);
}
