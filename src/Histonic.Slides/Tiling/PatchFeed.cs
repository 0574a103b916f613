using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tiling;

/// <summary>Decodes the patches of a plan: block by block (<see cref="PatchBlock"/>), on several threads, never more than a few batches ahead.</summary>
public static class PatchFeed
{
    /// <summary>The most pixels read at once; neighbours in a row are read together up to this.</summary>
    private const int MaxReadPixels = 1 << 19;

    /// <summary>Reads the patches of a plan.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="plan">Its patches.</param>
    /// <param name="source">The pixels they are read from.</param>
    /// <param name="options">How they are fed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Every patch once, in an order that follows from plan, source and size of batches alone; the caller disposes each batch.</returns>
    /// <exception cref="InputException">A region cannot be decoded; the batches before it were given out.</exception>
    public static IAsyncEnumerable<PatchBatch> ReadAsync(
        ISlide slide,
        PatchPlan plan,
        PatchSource source,
        PatchFeedOptions options,
        CancellationToken cancellationToken = default
    ) => ReadAsync(slide, plan, source, options, batch => batch, cancellationToken);

    /// <summary>Reads the patches of a plan and does some work on each batch on the thread that decoded it.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="plan">Its patches.</param>
    /// <param name="source">The pixels they are read from.</param>
    /// <param name="options">How they are fed.</param>
    /// <param name="work">The work, on several threads at once; disposes the batch when it does not hand it on.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the work made of each batch, in an order that follows from plan, source and size of batches alone; the caller disposes each.</returns>
    /// <exception cref="InputException">A region cannot be decoded; the batches before it were given out.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        ISlide slide,
        PatchPlan plan,
        PatchSource source,
        PatchFeedOptions options,
        Func<PatchBatch, T> work,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
        where T : IDisposable
    {
        options = options.Validated();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = Channel.CreateBounded<Task<T>>(
            new BoundedChannelOptions(options.Ahead) { SingleReader = true, SingleWriter = true }
        );
        var producer = Task.Run(
            () => StartBatchesAsync(slide, plan, source, options, work, queue.Writer, stop.Token),
            CancellationToken.None
        );
        try
        {
            await foreach (var batch in queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return await batch.ConfigureAwait(false);
            await producer.ConfigureAwait(false);
        }
        finally
        {
            // Left early, by an error, or at the end: nothing goes on decoding, and what was decoded goes back to the pool.
            await stop.CancelAsync().ConfigureAwait(false);
            await foreach (var batch in queue.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                await ((Task)batch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (batch.IsCompletedSuccessfully)
                    (await batch.ConfigureAwait(false)).Dispose();
            }

            await producer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task StartBatchesAsync<T>(
        ISlide slide,
        PatchPlan plan,
        PatchSource source,
        PatchFeedOptions options,
        Func<PatchBatch, T> work,
        ChannelWriter<Task<T>> queue,
        CancellationToken cancellationToken
    )
        where T : IDisposable
    {
        using var threads = new SemaphoreSlim(options.Threads);
        var started = new List<Task>();
        try
        {
            var block = PatchBlock.For(slide, plan.Geometry, source, options.BatchSize, options.Threads);
            foreach (var places in block.Order(plan.Cells).Chunk(options.BatchSize))
            {
                await threads.WaitAsync(cancellationToken).ConfigureAwait(false);
                var batch = Task.Run(
                    () =>
                    {
                        try
                        {
                            return work(Decode(slide, plan, source, options.OnDamage, places, cancellationToken));
                        }
                        finally
                        {
                            threads.Release();
                        }
                    },
                    CancellationToken.None
                );
                started.Add(batch);
                started.RemoveAll(task => task.IsCompleted);
                // The queue is emptied by the reader even after it left, so a started batch always gets in.
                await queue.WriteAsync(batch, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            queue.Complete();
            await Task.WhenAll(started).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static PatchBatch Decode(
        ISlide slide,
        PatchPlan plan,
        PatchSource source,
        DamagePolicy onDamage,
        int[] places,
        CancellationToken cancellationToken
    )
    {
        var batch = new PatchBatch(places, source.Side);
        try
        {
            var cutter = new PatchCutter(slide, plan.Geometry, source);
            for (int from = 0, to; from < places.Length; from = to)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (row, column) = plan.Cells[places[from]];
                to = from + 1;
                while (
                    to < places.Length
                    && plan.Cells[places[to]] == new GridCell(row, column + to - from)
                    && cutter.PixelsOfRun(to - from + 1) <= MaxReadPixels
                )
                    to++;
                var size = source.Side * source.Side * 3;
                var pixels = batch.Pixels.Slice(from * size, (to - from) * size);
                try
                {
                    cutter.Cut(row, column, to - from, pixels);
                }
                catch (InputException) when (onDamage == DamagePolicy.Blank)
                {
                    for (var i = 0; i < to - from; i++)
                        CutOrBlank(cutter, row, column + i, batch, from + i);
                }
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    private static void CutOrBlank(PatchCutter cutter, int row, int column, PatchBatch batch, int i)
    {
        var bytes = batch.Side * batch.Side * 3;
        try
        {
            cutter.Cut(row, column, 1, batch.Pixels.Slice(i * bytes, bytes));
        }
        catch (InputException)
        {
            batch.Blank(i);
        }
    }
}
