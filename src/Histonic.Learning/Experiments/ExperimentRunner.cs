using System.Globalization;
using Histonic.Learning.Compression;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Import;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using TorchSharp;

namespace Histonic.Learning.Experiments;

/// <summary>Does the cells of an experiment that are not done, one after the other. A cell that fails stops only those that need it.</summary>
/// <param name="plan">The cells.</param>
/// <param name="threads">How many threads a cell uses.</param>
/// <param name="time">Measures the cells.</param>
/// <param name="monitor">Told of every cell, and how long the rest will take.</param>
public sealed class ExperimentRunner(ExperimentPlan plan, int threads, TimeProvider time, IWorkMonitor monitor)
{
    private const string EncoderName = "encoder.onnx";
    private const string PredictionsName = "predictions.csv";

    private readonly List<ExperimentFailure> _failures = [];
    private readonly HashSet<ExperimentCell> _failed = [];
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>Does what is not done.</summary>
    /// <param name="cancellationToken">Stops it; cells that are done are kept, and a training goes on from its last epoch.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ExperimentOutcome Run(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var estimate = new ExperimentEstimate(plan);
        var cached = plan.Cells.Select(ExperimentPlan.IsCached).ToArray();
        var (done, kept) = (0, 0);
        foreach (var (i, cell) in plan.Cells.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (cell.Folder().IsDone)
            {
                kept++;
                continue;
            }

            var after = plan.Cells.Skip(i + 1).Where((_, j) => !cached[i + 1 + j]).Sum(estimate.Of);
            var place = string.Create(CultureInfo.InvariantCulture, $"{i + 1}/{plan.Cells.Count}");
            if (Do(cell, place, estimate, after, cancellationToken))
                done++;
        }

        return new ExperimentOutcome(
            [.. plan.Cells.Where(cell => cell.Stage == ExperimentStage.Predictor).Select(RunOf)],
            _failures,
            done,
            kept,
            time.GetElapsedTime(start)
        );
    }

    private bool Do(
        ExperimentCell cell,
        string place,
        ExperimentEstimate estimate,
        double after,
        CancellationToken cancellationToken
    )
    {
        if (cell.Parent is { } parent && _failed.Contains(parent))
        {
            Fail(cell, $"what it needs failed: {parent.Stage.ToString().ToLowerInvariant()} of {parent.Label}");
            return false;
        }

        var (start, earlier) = (time.GetTimestamp(), _failures.Count);
        try
        {
            var folder = cell.Folder();
            folder.Begin();
            var inner = new CellMonitor(monitor, place, estimate.Of(cell), after, _warned, time);
            var whole = cell.Stage switch
            {
                ExperimentStage.Encoder => MakeEncoder(cell, folder, inner, cancellationToken),
                ExperimentStage.Features => MakeFeatures(cell, folder, inner, cancellationToken),
                _ => MakePredictor(cell, folder, inner, cancellationToken),
            };
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            if (whole)
                folder.Finish(
                    new CellRecord(
                        cell.Label,
                        ProductVersion.Current,
                        Math.Round(seconds, 3),
                        cell.Depends().Split('\n')
                    )
                );
            estimate.Add(cell, seconds);
            monitor.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"[{place}] {cell.Stage.ToString().ToLowerInvariant()} of {cell.Label}: {seconds:0.0} s{(whole ? "" : $", {_failures.Count - earlier} slides failed")}"
                )
            );
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // whatever befalls a cell, the next one is done
            Fail(cell, error is HistonicException ? error.Message : $"{error.GetType().Name}: {error.Message}");
            return false;
        }
    }

    private void Fail(ExperimentCell cell, string reason)
    {
        _failed.Add(cell);
        _failures.Add(new ExperimentFailure(cell, null, reason));
        monitor.Warn($"{cell.Stage.ToString().ToLowerInvariant()} of {cell.Label} failed: {reason.TrimEnd('.')}");
    }

    private bool MakeEncoder(
        ExperimentCell cell,
        CellFolder folder,
        IWorkMonitor inner,
        CancellationToken cancellationToken
    )
    {
        if (cell.Encoder is ExperimentEncoder.Existing existing)
        {
            EncoderImport.Import(SourceOf(existing, cell), folder.At(EncoderName), new EncoderImportOptions());
            return true;
        }

        var training = ((ExperimentEncoder.Trained)cell.Encoder).Training with
        {
            Seed = new Seed(cell.EncoderSeed ?? 0),
            Threads = threads,
        };
        var before = torch.get_num_threads();
        torch.set_num_threads(threads);
        try
        {
            new EncoderTrainer(training, time, inner).Train(folder.Path, resume: true, cancellationToken);
        }
        finally
        {
            torch.set_num_threads(before);
        }

        return true;
    }

    private bool MakeFeatures(
        ExperimentCell cell,
        CellFolder folder,
        IWorkMonitor inner,
        CancellationToken cancellationToken
    )
    {
        var source = cell.Parent is { } parent
            ? parent.Folder().At(EncoderName)
            : SourceOf((ExperimentEncoder.Existing)cell.Encoder, cell);
        using var encoder = EncoderCatalog.Open(source, threads: 1);
        var options = plan.Options.Compression.For(encoder.Info, threads);
        var compressor = new SlideCompressor(encoder, options, inner, time);
        var summary = compressor
            .CompressAllAsync(plan.Slides, folder.Path, Shard.Whole, cancellationToken)
            .GetAwaiter()
            .GetResult();
        if (summary.Stopped is { } why)
            throw new InputException(folder.Path, why.TrimEnd('.'), "Run the same command again");
        _failures.AddRange(
            summary.Failures.Select(failure => new ExperimentFailure(cell, failure.Slide, failure.Reason))
        );
        if (summary.Failures.Count == plan.Slides.Count)
            throw new InputException(
                folder.Path,
                "no slide could be compressed",
                summary.Failures[0].Reason.TrimEnd('.')
            );
        return summary.Failures.Count == 0;
    }

    private bool MakePredictor(
        ExperimentCell cell,
        CellFolder folder,
        IWorkMonitor inner,
        CancellationToken cancellationToken
    )
    {
        var features = cell.Parent is { } parent
            ? parent.Folder().Path
            : ((ExperimentEncoder.LaidOut)cell.Encoder).Folders[PlaceOf(cell)];
        var cohort = Cohort.Read(
            plan.Labels,
            [cell.Target!.Spec],
            FeatureFolder.Open(features),
            new EmbeddingCache(EmbeddingCache.DefaultBudget),
            skipUnknown: true,
            inner,
            cancellationToken
        );
        PredictorTrainer.Train(
            folder.Path,
            cohort,
            plan.Options.FoldsFile is { } file
                ? Folds.Read(file, [.. cohort.Slides.Select(slide => slide.Truth)])
                : null,
            plan.Options.Predictor,
            new Seed(cell.PredictorSeed!.Value),
            threads,
            resume: true,
            inner,
            cancellationToken
        );
        return true;
    }

    private ExperimentRun RunOf(ExperimentCell cell)
    {
        var folder = cell.Folder();
        var failure = _failures.Find(failure => failure.Cell == cell && failure.Slide is null)?.Reason;
        if (failure is not null)
            return new ExperimentRun(cell, folder.Path, null, failure);
        try
        {
            return new ExperimentRun(
                cell,
                folder.Path,
                PredictionTable.Read(folder.At(PredictionsName), cell.Target!.Spec),
                null
            );
        }
        catch (InputException error)
        {
            Fail(cell, error.Message);
            return new ExperimentRun(cell, folder.Path, null, error.Message);
        }
    }

    private static string SourceOf(ExperimentEncoder.Existing encoder, ExperimentCell cell) =>
        encoder.Sources[PlaceOf(cell)];

    // of several files or folders of one kind the seeds count from 1
    private static int PlaceOf(ExperimentCell cell) => (cell.EncoderSeed ?? 1) - 1;
}
