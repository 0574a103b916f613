using System.Collections.Concurrent;
using Histonic.Learning.Encoders.Onnx;

namespace Histonic.Learning.Encoders.Kernels;

/// <summary>
/// An encoder of the papers' kind in code of our own: a chain of convolutions and dense layers in float32, every patch's numbers in the caches. It gives
/// the same numbers whatever patches a batch holds. About 1.4 times as fast as ONNX Runtime (docs/results/benchmarks.md).
/// </summary>
internal sealed unsafe class KernelEncoder : IPatchEncoder
{
    /// <summary>Patches that pass the later layers together.</summary>
    private const int Batch = 16;

    /// <summary>Patches that pass the layers in front together, whose numbers would not stay in the second cache otherwise.</summary>
    private const int Few = 2;

    /// <summary>The most numbers of a patch that a layer may have: 64 MB.</summary>
    private const long Most = 16 << 20;

    /// <summary>The numbers of a patch from which on a layer belongs to those in front.</summary>
    private const int Many = 32 * 1024;

    private readonly Task<(IKernelLayer[] All, int Front)> _layers;
    private readonly ConcurrentBag<Workspace> _free = [];
    private readonly int _inputs;
    private readonly int _threads;

    private KernelEncoder(EncoderInfo info, int pool, LayerChain chain, int side, int threads)
    {
        (Info, Pool, _threads) = (info, pool, threads);
        _inputs = 3 * side * side;
        // weights are laid out while the slide is opened
        _layers = Task.Run(() =>
        {
            IKernelLayer[] layers = [.. Layers(chain, side)];
            var large = layers.TakeWhile(layer => layer.Outputs > Many).Count();
            return (layers, Math.Min(large + 1, layers.Length));
        });
    }

    /// <inheritdoc/>
    public EncoderInfo Info { get; }

    /// <inheritdoc/>
    public int Pool { get; }

    /// <summary>Makes an encoder of a network.</summary>
    /// <param name="model">The network, its first pooling taken out.</param>
    /// <param name="info">What its file says.</param>
    /// <param name="pool">The factor of the pooling.</param>
    /// <param name="threads">How many threads one call may use.</param>
    /// <returns>null where the network is of another kind, or the processor lacks the vectors.</returns>
    public static KernelEncoder? Of(ModelProto model, EncoderInfo info, int pool, int threads)
    {
        var side = info.PatchSize / pool;
        return
            ProductKernel.IsSupported
            && LayerChain.Of(model, side) is { } chain
            && chain.Dense[^1].Bias.Length == info.Channels
            && Numbers(chain, side).All(numbers => numbers <= Most)
            ? new KernelEncoder(info, pool, chain, side, threads)
            : null;
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlyMemory<float> patchesNCHW, int count, Memory<float> embeddingsNC)
    {
        if (Pool == 1)
        {
            EncodePooled(patchesNCHW, count, embeddingsNC);
            return;
        }

        var pooled = new float[count * _inputs];
        PatchPlanes.Pool(patchesNCHW.Span[..(pooled.Length * Pool * Pool)], Info.PatchSize, Pool, pooled);
        EncodePooled(pooled, count, embeddingsNC);
    }

    /// <inheritdoc/>
    public void EncodePooled(ReadOnlyMemory<float> pooledNCHW, int count, Memory<float> embeddingsNC)
    {
        var batches = (count + Batch - 1) / Batch;
        if (_threads == 1 || batches == 1)
        {
            for (var batch = 0; batch < batches; batch++)
                Encode(batch);
        }
        else
        {
            Parallel.For(0, batches, new ParallelOptions { MaxDegreeOfParallelism = _threads }, Encode);
        }

        void Encode(int batch)
        {
            var (first, n) = (batch * Batch, Math.Min(Batch, count - (batch * Batch)));
            Run(
                pooledNCHW.Span.Slice(first * _inputs, n * _inputs),
                n,
                embeddingsNC.Span.Slice(first * Info.Channels, n * Info.Channels)
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _layers.GetAwaiter().GetResult().All)
            layer.Dispose();
        while (_free.TryTake(out var workspace))
            workspace.Dispose();
    }

    private static IEnumerable<long> Numbers(LayerChain chain, int side)
    {
        foreach (var layer in chain.Convolutions)
        {
            side = layer.OutputSide(side);
            yield return (long)side * side * ProductKernel.Padded(layer.Bias.Length);
        }
    }

    private static IEnumerable<IKernelLayer> Layers(LayerChain chain, int side)
    {
        var channels = 3;
        foreach (var (index, layer) in chain.Convolutions.Index())
        {
            yield return index == 0 ? GatheredLayer.OfPlanes(layer, channels, side)
            : WinogradLayer.Fits(layer, channels, side) ? new WinogradLayer(layer, channels, side)
            : GatheredLayer.OfPixels(layer, channels, side);
            (channels, side) = (layer.Bias.Length, layer.OutputSide(side));
        }

        var pixels = side * side;
        foreach (var layer in chain.Dense)
        {
            yield return GatheredLayer.Dense(layer, channels, pixels);
            (channels, pixels) = (layer.Bias.Length, 1);
        }
    }

    private void Run(ReadOnlySpan<float> patches, int count, Span<float> embeddings)
    {
        var (layers, front) = _layers.GetAwaiter().GetResult();
        if (!_free.TryTake(out var workspace))
            workspace = new Workspace(layers, front);
        try
        {
            fixed (float* input = patches)
            {
                var x = workspace.Front.Pointer;
                for (var first = 0; first < count; first += Few)
                {
                    var y = x + ((nint)first * layers[front - 1].Outputs);
                    Run(
                        workspace,
                        layers.AsSpan(0, front),
                        0,
                        input + (first * _inputs),
                        Math.Min(Few, count - first),
                        y
                    );
                }

                var last = workspace.Last.Pointer;
                Run(workspace, layers.AsSpan(front), front, x, count, last);
                for (var i = 0; i < count; i++)
                {
                    new ReadOnlySpan<float>(last + (i * layers[^1].Outputs), Info.Channels).CopyTo(
                        embeddings[(i * Info.Channels)..]
                    );
                }
            }
        }
        finally
        {
            _free.Add(workspace);
        }
    }

    /// <summary>Runs layers one after the other; what stands between them lies in two places in turn.</summary>
    private static void Run(
        Workspace workspace,
        ReadOnlySpan<IKernelLayer> layers,
        int before,
        float* x,
        int count,
        float* y
    )
    {
        for (var i = 0; i < layers.Length; i++)
        {
            var output = i == layers.Length - 1 ? y : workspace.Between(before + i).Pointer;
            layers[i].Run(x, count, output, workspace.Scratch.Pointer);
            x = output;
        }
    }

    /// <summary>The memory of one batch.</summary>
    private sealed class Workspace : IDisposable
    {
        private readonly AlignedFloats _even;
        private readonly AlignedFloats _odd;

        public Workspace(IKernelLayer[] layers, int front)
        {
            Front = new AlignedFloats(Room(layers[front - 1], Batch));
            Last = new AlignedFloats(Room(layers[^1], Batch));
            Scratch = new AlignedFloats(layers.Max(layer => layer.Scratch));
            var rooms = layers.Select((layer, i) => Room(layer, i < front ? Few : Batch)).ToList();
            _even = new AlignedFloats(rooms.Where((_, i) => i % 2 == 0).Max());
            _odd = new AlignedFloats(rooms.Where((_, i) => i % 2 == 1).DefaultIfEmpty().Max());
        }

        /// <summary>Gets what the layers in front give, for the whole batch.</summary>
        public AlignedFloats Front { get; }

        public AlignedFloats Last { get; }

        public AlignedFloats Scratch { get; }

        public AlignedFloats Between(int layer) => layer % 2 == 0 ? _even : _odd;

        public void Dispose()
        {
            Front.Dispose();
            Last.Dispose();
            Scratch.Dispose();
            _even.Dispose();
            _odd.Dispose();
        }

        // products are made in whole rows: a few pixels may be left over behind the last patch
        private static long Room(IKernelLayer layer, int patches) =>
            ((long)patches * layer.Outputs) + (ProductKernel.Rows * layer.Channels);
    }
}
