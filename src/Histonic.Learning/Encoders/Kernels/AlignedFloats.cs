using System.Runtime.InteropServices;

namespace Histonic.Learning.Encoders.Kernels;

/// <summary>Floats outside the collected heap, at the start of a cache line, so that no vector straddles two lines.</summary>
internal sealed unsafe class AlignedFloats : SafeHandle
{
    private const int CacheLine = 64;

    /// <summary>Allocates zeros.</summary>
    /// <param name="count">How many.</param>
    public AlignedFloats(long count)
        : base(0, ownsHandle: true)
    {
        var bytes = checked((nuint)count * sizeof(float));
        SetHandle((nint)NativeMemory.AlignedAlloc(bytes, CacheLine));
        NativeMemory.Clear(Pointer, bytes);
    }

    /// <summary>Gets the first of them.</summary>
    public float* Pointer => (float*)handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree(Pointer);
        return true;
    }
}
