using System.Numerics;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>The memory in which a thread makes its views, kept from view to view.</summary>
internal sealed class ViewBuffers
{
    [ThreadStatic]
    private static ViewBuffers? _ofThread;

    private readonly float[][] _numbers = [.. Enumerable.Repeat(Array.Empty<float>(), Enum.GetValues<Use>().Length)];
    private uint[] _window = [];

    /// <summary>What a buffer is for.</summary>
    internal enum Use
    {
        /// <summary>Where in the source each number of a view comes from: across.</summary>
        X,

        /// <summary>Where in the source each number of a view comes from: down.</summary>
        Y,

        /// <summary>A view's reds.</summary>
        Red,

        /// <summary>A view's greens.</summary>
        Green,

        /// <summary>A view's blues.</summary>
        Blue,

        /// <summary>A colour, half blurred.</summary>
        Blurred,

        /// <summary>Displacements across.</summary>
        ElasticX,

        /// <summary>Displacements down.</summary>
        ElasticY,

        /// <summary>Noise on the nodes of a grid, and the same smoothed one way.</summary>
        Nodes,

        /// <summary>The weights that smooth it.</summary>
        Weights,
    }

    /// <summary>Gets the calling thread's.</summary>
    public static ViewBuffers OfThread => _ofThread ??= new ViewBuffers();

    /// <summary>A buffer of at least a length, with whatever it held before.</summary>
    public Span<float> Floats(Use use, int length)
    {
        ref var buffer = ref _numbers[(int)use];
        if (buffer.Length < length)
            buffer = new float[Roomy(length)];
        return buffer.AsSpan(0, length);
    }

    /// <summary>Memory for packed pixels, with whatever it held before.</summary>
    public Span<uint> Window(int length)
    {
        if (_window.Length < length)
            _window = new uint[Roomy(length)];
        return _window.AsSpan(0, length);
    }

    // lengths differ from view to view: with room to spare, few views need more
    private static int Roomy(int length) => (int)BitOperations.RoundUpToPowerOf2((uint)length);
}
