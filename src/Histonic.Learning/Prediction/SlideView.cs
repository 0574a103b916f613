using Histonic.Slides.Grids;

namespace Histonic.Learning.Prediction;

/// <summary>One look at a slide: turned by a symmetry, then cut.</summary>
/// <param name="Symmetry">Which of the 8, 0 = as it is.</param>
/// <param name="Top">The first row of the crop in the turned grid; below 0 where the crop starts outside.</param>
/// <param name="Left">The first column of the crop in the turned grid; below 0 where the crop starts outside.</param>
internal readonly record struct SlideView(int Symmetry, int Top, int Left)
{
    /// <summary>Where a cell lies in a crop.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="n">The cell's index.</param>
    public (int Row, int Column) Place(SlideGrid slide, int n)
    {
        var cell = GridSymmetry.Turn(Symmetry, slide.Cells[n], slide.Rows, slide.Columns);
        return (cell.Row - Top, cell.Column - Left);
    }
}
