namespace Histonic.Slides.Grids;

/// <summary>A compressed slide as a dense picture: every channel a plane over the grid, background exactly 0.</summary>
/// <param name="Channels">The number C of channels.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The number of columns.</param>
/// <param name="Values">C × rows × columns numbers.</param>
public sealed record FeatureMap(int Channels, int Rows, int Columns, float[] Values)
{
    /// <summary>Lays the embeddings of a compressed slide out.</summary>
    public static FeatureMap Of(CompressedSlide slide) => Of(slide, slide.Features, 0);

    /// <summary>Lays the embeddings under one symmetry out, on the grid turned by it.</summary>
    /// <param name="slide">A slide that has <see cref="CompressedSlide.FeaturesD4"/>.</param>
    /// <param name="symmetry">Which, from 0 (as it is) to 7.</param>
    public static FeatureMap Of(CompressedSlide slide, int symmetry)
    {
        var count = slide.Cells.Count * slide.Channels;
        return Of(slide, slide.FeaturesD4.AsSpan(symmetry * count, count), symmetry);
    }

    private static FeatureMap Of(CompressedSlide slide, ReadOnlySpan<float> features, int symmetry)
    {
        var (rows, columns) = GridSymmetry.Size(symmetry, slide.Rows, slide.Columns);
        var plane = rows * columns;
        var values = new float[checked(slide.Channels * plane)];
        for (var n = 0; n < slide.Cells.Count; n++)
        {
            var (row, column) = GridSymmetry.Turn(symmetry, slide.Cells[n], slide.Rows, slide.Columns);
            var at = (row * columns) + column;
            foreach (var value in features.Slice(n * slide.Channels, slide.Channels))
            {
                values[at] = value;
                at += plane;
            }
        }

        return new FeatureMap(slide.Channels, rows, columns, values);
    }
}
