using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Histonic.Learning.Encoders.Kernels;

/// <summary>
/// The product that all time is spent in: 5 rows of inputs by 64 columns of weights, the 20 sums kept in registers of 16 numbers. Every sum
/// takes its terms in the same order wherever its row stands, so an embedding does not depend on the patches beside it.
/// </summary>
internal static unsafe class ProductKernel
{
    /// <summary>The rows of a product.</summary>
    public const int Rows = 5;

    /// <summary>The columns of a product: numbers of channels are rounded up to it.</summary>
    public const int Columns = 64;

    private const int Lanes = 16;

    /// <summary>Gets whether this processor has the registers; without them libraries made for others are faster.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>Rounds up to whole columns of products.</summary>
    public static int Padded(int channels) => (channels + Columns - 1) / Columns * Columns;

    /// <summary>Lays weights as <see cref="Run"/> takes them: 64 outputs, input after input, then the next 64.</summary>
    /// <param name="outputs">The number of outputs; those beyond are left as they are.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="weight">The weight of an output and an input.</param>
    /// <param name="packed">Receives inputs × <see cref="Padded"/> outputs.</param>
    public static void Pack(int outputs, int inputs, Func<int, int, float> weight, float* packed)
    {
        for (var output = 0; output < outputs; output++)
        {
            var (panel, column) = Math.DivRem(output, Columns);
            var to = packed + ((nint)panel * inputs * Columns) + column;
            for (var input = 0; input < inputs; input++)
                to[(nint)input * Columns] = weight(output, input);
        }
    }

    /// <summary>
    /// y[i][j] = max(s, slope · s) with s = bias[j] + Σ x[i][offsets[k]] · weights[k][j], for 5 rows i and 64 columns j.
    /// </summary>
    /// <param name="x">The 5 rows of inputs; rows may repeat.</param>
    /// <param name="offsets">Where in a row each input lies.</param>
    /// <param name="count">The number of inputs.</param>
    /// <param name="weights">count × 64 numbers, aligned.</param>
    /// <param name="bias">64 numbers, aligned.</param>
    /// <param name="slope">In [0, 1]: 1 is the identity, 0 ReLU, else leaky ReLU.</param>
    /// <param name="y">Receives the rows, aligned.</param>
    /// <param name="stride">The distance of the rows of y.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a slide is done before the compiler has looked twice
    public static void Run(
        float** x,
        int* offsets,
        int count,
        float* weights,
        float* bias,
        float slope,
        float* y,
        nint stride
    )
    {
        float* x0 = x[0],
            x1 = x[1],
            x2 = x[2],
            x3 = x[3],
            x4 = x[4];
        var (b0, b1, b2, b3) = (At(bias, 0), At(bias, 1), At(bias, 2), At(bias, 3));
        // one name a register: the compiler keeps neither arrays nor spans in registers
        Vector512<float> s00 = b0,
            s01 = b1,
            s02 = b2,
            s03 = b3;
        Vector512<float> s10 = b0,
            s11 = b1,
            s12 = b2,
            s13 = b3;
        Vector512<float> s20 = b0,
            s21 = b1,
            s22 = b2,
            s23 = b3;
        Vector512<float> s30 = b0,
            s31 = b1,
            s32 = b2,
            s33 = b3;
        Vector512<float> s40 = b0,
            s41 = b1,
            s42 = b2,
            s43 = b3;
        for (nint k = 0; k < count; k++)
        {
            nint at = offsets[k];
            var (w0, w1, w2, w3) = (At(weights, 0), At(weights, 1), At(weights, 2), At(weights, 3));
            weights += Columns;
            var value = Vector512.Create(x0[at]);
            s00 = Vector512.FusedMultiplyAdd(value, w0, s00);
            s01 = Vector512.FusedMultiplyAdd(value, w1, s01);
            s02 = Vector512.FusedMultiplyAdd(value, w2, s02);
            s03 = Vector512.FusedMultiplyAdd(value, w3, s03);
            value = Vector512.Create(x1[at]);
            s10 = Vector512.FusedMultiplyAdd(value, w0, s10);
            s11 = Vector512.FusedMultiplyAdd(value, w1, s11);
            s12 = Vector512.FusedMultiplyAdd(value, w2, s12);
            s13 = Vector512.FusedMultiplyAdd(value, w3, s13);
            value = Vector512.Create(x2[at]);
            s20 = Vector512.FusedMultiplyAdd(value, w0, s20);
            s21 = Vector512.FusedMultiplyAdd(value, w1, s21);
            s22 = Vector512.FusedMultiplyAdd(value, w2, s22);
            s23 = Vector512.FusedMultiplyAdd(value, w3, s23);
            value = Vector512.Create(x3[at]);
            s30 = Vector512.FusedMultiplyAdd(value, w0, s30);
            s31 = Vector512.FusedMultiplyAdd(value, w1, s31);
            s32 = Vector512.FusedMultiplyAdd(value, w2, s32);
            s33 = Vector512.FusedMultiplyAdd(value, w3, s33);
            value = Vector512.Create(x4[at]);
            s40 = Vector512.FusedMultiplyAdd(value, w0, s40);
            s41 = Vector512.FusedMultiplyAdd(value, w1, s41);
            s42 = Vector512.FusedMultiplyAdd(value, w2, s42);
            s43 = Vector512.FusedMultiplyAdd(value, w3, s43);
        }

        Store(y, slope, s00, s01, s02, s03);
        Store(y + stride, slope, s10, s11, s12, s13);
        Store(y + (2 * stride), slope, s20, s21, s22, s23);
        Store(y + (3 * stride), slope, s30, s31, s32, s33);
        Store(y + (4 * stride), slope, s40, s41, s42, s43);
    }

    private static Vector512<float> At(float* from, int register) => Vector512.LoadAligned(from + (register * Lanes));

    private static void Store(
        float* y,
        float slope,
        Vector512<float> s0,
        Vector512<float> s1,
        Vector512<float> s2,
        Vector512<float> s3
    )
    {
        var factor = Vector512.Create(slope);
        Vector512.MaxNative(s0, s0 * factor).StoreAligned(y);
        Vector512.MaxNative(s1, s1 * factor).StoreAligned(y + Lanes);
        Vector512.MaxNative(s2, s2 * factor).StoreAligned(y + (2 * Lanes));
        Vector512.MaxNative(s3, s3 * factor).StoreAligned(y + (3 * Lanes));
    }
}
