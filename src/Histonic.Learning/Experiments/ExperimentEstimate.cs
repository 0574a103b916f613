using Histonic.Learning.Encoders.Training;
using Histonic.Slides;

namespace Histonic.Learning.Experiments;

/// <summary>How long cells take: as those of their stage that are done did, before that as two cores of 2020 do.</summary>
public sealed class ExperimentEstimate
{
    private const double PatchesPerSecond = 400; // in training
    private const double SlideBytesPerSecond = 20e6; // in compressing, by one symmetry
    private const double SlidesPerSecond = 1500; // in training a predictor, an epoch and fold

    private readonly ExperimentPlan _plan;
    private readonly Dictionary<ExperimentStage, List<double>> _measured = [];

    /// <summary>Looks at the cells that are done.</summary>
    public ExperimentEstimate(ExperimentPlan plan)
    {
        _plan = plan;
        foreach (var cell in plan.Cells.Where(cell => !cell.IsCheap))
        {
            if (cell.Folder().Read() is { } record)
                Add(cell, record.Seconds);
        }
    }

    /// <summary>Whether the estimate for a stage rests on cells that were done here.</summary>
    public bool IsMeasured(ExperimentStage stage) => _measured.ContainsKey(stage);

    /// <summary>The seconds that a cell will take.</summary>
    public double Of(ExperimentCell cell)
    {
        if (cell.IsCheap)
            return 0;
        if (_measured.TryGetValue(cell.Stage, out var seconds))
            return seconds.Average();
        switch (cell.Stage)
        {
            case ExperimentStage.Encoder:
                var training = ((ExperimentEncoder.Trained)cell.Encoder).Training;
                var cost = training.Objective is TrainingObjective.Mtl or TrainingObjective.Supervised ? 1 : 2;
                return cost * (training.MaxSteps ?? 0) * (double)training.Batch / PatchesPerSecond;
            case ExperimentStage.Features:
                var bytes = _plan.Slides.Sum(slide => FileLength.Of(slide.Path));
                return bytes / SlideBytesPerSecond * (_plan.Options.Compression.Symmetries ? 4 : 1);
            default:
                var predictor = _plan.Options.Predictor;
                return (double)_plan.Labels.Slides.Count * predictor.Epochs * predictor.Folds / SlidesPerSecond;
        }
    }

    /// <summary>Takes account of a cell that was done.</summary>
    internal void Add(ExperimentCell cell, double seconds)
    {
        if (cell.IsCheap)
            return;
        if (!_measured.TryGetValue(cell.Stage, out var list))
            _measured.Add(cell.Stage, list = []);
        list.Add(seconds);
    }
}
