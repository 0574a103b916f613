using System.Globalization;
using Histonic.Slides;
using Histonic.Slides.Grids;

namespace Histonic.Cli.Commands;

/// <summary>A compressed slide as info shows it; its file was read whole.</summary>
internal sealed record GridFacts(
    string Path,
    string Name,
    string Format,
    long Bytes,
    int Rows,
    int Columns,
    int Patches,
    int Channels,
    bool Symmetries,
    int NotFinite,
    int PatchSizePx,
    int StridePx,
    double Mpp,
    long SlideWidth,
    long SlideHeight,
    double TissueShare,
    string TissueMethod,
    string Encoder,
    string EncoderSha256,
    string Options
)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is missing, damaged, or not a compressed slide of this program.</exception>
    public static GridFacts Of(string path)
    {
        var (slide, stamp) = (CompressedSlideFile.Read(path), CompressedSlideFile.ReadStamp(path));
        var geometry = slide.Geometry;
        return new GridFacts(
            path,
            slide.Slide,
            "compressed slide",
            FileLength.Of(path),
            slide.Rows,
            slide.Columns,
            slide.Cells.Count,
            slide.Channels,
            slide.FeaturesD4 is not null,
            slide.Features.Count(value => !float.IsFinite(value)),
            geometry.PatchSize,
            geometry.Stride,
            geometry.PixelSize.Value,
            geometry.Level0Width,
            geometry.Level0Height,
            slide.Tissue.Length == 0 ? 0 : slide.Tissue.Average(),
            slide.TissueMethod,
            slide.Encoder,
            slide.EncoderSha256,
            stamp.Options
        );
    }

    /// <summary>Its lines, name and value.</summary>
    public IEnumerable<(string Name, string Value)> Lines()
    {
        yield return ("format", $"{Format}, whole");
        yield return (
            "grid",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Rows} rows × {Columns} columns; {Patches} patches with tissue ({TissueShare:P1} of the slide is tissue by {TissueMethod})"
            )
        );
        yield return (
            "patches",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{PatchSizePx} px at {Mpp:0.####} µm, every {StridePx} px; the slide has {SlideWidth} × {SlideHeight} px"
            )
        );
        yield return (
            "embeddings",
            $"{Channels} numbers a patch{(Symmetries ? ", and under 8 symmetries" : "")}{(NotFinite > 0 ? $"; {NotFinite} are not finite" : "")}"
        );
        yield return ("encoder", $"{Encoder}, SHA-256 {EncoderSha256}");
        if (Options.Length > 0)
            yield return ("options", Options);
    }
}
