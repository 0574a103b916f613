using System.Collections.Concurrent;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Prepares training batches ahead of their use: chooses, decodes what memory does not hold, cuts and augments.</summary>
/// <remarks>Batches come without end; the same plan gives the same ones, whatever the number of threads.</remarks>
internal sealed class BatchFeed : IDisposable
{
    private const int Ahead = 4;

    private readonly PatchPixels _pixels;
    private readonly IBatchPlanner _planner;
    private readonly PatchAugmenter _augmenter;
    private readonly int _threads;
    private readonly BlockingCollection<TrainingBatch> _queue = new(Ahead);
    private readonly ConcurrentBag<float[]> _free = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _producer;
    private Exception? _error;

    /// <summary>Starts to prepare.</summary>
    /// <param name="pixels">The patches' pixels.</param>
    /// <param name="planner">Chooses them.</param>
    /// <param name="augmenter">Cuts and changes them.</param>
    /// <param name="first">The step of the first batch.</param>
    /// <param name="threads">How many threads decode and augment.</param>
    public BatchFeed(PatchPixels pixels, IBatchPlanner planner, PatchAugmenter augmenter, long first, int threads)
    {
        (_pixels, _planner, _augmenter, _threads) = (pixels, planner, augmenter, threads);
        _producer = Task.Run(() => Produce(first));
    }

    /// <summary>The next batch; waits for it when it is not ready.</summary>
    /// <exception cref="InputException">A picture can no longer be read.</exception>
    public TrainingBatch Next(CancellationToken cancellationToken)
    {
        if (_queue.TryTake(out var batch, Timeout.Infinite, cancellationToken))
            return batch;
        throw _error!;
    }

    /// <summary>Takes a batch back whose pixels nobody uses any more: their memory holds another one's then.</summary>
    public void Return(TrainingBatch batch) => _free.Add(batch.Pixels);

    /// <summary>Stops preparing.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _producer.Wait();
        _queue.Dispose();
        _stop.Dispose();
    }

    private void Produce(long first)
    {
        try
        {
            for (var step = first; ; step++)
                _queue.Add(Prepare(_planner.Plan(step)), _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // nobody reads on
        }
        catch (Exception error)
        {
            _error = error is AggregateException { InnerException: { } inner } ? inner : error;
            _queue.CompleteAdding();
        }
    }

    private TrainingBatch Prepare(BatchPlan plan)
    {
        var each = _augmenter.Length;
        if (!_free.TryTake(out var pixels) || pixels.Length != plan.Patches.Count * each)
            pixels = new float[plan.Patches.Count * each];
        Parallel.For(
            0,
            plan.Patches.Count,
            new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = _stop.Token },
            i =>
            {
                var (sample, place, change) = plan.Patches[i];
                _augmenter.CutAnywhere(_pixels.Of(sample), place, change, pixels.AsSpan(i * each, each));
            }
        );
        return new TrainingBatch(pixels, plan);
    }
}
