using System.Text.Json.Nodes;
using Histonic.Slides.Annotations;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tissue;

/// <summary>Tissue masks as files that viewers open.</summary>
public static class TissueFiles
{
    private static readonly int[] _colour = [46, 160, 67];

    /// <summary>Writes a mask as a grey PNG: 255 tissue, 0 glass, one pixel a mask pixel.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="mask">The mask.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WritePng(string path, TissueMask mask) =>
        PictureFile.WriteGreyPng(path, mask.Width, mask.Height, mask.Unpacked(byte.MaxValue));

    /// <summary>Writes the pieces of tissue as GeoJSON annotations that QuPath imports: polygons in level-0 pixels.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="slide">Its slide: polygons end at its rim, and areas are in its µm when it tells its pixel size.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteGeoJson(string path, TissueMask mask, ISlide slide)
    {
        var rim = slide.Levels[0];
        QuPathFile.Write(
            path,
            MaskOutline
                .Trace(mask)
                .Select(
                    (piece, i) =>
                        new QuPathObject(
                            "annotation",
                            $"Tissue {i + 1}",
                            "Tissue",
                            _colour,
                            slide.PixelSize is { } size
                                ? new JsonObject
                                {
                                    ["Area µm^2"] = Math.Round(
                                        piece.Area * Math.Pow(mask.Downsample * size.Value.Value, 2)
                                    ),
                                }
                                : null,
                            piece.Rings.Select(ring =>
                                ring.Select(point =>
                                    (
                                        Math.Min(point.X * mask.Downsample, rim.Width),
                                        Math.Min(point.Y * mask.Downsample, rim.Height)
                                    )
                                )
                            )
                        )
                )
        );
    }
}
