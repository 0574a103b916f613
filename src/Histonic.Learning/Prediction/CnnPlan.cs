namespace Histonic.Learning.Prediction;

/// <summary>How the papers' slide network fits a cohort: the side of its crops and the strides of its layers.</summary>
/// <remarks>
/// The papers crop 400 × 400 cells and shrink them by 3 × 3 convolutions without padding, strides 2,2,2,2,2,2,1,1, to
/// 1 × 1. A strided layer only halves the grid, so a cohort of small grids needs fewer of them: n strided layers and m of
/// stride 1 end at 1 × 1 for sides from (2m + 2) · 2ⁿ − 1 to (2m + 3) · 2ⁿ − 2. Of the plans with two or more layers of stride 1
/// and at most the papers' eight in all, the one with the smallest crop that holds the largest grid is taken (grids are
/// padded with zeros to the crop, and zeros cost as much as tissue), and of equal ones the one with the fewest layers. Grids
/// beyond those take the papers' network, and its crop: 400.
/// </remarks>
/// <param name="Crop">The side of a crop in cells.</param>
/// <param name="Strides">The stride of each layer, first to last.</param>
public sealed record CnnPlan(int Crop, IReadOnlyList<int> Strides)
{
    /// <summary>The crop of the papers.</summary>
    public const int PaperCrop = 400;

    private const int PaperStrided = 6;
    private const int PaperLayers = 8;
    private const int LeastFine = 2; // layers of stride 1

    /// <summary>Gets the papers' plan: 8 layers, crop 400.</summary>
    public static CnnPlan Paper { get; } = new(PaperCrop, StridesWith(PaperStrided, LeastFine));

    /// <summary>The plan for a cohort.</summary>
    /// <param name="largestSide">The most rows or columns of any of its grids, at least 1.</param>
    public static CnnPlan For(int largestSide)
    {
        var plans =
            from strided in Enumerable.Range(0, PaperStrided)
            from fine in Enumerable.Range(LeastFine, PaperLayers - strided - LeastFine + 1)
            let least = (((2 * fine) + 2) << strided) - 1
            where largestSide <= (((2 * fine) + 3) << strided) - 2
            orderby Math.Max(largestSide, least), strided + fine
            select new CnnPlan(Math.Max(largestSide, least), StridesWith(strided, fine));
        return plans.FirstOrDefault() ?? Paper;
    }

    private static IReadOnlyList<int> StridesWith(int strided, int fine) =>
        [.. Enumerable.Repeat(2, strided), .. Enumerable.Repeat(1, fine)];
}
