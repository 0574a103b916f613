using System.Collections.Concurrent;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Prepares training batches ahead of their use: chooses, decodes what memory does not hold, crops and turns.</summary>
/// <remarks>Batches come without end; the same seed gives the same ones, whatever the number of threads.</remarks>
internal sealed class BatchFeed : IDisposable
{
    private const int Ahead = 4;

    private readonly PatchPixels _pixels;
    private readonly BalancedSampler _sampler;
    private readonly int _patchSize;
    private readonly int _threads;
    private readonly Seed _seed;
    private readonly BlockingCollection<TrainingBatch> _queue = new(Ahead);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _producer;
    private Exception? _error;

    /// <summary>Starts to prepare.</summary>
    /// <param name="pixels">The patches' pixels.</param>
    /// <param name="sampler">Chooses them.</param>
    /// <param name="patchSize">The side P in pixels.</param>
    /// <param name="threads">How many threads decode and cut.</param>
    /// <param name="seed">Where crops and turns come from.</param>
    public BatchFeed(PatchPixels pixels, BalancedSampler sampler, int patchSize, int threads, Seed seed)
    {
        (_pixels, _sampler, _patchSize, _threads, _seed) = (pixels, sampler, patchSize, threads, seed);
        _producer = Task.Run(Produce);
    }

    /// <summary>The next batch; waits for it when it is not ready.</summary>
    /// <exception cref="InputException">A picture can no longer be read.</exception>
    public TrainingBatch Next(CancellationToken cancellationToken)
    {
        if (_queue.TryTake(out var batch, Timeout.Infinite, cancellationToken))
            return batch;
        throw _error!;
    }

    /// <summary>Stops preparing.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _producer.Wait();
        _queue.Dispose();
        _stop.Dispose();
    }

    private void Produce()
    {
        try
        {
            for (var step = 0L; ; step++)
                _queue.Add(Prepare(step), _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // nobody reads on
        }
        catch (Exception error)
        {
            _error = error is AggregateException { InnerException: { } first } ? first : error;
            _queue.CompleteAdding();
        }
    }

    private TrainingBatch Prepare(long step)
    {
        var chosen = _sampler.Next();
        List<PatchSample> samples = [.. chosen.SelectMany(task => task)];
        var random = _seed.For($"crops and turns {step}");
        int[] seeds = [.. samples.Select(_ => random.Next())];
        var each = _patchSize * _patchSize * 3;
        var rgb = new byte[samples.Count * each];
        Parallel.For(
            0,
            samples.Count,
            new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = _stop.Token },
            i =>
                PatchCutter.CutAnywhere(
                    _pixels.Of(samples[i].Path),
                    _patchSize,
                    new Random(seeds[i]),
                    rgb.AsSpan(i * each, each)
                )
        );
        return new TrainingBatch(
            rgb,
            [.. chosen.Select(task => task.Count)],
            [.. samples.Select(sample => (long)sample.Class)]
        );
    }
}
