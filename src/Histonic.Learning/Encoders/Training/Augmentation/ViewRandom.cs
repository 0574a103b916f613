using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>The random numbers of one view.</summary>
/// <remarks>
/// A generator of its own, because a seeded <see cref="Random"/> allocates and fills a table for each view. Single numbers come from SplitMix64
/// (Steele, Lea and Flood 2014). Fields of numbers come from a counter, scrambled with two of its keys by the 32-bit mixing function of
/// C. Wellons ("Prospecting for hash functions", 2018), so that eight are made at a time.
/// </remarks>
internal struct ViewRandom
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    private ulong _state;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">The same number starts the same sequence.</param>
    /// <param name="purpose">Numbers of one purpose tell nothing about those of another, whatever their seeds.</param>
    public ViewRandom(int seed, uint purpose) => _state = ((ulong)purpose << 32) | (uint)seed;

    /// <summary>A number in [0, 1).</summary>
    public double Next() => (Bits() >> 11) * (1.0 / (1ul << 53));

    /// <summary>A whole number from 0 to below a bound.</summary>
    public int Next(int below) => (int)(Next() * below);

    /// <summary>A number in [−range, range).</summary>
    public double Within(double range) => ((Next() * 2) - 1) * range;

    /// <summary>Fills with independent numbers, uniform in (−1, 1).</summary>
    /// <param name="numbers">A multiple of 8 of them.</param>
    public void FillUniform(Span<float> numbers)
    {
        var (first, second) = Keys();
        var counter = Vector256<uint>.Indices;
        ref var target = ref MemoryMarshal.GetReference(numbers);
        for (var i = 0; i < numbers.Length; i += Vector256<float>.Count)
        {
            var bits = Scramble(counter, first, second) >> 8;
            // 24 bits: the middles of 2²⁴ steps from −1 to 1
            var number = (Single(bits) * (2f / (1 << 24))) + Vector256.Create((1f / (1 << 24)) - 1);
            number.StoreUnsafe(ref target, (nuint)i);
            counter += Vector256.Create((uint)Vector256<float>.Count);
        }
    }

    /// <summary>Adds independent normal numbers of mean 0 (Box and Muller 1958).</summary>
    /// <param name="numbers">A multiple of 16 of them.</param>
    /// <param name="deviation">Their standard deviation.</param>
    public void AddNormal(Span<float> numbers, float deviation)
    {
        var (first, second) = Keys();
        var counter = Vector256<uint>.Indices;
        var step = Vector256.Create((uint)Vector256<float>.Count);
        ref var target = ref MemoryMarshal.GetReference(numbers);
        for (var i = 0; i < numbers.Length; i += 2 * Vector256<float>.Count)
        {
            // in (0, 1], so that its logarithm is finite
            var chance = (Single(Scramble(counter, first, second) >> 8) + Vector256<float>.One) * (1f / (1 << 24));
            counter += step;
            var turn = Single(Scramble(counter, first, second) >> 8) * (float)(2 * Math.PI / (1 << 24));
            counter += step;
            var radius = Vector256.Sqrt(Vector256.Log(chance) * -2f) * deviation;
            var (sine, cosine) = Vector256.SinCos(turn);
            Add(ref target, i, radius * cosine);
            Add(ref target, i + Vector256<float>.Count, radius * sine);
        }
    }

    private ulong Bits()
    {
        var mixed = _state += Golden;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    private (Vector256<uint> First, Vector256<uint> Second) Keys()
    {
        var bits = Bits();
        return (Vector256.Create((uint)bits), Vector256.Create((uint)(bits >> 32)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Scramble(Vector256<uint> counter, Vector256<uint> first, Vector256<uint> second)
    {
        var mixed = counter + first;
        mixed = (mixed ^ (mixed >> 16)) * 0x7FEB_352D;
        mixed ^= second;
        mixed = (mixed ^ (mixed >> 15)) * 0x846C_A68B;
        return mixed ^ (mixed >> 16);
    }

    // below 2³¹, so the sign of an int does not come in
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Single(Vector256<uint> numbers) => Vector256.ConvertToSingle(numbers.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref float target, int at, Vector256<float> more) =>
        (Vector256.LoadUnsafe(ref target, (nuint)at) + more).StoreUnsafe(ref target, (nuint)at);
}
