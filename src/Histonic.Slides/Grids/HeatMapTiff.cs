using Histonic.Slides.Reading;
using NetVips;

namespace Histonic.Slides.Grids;

/// <summary>A heat map as a picture of one number a pixel, as ASAP's and QuPath's overlays and any TIFF library read it.</summary>
public static class HeatMapTiff
{
    /// <summary>
    /// Writes a tiled, pyramidal TIFF of 32-bit floats, one pixel a cell (row 0, column 0 first), 0 where there is no tissue. Its resolution tells
    /// the side of a cell, so that it lies on the slide when both are scaled by their resolution.
    /// </summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="map">The map.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, HeatMap map)
    {
        VipsLibrary.Prepare();
        var values = Array.ConvertAll(map.Values, value => float.IsFinite(value) ? value : 0);
        using var pixels = Image.NewFromMemory(values, map.Columns, map.Rows, 1, Enums.BandFormat.Float);
        using var grey = pixels.Copy(interpretation: Enums.Interpretation.Bw);
        var side = new Microns(map.Geometry.StrideLevel0 * map.Geometry.Level0PixelSize.Value.Value);
        PyramidFile.Write(path, grey, side, Enums.ForeignTiffCompression.Deflate);
    }
}
