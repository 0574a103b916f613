using Histonic.Slides.Tiling;

namespace Histonic.Slides.Grids;

/// <summary>One number a cell of a slide's grid, such as how much it spoke for a prediction.</summary>
/// <param name="Slide">The slide's name, without extension.</param>
/// <param name="Geometry">Where the cells lie on the slide.</param>
/// <param name="Rows">The number of rows of the grid.</param>
/// <param name="Columns">The number of columns of the grid.</param>
/// <param name="Values">Rows × columns, row by row; NaN where there is no tissue.</param>
public sealed record HeatMap(string Slide, GridGeometry Geometry, int Rows, int Columns, float[] Values);
