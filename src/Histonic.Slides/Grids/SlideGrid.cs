using Histonic.Slides.Tiling;

namespace Histonic.Slides.Grids;

/// <summary>A compressed slide whose embeddings are fetched when they are needed: from memory, or from its file through an <see cref="EmbeddingCache"/>.</summary>
public sealed record SlideGrid
{
    private const int Plain = -1; // the data set features, not one of features_d4

    private SlideGrid() { }

    /// <summary>Gets the slide's name: its file name without extension.</summary>
    public required string Slide { get; init; }

    /// <summary>Gets where the cells lie on the slide.</summary>
    public required GridGeometry Geometry { get; init; }

    /// <summary>Gets the number of rows of the grid.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets the number of columns of the grid.</summary>
    public required int Columns { get; init; }

    /// <summary>Gets the length C of an embedding.</summary>
    public required int Channels { get; init; }

    /// <summary>Gets the cells that hold an embedding (N), in raster order.</summary>
    public required IReadOnlyList<GridCell> Cells { get; init; }

    /// <summary>Gets whether the embeddings of turned patches are there too.</summary>
    public required bool HasSymmetries { get; init; }

    /// <summary>Gets the name of the encoder.</summary>
    public required string Encoder { get; init; }

    /// <summary>Gets the SHA-256 of the encoder's file, in lower-case hexadecimals; empty where it is not known.</summary>
    public required string EncoderSha256 { get; init; }

    private Func<int, EmbeddingBlock> Fetch { get; init; } = _ => new EmbeddingBlock(ReadOnlyMemory<float>.Empty);

    /// <summary>Opens a file; its embeddings are read when they are first asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cache">Keeps them.</param>
    /// <exception cref="InputException">It is missing, damaged, not HDF5, or not a compressed slide of this program.</exception>
    public static SlideGrid Open(string path, EmbeddingCache cache)
    {
        var (head, hasSymmetries) = CompressedSlideFile.ReadHead(path);
        var length = head.Cells.Count * head.Channels;
        return Of(head, hasSymmetries) with
        {
            Fetch = part => cache.Get(path, part, () => CompressedSlideFile.ReadEmbeddings(path, part, length)),
        };
    }

    /// <summary>A compressed slide that is in memory.</summary>
    public static implicit operator SlideGrid(CompressedSlide slide) => FromCompressedSlide(slide);

    /// <summary>A compressed slide that is in memory.</summary>
    public static SlideGrid FromCompressedSlide(CompressedSlide slide)
    {
        var length = slide.Cells.Count * slide.Channels;
        return Of(slide, slide.FeaturesD4 is not null) with
        {
            Fetch = part => new EmbeddingBlock(
                part == Plain ? slide.Features.AsMemory() : slide.FeaturesD4.AsMemory(part * length, length)
            ),
        };
    }

    /// <summary>Whether embeddings come from one encoder: by its hash or, where a file of another program tells none, by its name.</summary>
    /// <param name="encoder">The name of the other encoder.</param>
    /// <param name="sha256">Its hash; empty = not known.</param>
    /// <param name="channels">The length of its embeddings.</param>
    public bool IsOf(string encoder, string sha256, int channels) =>
        Channels == channels
        && string.Equals(EncoderSha256, sha256, StringComparison.OrdinalIgnoreCase)
        && (sha256.Length > 0 || string.Equals(Encoder, encoder, StringComparison.Ordinal));

    /// <summary>The embeddings of the patches as they are, N × C in the order of <see cref="Cells"/>.</summary>
    /// <exception cref="InputException">The file is gone, or damaged.</exception>
    public EmbeddingBlock Embeddings() => Fetch(Plain);

    /// <summary>The embeddings under a symmetry: those of the turned patches where there are any, else those of the patches as they are.</summary>
    /// <param name="symmetry">Which, from 0 (as it is) to 7.</param>
    /// <exception cref="InputException">The file is gone, or damaged.</exception>
    public EmbeddingBlock Embeddings(int symmetry) => Fetch(HasSymmetries ? symmetry : Plain);

    private static SlideGrid Of(CompressedSlide slide, bool hasSymmetries) =>
        new()
        {
            Slide = slide.Slide,
            Geometry = slide.Geometry,
            Rows = slide.Rows,
            Columns = slide.Columns,
            Channels = slide.Channels,
            Cells = slide.Cells,
            HasSymmetries = hasSymmetries,
            Encoder = slide.Encoder,
            EncoderSha256 = slide.EncoderSha256,
        };
}
