namespace Histonic.Slides.Grids;

/// <summary>A compressed slide as a dense picture: every channel a plane over the grid, background exactly 0.</summary>
/// <param name="Channels">The number C of channels.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The number of columns.</param>
/// <param name="Values">C × rows × columns numbers.</param>
public sealed record FeatureMap(int Channels, int Rows, int Columns, float[] Values)
{
    /// <summary>Lays the embeddings of a compressed slide out.</summary>
    public static FeatureMap Of(CompressedSlide slide)
    {
        var plane = slide.Rows * slide.Columns;
        var values = new float[checked(slide.Channels * plane)];
        for (var n = 0; n < slide.Cells.Count; n++)
        {
            var (row, column) = slide.Cells[n];
            var at = (row * slide.Columns) + column;
            foreach (var value in slide.Embedding(n))
            {
                values[at] = value;
                at += plane;
            }
        }

        return new FeatureMap(slide.Channels, slide.Rows, slide.Columns, values);
    }
}
