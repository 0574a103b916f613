using System.Runtime.CompilerServices;

namespace Histonic.Slides.Synthetic;

/// <summary>Tables of randomness that every slide shares, each starting elsewhere in them.</summary>
/// <remarks>All of them repeat, so that an index is a bit mask: 2-D ones every 256 steps, 1-D ones every 4096 or 65536.</remarks>
internal static class NoiseTables
{
    /// <summary>The side of the 2-D tables.</summary>
    public const int Side = 256;

    private static readonly float[] _lattice = Uniform("lattice", Side * Side);

    /// <summary>Gets grain of about 3 px, 256 × 256, mean 0, in about [-1, 1].</summary>
    public static float[] Grain { get; } =
        Raster((x, y) => (0.6f * At(x * 0.5f, y * 0.5f, 128)) + (0.4f * At(x, y, 256)));

    /// <summary>Gets blotches of about 8 px, 256 × 256, mean 0, in about [-1, 1].</summary>
    public static float[] Blotches { get; } =
        Raster((x, y) => (0.7f * At(x / 8f, y / 8f, 32)) + (0.3f * At(x / 4f, y / 4f, 64)));

    /// <summary>Gets streaks along one axis, 4096 long, eight entries a pixel, in about [-1, 1].</summary>
    public static float[] Streaks { get; } = MakeStreaks();

    /// <summary>Gets 65536 draws from the normal distribution.</summary>
    public static float[] Normal { get; } = MakeNormal();

    /// <summary>Smooth noise of one octave, in [-1, 1], repeating every 256 units.</summary>
    public static float Smooth(float x, float y) => At(x, y, Side);

    /// <summary>Smooth noise of three octaves, in about [-1, 1].</summary>
    public static float Fractal(float x, float y) =>
        (0.6f * At(x, y, Side))
        + (0.28f * At((x * 2.03f) + 17.3f, (y * 2.03f) + 5.1f, Side))
        + (0.14f * At((x * 4.1f) + 3.7f, (y * 4.1f) + 91.9f, Side));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float At(float x, float y, int period)
    {
        var mask = period - 1;
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (u, v) = (x - left, y - top);
        (u, v) = (u * u * (3 - (2 * u)), v * v * (3 - (2 * v)));
        int x0 = left & mask,
            x1 = (left + 1) & mask,
            y0 = (top & mask) * Side,
            y1 = ((top + 1) & mask) * Side;
        var upper = _lattice[y0 + x0] + (u * (_lattice[y0 + x1] - _lattice[y0 + x0]));
        var lower = _lattice[y1 + x0] + (u * (_lattice[y1 + x1] - _lattice[y1 + x0]));
        return upper + (v * (lower - upper));
    }

    private static float[] Uniform(string purpose, int count)
    {
        var random = new Seed(20).For(purpose);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = (2 * random.NextSingle()) - 1;
        return values;
    }

    private static float[] Raster(Func<int, int, float> at)
    {
        var values = new float[Side * Side];
        for (var i = 0; i < values.Length; i++)
            values[i] = at(i % Side, i / Side);
        return values;
    }

    private static float[] MakeStreaks()
    {
        const int Length = 4096;
        var knots = Uniform("streaks", 512);
        var values = new float[Length];
        for (var i = 0; i < Length; i++)
        {
            // widths of about 2, 5 and 14 px over eight entries a pixel
            var value = 0.0f;
            foreach (var (step, weight) in ((int, float)[])[(16, 0.35f), (32, 0.45f), (128, 0.4f)])
            {
                var knot = i / step;
                var t = (float)(i % step) / step;
                t = t * t * (3 - (2 * t));
                var last = (Length / step) - 1;
                var (from, to) = (knots[knot & last], knots[(knot + 1) & last]);
                value += weight * (from + (t * (to - from)));
            }

            values[i] = value;
        }

        return values;
    }

    private static float[] MakeNormal()
    {
        var random = new Seed(20).For("normal");
        var values = new float[65536];
        foreach (ref var value in values.AsSpan())
            value = (float)Draws.Normal(random);
        return values;
    }
}
