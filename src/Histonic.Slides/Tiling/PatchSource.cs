using System.Globalization;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tiling;

/// <summary>From which pixels of a slide its patches are read.</summary>
public sealed record PatchSource
{
    /// <summary>How far a source's pixel size may be from the wanted one for its pixels to be taken as they are, in a patch of fewer pixels.</summary>
    /// <remarks>Over 64 pixels that is a third of one.</remarks>
    private const double CopyTolerance = 0.005;

    private PatchSource() { }

    /// <summary>Gets the level that is decoded.</summary>
    public required int Level { get; init; }

    /// <summary>Gets what the decoder divides the level's sides by (<see cref="ISlide.Reductions"/>).</summary>
    public required int Reduction { get; init; }

    /// <summary>Gets how many level-0 pixels one pixel of the source spans.</summary>
    public required double Downsample { get; init; }

    /// <summary>Gets how many source pixels become one pixel of a patch, along a side; 1 = they are taken as they are.</summary>
    public required double Scale { get; init; }

    /// <summary>Gets the side of the patches that come of it, in pixels.</summary>
    public required int Side { get; init; }

    /// <summary>Gets the source in words, such as "level 1" or "level 0, 1/2".</summary>
    public string Name =>
        string.Create(CultureInfo.InvariantCulture, $"level {Level}{(Reduction > 1 ? $", 1/{Reduction}" : "")}");

    /// <summary>The pixels of the working pixel size: patches of the geometry's size.</summary>
    public static PatchSource Of(GridGeometry geometry) =>
        new()
        {
            Level = geometry.Level,
            Reduction = 1,
            Downsample = geometry.LevelDownsample,
            Scale = geometry.Downsample / geometry.LevelDownsample,
            Side = geometry.PatchSize,
        };

    /// <summary>
    /// Cheaper pixels for someone who only needs the means of squares of working pixels: a coarser level, or the decoder's own shrinking.
    /// How near they come to those means depends on how the slide was made; who takes them should look.
    /// </summary>
    /// <param name="slide">The slide.</param>
    /// <param name="geometry">Where its patches lie.</param>
    /// <param name="pool">The side of the squares in working pixels; 1 gives no source.</param>
    /// <returns>The cheapest first; none where there is nothing cheaper. Their patches have P / pool pixels a side.</returns>
    public static IReadOnlyList<PatchSource> Pooled(ISlide slide, GridGeometry geometry, int pool)
    {
        if (pool == 1 || geometry.PatchSize % pool != 0)
            return [];
        var wanted = geometry.Downsample * pool;
        var most = wanted * (1 + CopyTolerance);
        var coarser = slide.Levels.LastOrDefault(level => level.Index > geometry.Level && level.Downsample <= most);
        var sources = new List<PatchSource>();
        if (coarser is not null)
            Add(coarser.Index, 1);
        foreach (var level in coarser is null ? [geometry.Level] : new[] { coarser.Index, geometry.Level })
        {
            var reduction = slide
                .Reductions(level)
                .Where(factor => slide.Levels[level].Downsample * factor <= most)
                .DefaultIfEmpty(1)
                .Max();
            if (reduction > 1)
                Add(level, reduction);
        }

        return sources;

        void Add(int level, int reduction)
        {
            var downsample = slide.Levels[level].Downsample * reduction;
            var scale = wanted / downsample;
            sources.Add(
                new PatchSource
                {
                    Level = level,
                    Reduction = reduction,
                    Downsample = downsample,
                    Scale = Math.Abs(scale - 1) <= CopyTolerance ? 1 : scale,
                    Side = geometry.PatchSize / pool,
                }
            );
        }
    }
}
