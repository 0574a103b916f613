using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>Moves the stains of a view (Tellez et al. 2019, after Ruifrok and Johnston 2001).</summary>
/// <remarks>
/// Each stain s of haematoxylin, eosin and DAB becomes s · (1 + σ) + β. Stains are taken in optical density, −ln((x + 1) / 256) for a byte x,
/// which white makes 0. Unmixing, moving and mixing again is one affine map of the density, so a view costs one logarithm, one 3 × 3 product
/// and one exponential a pixel, and no stain is cut off at 0.
/// </remarks>
internal readonly struct StainMap
{
    // rows: the optical density of red, green and blue that one unit of haematoxylin, eosin and DAB makes
    private static readonly double[,] _mix =
    {
        { 0.65, 0.70, 0.29 },
        { 0.07, 0.99, 0.11 },
        { 0.27, 0.57, 0.78 },
    };
    private static readonly double[,] _unmix = Inverse(_mix);

    private readonly Vector3 _red;
    private readonly Vector3 _green;
    private readonly Vector3 _blue;
    private readonly Vector3 _shift;

    /// <summary>Prepares the map.</summary>
    /// <param name="factor">1 + σ of haematoxylin, eosin and DAB.</param>
    /// <param name="shift">β of haematoxylin, eosin and DAB, in optical density.</param>
    public StainMap(Vector3 factor, Vector3 shift)
    {
        // log' = log · (unmix · diag(factor) · mix) − shift · mix, for rows of colours
        (_red, _green, _blue) = (To(0, factor), To(1, factor), To(2, factor));
        _shift = new Vector3(Shift(0, shift), Shift(1, shift), Shift(2, shift));
    }

    /// <summary>Maps colours in [0, 1].</summary>
    /// <param name="red">Reds; a multiple of 8.</param>
    /// <param name="green">Greens.</param>
    /// <param name="blue">Blues.</param>
    public void Apply(Span<float> red, Span<float> green, Span<float> blue)
    {
        for (var i = 0; i < red.Length; i += Vector256<float>.Count)
        {
            var r = Log(red, i);
            var g = Log(green, i);
            var b = Log(blue, i);
            Store(r, g, b, _red, _shift.X, red, i);
            Store(r, g, b, _green, _shift.Y, green, i);
            Store(r, g, b, _blue, _shift.Z, blue, i);
        }
    }

    private static Vector256<float> Log(Span<float> plane, int at) =>
        Vector256.Log(
            Vector256.FusedMultiplyAdd(
                Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(plane), (nuint)at),
                Vector256.Create(255f / 256),
                Vector256.Create(1f / 256)
            )
        );

    private static void Store(
        Vector256<float> r,
        Vector256<float> g,
        Vector256<float> b,
        Vector3 from,
        float shift,
        Span<float> plane,
        int at
    )
    {
        var log = Vector256.FusedMultiplyAdd(r, Vector256.Create(from.X), Vector256.Create(shift));
        log = Vector256.FusedMultiplyAdd(g, Vector256.Create(from.Y), log);
        log = Vector256.FusedMultiplyAdd(b, Vector256.Create(from.Z), log);
        var colour = Vector256.FusedMultiplyAdd(
            Vector256.Exp(log),
            Vector256.Create(256f / 255),
            Vector256.Create(-1f / 255)
        );
        Vector256
            .Min(Vector256.Max(colour, Vector256<float>.Zero), Vector256<float>.One)
            .StoreUnsafe(ref MemoryMarshal.GetReference(plane), (nuint)at);
    }

    // what the logarithms of red, green and blue add to that of one colour
    private static Vector3 To(int colour, Vector3 factor)
    {
        var column = Vector3.Zero;
        for (var from = 0; from < 3; from++)
        {
            var sum = 0.0;
            for (var stain = 0; stain < 3; stain++)
                sum += _unmix[from, stain] * factor[stain] * _mix[stain, colour];
            column[from] = (float)sum;
        }

        return column;
    }

    private static float Shift(int colour, Vector3 shift)
    {
        var sum = 0.0;
        for (var stain = 0; stain < 3; stain++)
            sum -= shift[stain] * _mix[stain, colour];
        return (float)sum;
    }

    private static double[,] Inverse(double[,] m)
    {
        var inverse = new double[3, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var (a, b, c, d) = ((j + 1) % 3, (j + 2) % 3, (i + 1) % 3, (i + 2) % 3);
                inverse[i, j] = (m[a, c] * m[b, d]) - (m[a, d] * m[b, c]);
            }
        }

        var determinant = (m[0, 0] * inverse[0, 0]) + (m[0, 1] * inverse[1, 0]) + (m[0, 2] * inverse[2, 0]);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                inverse[i, j] /= determinant;
        }

        return inverse;
    }
}
