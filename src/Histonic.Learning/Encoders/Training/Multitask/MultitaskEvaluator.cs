// Shapes: B patches, C colours, P the side of a patch, K classes.
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>Runs the network on held-out patches: cut from the middle, not augmented.</summary>
/// <param name="network">The network; left in the mode it was in.</param>
/// <param name="tasks">Its tasks.</param>
/// <param name="pixels">The patches' pixels.</param>
/// <param name="device">Where the network is.</param>
internal sealed class MultitaskEvaluator(
    MultitaskNetwork network,
    IReadOnlyList<PatchTask> tasks,
    PatchPixels pixels,
    Device device
)
{
    private const int Batch = 64;

    /// <summary>What each head says of one part of its task.</summary>
    public IReadOnlyList<TaskOutputs> Evaluate(SplitPart part, CancellationToken cancellationToken)
    {
        var training = network.training;
        network.eval();
        try
        {
            return [.. Enumerable.Range(0, tasks.Count).Select(task => Evaluate(task, part, cancellationToken))];
        }
        finally
        {
            network.train(training);
        }
    }

    private TaskOutputs Evaluate(int task, SplitPart part, CancellationToken cancellationToken)
    {
        List<PatchSample> samples = [.. tasks[task].Of(part)];
        var classes = tasks[task].Classes.Count;
        var probabilities = new double[samples.Count * classes];
        var size = network.Encoder.Options.PatchSize;
        var each = size * size * 3;
        var loss = 0.0;
        using var still = no_grad();
        for (var first = 0; first < samples.Count; first += Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Batch, samples.Count - first);
            var rgb = new byte[count * each];
            for (var i = 0; i < count; i++)
            {
                var picture = pixels.Of(samples[first + i].Path);
                PatchCutter.CutMiddle(picture, size, rgb.AsSpan(i * each, each));
            }

            using var scope = NewDisposeScope();
            var patchesBCPP = ColourAugmentation.Plain(tensor(rgb, [count, size, size, 3], device: device));
            var counts = new int[tasks.Count];
            counts[task] = count;
            var logitsBK = network.Forward(patchesBCPP, counts)[task]!;
            var logBK = nn.functional.log_softmax(logitsBK, 1).to(ScalarType.Float64).cpu();
            var log = logBK.data<double>();
            for (var i = 0; i < count; i++)
            {
                for (var k = 0; k < classes; k++)
                    probabilities[((first + i) * classes) + k] = Math.Exp(log[(i * classes) + k]);
                loss -= log[(i * classes) + samples[first + i].Class];
            }
        }

        var numbers = samples
            .Select(sample => sample.Group)
            .Distinct(StringComparer.Ordinal)
            .Index()
            .ToDictionary(group => group.Item, group => group.Index, StringComparer.Ordinal);
        return new TaskOutputs(
            probabilities,
            [.. samples.Select(sample => sample.Class)],
            [.. samples.Select(sample => numbers[sample.Group])],
            classes,
            loss / samples.Count
        );
    }
}
