namespace Histonic.Learning.Prediction;

/// <summary>How the papers' slide network fits a cohort: the side of its crops and the strides of its layers.</summary>
/// <remarks>
/// The papers crop 400 × 400 cells and shrink them by 3 × 3 convolutions without padding, strides 2,2,2,2,2,2,1,1, to
/// 1 × 1. A strided layer only halves the grid, so a cohort of small grids needs fewer of them: n strided layers and the
/// two of stride 1 end at 1 × 1 for sides from 6 · 2ⁿ − 1 to 7 · 2ⁿ − 2. The plan has the fewest layers whose range
/// reaches the largest grid, and the smallest crop of that range that holds it; grids are padded with zeros to the crop.
/// With 6 strided layers it is the papers' network, and its crop is theirs: 400.
/// </remarks>
/// <param name="Crop">The side of a crop in cells.</param>
/// <param name="Strides">The stride of each layer, first to last.</param>
public sealed record CnnPlan(int Crop, IReadOnlyList<int> Strides)
{
    /// <summary>The crop of the papers.</summary>
    public const int PaperCrop = 400;

    private const int PaperStrided = 6;

    /// <summary>Gets the papers' plan: 8 layers, crop 400.</summary>
    public static CnnPlan Paper { get; } = new(PaperCrop, StridesWith(PaperStrided));

    /// <summary>The plan for a cohort.</summary>
    /// <param name="largestSide">The most rows or columns of any of its grids, at least 1.</param>
    public static CnnPlan For(int largestSide)
    {
        for (var strided = 0; strided < PaperStrided; strided++)
        {
            var (least, most) = ((6 << strided) - 1, (7 << strided) - 2);
            if (largestSide <= most)
                return new CnnPlan(Math.Max(largestSide, least), StridesWith(strided));
        }

        return Paper;
    }

    private static IReadOnlyList<int> StridesWith(int strided) => [.. Enumerable.Repeat(2, strided), 1, 1];
}
