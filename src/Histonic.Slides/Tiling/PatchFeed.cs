using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tiling;

/// <summary>Decodes the patches of a plan: in raster order, on several threads, never more than a few batches ahead.</summary>
public static class PatchFeed
{
    /// <summary>The most pixels read at once; neighbours in a row are read together up to this.</summary>
    private const int MaxReadPixels = 1 << 19;

    /// <summary>Reads the patches of a plan.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="plan">Its patches.</param>
    /// <param name="options">How they are fed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Every patch once, in the order of <see cref="PatchPlan.Cells"/>; the caller disposes each batch.</returns>
    /// <exception cref="InputException">A region cannot be decoded; the batches before it were given out.</exception>
    public static async IAsyncEnumerable<PatchBatch> ReadAsync(
        ISlide slide,
        PatchPlan plan,
        PatchFeedOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        options = options.Validated();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = Channel.CreateBounded<Task<PatchBatch>>(
            new BoundedChannelOptions(options.Ahead) { SingleReader = true, SingleWriter = true }
        );
        var producer = Task.Run(
            () => StartBatchesAsync(slide, plan, options, queue.Writer, stop.Token),
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

    private static async Task StartBatchesAsync(
        ISlide slide,
        PatchPlan plan,
        PatchFeedOptions options,
        ChannelWriter<Task<PatchBatch>> queue,
        CancellationToken cancellationToken
    )
    {
        using var threads = new SemaphoreSlim(options.Threads);
        var started = new List<Task>();
        try
        {
            for (var first = 0; first < plan.Cells.Count; first += options.BatchSize)
            {
                await threads.WaitAsync(cancellationToken).ConfigureAwait(false);
                var (from, count) = (first, Math.Min(options.BatchSize, plan.Cells.Count - first));
                var batch = Task.Run(
                    () =>
                    {
                        try
                        {
                            return Decode(slide, plan, from, count, cancellationToken);
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
        int first,
        int count,
        CancellationToken cancellationToken
    )
    {
        var batch = new PatchBatch(first, count, plan.Geometry.PatchSize);
        try
        {
            var cutter = new PatchCutter(slide, plan.Geometry);
            for (var (from, to) = (first, first); from < first + count; from = to)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (row, column) = (plan.Cells[from].Row, plan.Cells[from].Column);
                to = from + 1;
                while (
                    to < first + count
                    && plan.Cells[to] == new GridCell(row, column + to - from)
                    && cutter.PixelsOfRun(to - from + 1) <= MaxReadPixels
                )
                    to++;
                var size = plan.Geometry.PatchSize * plan.Geometry.PatchSize * 3;
                cutter.Cut(row, column, to - from, batch.Pixels.Slice((from - first) * size, (to - from) * size));
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }
}
