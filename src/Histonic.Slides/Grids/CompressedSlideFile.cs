using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Histonic.Slides.Grids;

/// <summary>The file of a compressed slide, SLIDE.h5: HDF5 that CLAM's and TRIDENT's readers open too.</summary>
public static class CompressedSlideFile
{
    /// <summary>The version of the format that is written. Files of a newer one are refused.</summary>
    public const int FormatVersion = 1;

    private static readonly byte[] _signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file that comes to be when the writer commits; its folder is made when it is missing.</param>
    /// <param name="header">What stands beside the embeddings.</param>
    /// <exception cref="InputException">The folder cannot be made or written.</exception>
    public static CompressedSlideWriter Create(string path, CompressedSlideHeader header)
    {
        var (rows, columns) = (header.Geometry.Rows, header.Geometry.Columns);
        if (header.Tissue.Count != rows * columns)
            throw new ArgumentException($"{header.Tissue.Count} shares of {rows} × {columns} cells.", nameof(header));
        return new CompressedSlideWriter(path, header);
    }

    /// <summary>Writes a compressed slide that is in memory.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="slide">The slide.</param>
    /// <param name="precision">How its embeddings are stored.</param>
    /// <param name="created">When it is made.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, CompressedSlide slide, FeaturePrecision precision, DateTimeOffset created)
    {
        using var writer = Create(
            path,
            new CompressedSlideHeader
            {
                Slide = slide.Slide,
                Geometry = slide.Geometry,
                Cells = slide.Cells,
                Tissue = slide.Tissue,
                Channels = slide.Channels,
                Symmetries = slide.FeaturesD4 is not null,
                Precision = precision,
                Encoder = slide.Encoder,
                EncoderSha256 = slide.EncoderSha256,
                TissueMethod = slide.TissueMethod,
                Created = created,
            }
        );
        writer.Write([.. Enumerable.Range(0, slide.Cells.Count)], slide.Features, slide.FeaturesD4);
        writer.Commit();
    }

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is missing, damaged, not HDF5, or not a compressed slide of this program.</exception>
    public static CompressedSlide Read(string path) =>
        InFile(
            path,
            file =>
            {
                var (head, hasSymmetries) = Head(path, file);
                var length = head.Cells.Count * head.Channels;
                return head with
                {
                    Features = Floats(file.Dataset("features"), length),
                    FeaturesD4 = hasSymmetries ? Floats(file.Dataset("features_d4"), 8 * length) : null,
                    Tissue = head.Rows * head.Columns == 0 ? [] : file.Dataset("tissue").Read<float[]>(),
                };
            }
        );

    /// <summary>Reads all but the embeddings and the shares of tissue, which are left empty, and whether there are embeddings under 8 symmetries.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is missing, damaged, not HDF5, or not a compressed slide of this program.</exception>
    internal static (CompressedSlide Head, bool HasSymmetries) ReadHead(string path) =>
        InFile(path, file => Head(path, file));

    /// <summary>Reads embeddings as they are stored, half or single precision.</summary>
    /// <param name="path">The file.</param>
    /// <param name="symmetry">Which of features_d4, from 0 to 7; below 0: features.</param>
    /// <param name="length">How many numbers there are, N · C.</param>
    /// <exception cref="InputException">The file is missing, damaged, or no longer the one it was.</exception>
    internal static EmbeddingBlock ReadEmbeddings(string path, int symmetry, int length) =>
        length == 0
            ? new EmbeddingBlock(ReadOnlyMemory<float>.Empty)
            : InFile(
                path,
                file =>
                {
                    var dataset = file.Dataset(symmetry < 0 ? "features" : "features_d4");
                    var (n, channels) = (dataset.Space.Dimensions[^2], dataset.Space.Dimensions[^1]);
                    if (n * channels != (ulong)length)
                        throw Foreign(path, "was changed while it was in use");
                    var part =
                        symmetry < 0 ? null : new HyperslabSelection(3, [(ulong)symmetry, 0, 0], [1, n, channels]);
                    return dataset.Type.Size == 4
                        ? new EmbeddingBlock(dataset.Read<float[]>(fileSelection: part))
                        : new EmbeddingBlock(dataset.Read<Half[]>(fileSelection: part));
                }
            );

    /// <summary>Reads what a file was made with, and checks that it is whole, without reading its embeddings.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is missing, cut short, not HDF5, or not a compressed slide of this program.</exception>
    public static CompressedSlideStamp ReadStamp(string path) =>
        InFile(
            path,
            file =>
                file.AttributeExists("format_version")
                    ? new CompressedSlideStamp(
                        file.Attribute("encoder").Read<string>(),
                        file.Attribute("encoder_sha256").Read<string>(),
                        file.AttributeExists("options") ? file.Attribute("options").Read<string>() : "",
                        file.AttributeExists("slide_fingerprint")
                            ? file.Attribute("slide_fingerprint").Read<string>()
                            : "",
                        (int)file.Dataset("features").Space.Dimensions[0]
                    )
                    : throw Foreign(path, "is an HDF5 file of another program")
        );

    private static T InFile<T>(string path, Func<NativeFile, T> read)
    {
        CheckSignature(path);
        Hdf5Length.Check(path, "Make it again with 'histonic compress'");
        try
        {
            using var file = H5File.OpenRead(path);
            return read(file);
        }
        catch (Exception error) when (error is not HistonicException)
        {
            // PureHDF tells everything by bare exceptions.
            throw new InputException(
                path,
                $"is damaged ({error.Message.TrimEnd('.')})",
                "Make it again with 'histonic compress'",
                error
            );
        }
    }

    private static (CompressedSlide Head, bool HasSymmetries) Head(string path, NativeFile file)
    {
        if (!file.AttributeExists("format_version"))
            throw Foreign(path, "is an HDF5 file of another program");
        var version = file.Attribute("format_version").Read<int>();
        if (version > FormatVersion)
            throw Foreign(path, $"has format version {version}, newer than this program's {FormatVersion}");
        foreach (var name in new[] { "features", "coords", "grid", "tissue" })
        {
            if (!file.LinkExists(name))
                throw Foreign(path, $"lacks the data set '{name}'");
        }

        string Text(string name) => file.Attribute(name).Read<string>();
        double Number(string name) => file.Attribute(name).Read<double>();
        var coords = file.Dataset("coords");
        T Coordinate<T>(string name) => coords.Attribute(name).Read<T>();
        var downsamples = Coordinate<double[]>("downsample");
        var offset = coords.AttributeExists("offset") ? Coordinate<double[]>("offset") : [0, 0];

        var features = file.Dataset("features");
        var (patches, channels) = ((int)features.Space.Dimensions[0], (int)features.Space.Dimensions[1]);
        var places = patches == 0 ? [] : file.Dataset("grid").Read<int[]>();
        var geometry = new GridGeometry
        {
            Level0Width = Coordinate<long>("level0_width"),
            Level0Height = Coordinate<long>("level0_height"),
            BoundsCorner = coords.AttributeExists("bounds_x")
                ? (Coordinate<long>("bounds_x"), Coordinate<long>("bounds_y"))
                : (0, 0),
            Level0PixelSize = new PixelSize(new Microns(Number("level0_mpp")), Text("mpp_source")),
            PixelSize = new Microns(Number("mpp")),
            Level = (int)Coordinate<long>("patch_level"),
            LevelDownsample = Coordinate<double>("level_downsample"),
            Downsample = downsamples[0],
            PatchSize = (int)Coordinate<long>("patch_size"),
            Stride = (int)file.Attribute("stride_px").Read<long>(),
            OffsetX = offset[0],
            OffsetY = offset[1],
        };
        var (rows, columns) = ((int)file.Attribute("rows").Read<long>(), (int)file.Attribute("columns").Read<long>());
        var cells = new GridCell[patches];
        for (var i = 0; i < patches; i++)
        {
            cells[i] = new GridCell(places[i * 2], places[(i * 2) + 1]);
            if (cells[i] is not { Row: >= 0, Column: >= 0 } || cells[i].Row >= rows || cells[i].Column >= columns)
                throw Foreign(path, $"has a patch at {cells[i]}, outside its {rows} × {columns} cells");
        }

        var head = new CompressedSlide
        {
            Slide = Text("slide"),
            Geometry = geometry,
            Rows = rows,
            Columns = columns,
            Channels = channels,
            Cells = cells,
            Features = [],
            Tissue = [],
            Encoder = Text("encoder"),
            EncoderSha256 = Text("encoder_sha256"),
            TissueMethod = Text("tissue_method"),
        };
        return (head, file.LinkExists("features_d4"));
    }

    private static float[] Floats(IH5Dataset dataset, int count)
    {
        if (count == 0)
            return [];
        if (dataset.Type.Size == 4)
            return dataset.Read<float[]>();
        return Array.ConvertAll(dataset.Read<Half[]>(), half => (float)half);
    }

    private static void CheckSignature(string path)
    {
        if (Directory.Exists(path))
            throw new InputException(path, "is a folder, not a compressed slide", "Give the .h5 files in it");
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[8];
            if (file.ReadAtLeast(start, 8, throwOnEndOfStream: false) == 0)
                throw new InputException(path, "is empty (0 bytes)", "Make it again with 'histonic compress'");
            if (!start.AsSpan().SequenceEqual(_signature))
                throw Foreign(path, "is no HDF5 file");
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

    private static InputException Foreign(string path, string finding) =>
        new(
            path,
            finding,
            "Give a file made by 'histonic compress', or turn other programs' into such with 'histonic convert'"
        );
}
