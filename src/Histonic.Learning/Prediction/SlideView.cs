namespace Histonic.Learning.Prediction;

/// <summary>One look at a slide: turned by a symmetry, then cut.</summary>
/// <param name="Symmetry">Which of the 8, 0 = as it is.</param>
/// <param name="Top">The first row of the crop in the turned grid; below 0 where the crop starts outside.</param>
/// <param name="Left">The first column of the crop in the turned grid; below 0 where the crop starts outside.</param>
internal readonly record struct SlideView(int Symmetry, int Top, int Left);
