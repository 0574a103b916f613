using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>Runs a network on slides, without training it.</summary>
internal static class NetworkOutputs
{
    private const int FloatsAtOnce = 1 << 23; // 32 MB of input

    /// <summary>The activated outputs of each slide, averaged over its looks.</summary>
    /// <param name="network">The network.</param>
    /// <param name="heads">What activates its outputs.</param>
    /// <param name="standard">The scale of its outputs, for each target.</param>
    /// <param name="slides">The slides.</param>
    /// <param name="looks">The looks at a slide, at least one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static IReadOnlyList<double[]> Of(
        SlideNetwork network,
        TargetHeads heads,
        IReadOnlyList<(double Centre, double Scale)> standard,
        IReadOnlyList<SlideGrid> slides,
        Func<SlideGrid, IEnumerable<SlideView>> looks,
        CancellationToken cancellationToken
    )
    {
        var sums = slides.Select(_ => new double[heads.Activated]).ToArray();
        var counts = new int[slides.Count];
        using var still = no_grad();
        network.eval();
        foreach (
            var batch in Batches(
                network.Input,
                slides.SelectMany((slide, i) => looks(slide).Select(view => (i, (slide, view))))
            )
        )
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var outputs = network.Outputs([.. batch.Select(one => one.Look)]).to(float64).data<double>().ToArray();
            for (var i = 0; i < batch.Count; i++)
            {
                var activated = heads.Activate(outputs.AsSpan(i * heads.Outputs, heads.Outputs), standard);
                for (var o = 0; o < activated.Length; o++)
                    sums[batch[i].Index][o] += activated[o];
                counts[batch[i].Index]++;
            }
        }

        return [.. sums.Select((sum, i) => Array.ConvertAll(sum, value => value / counts[i]))];
    }

    /// <summary>Batches of up to 64 looks, fewer where they are long: each is as long in memory as its longest.</summary>
    private static IEnumerable<IReadOnlyList<(int Index, (SlideGrid Slide, SlideView View) Look)>> Batches(
        SlideInput input,
        IEnumerable<(int Index, (SlideGrid Slide, SlideView View) Look)> looks
    )
    {
        List<(int, (SlideGrid, SlideView))> batch = [];
        var longest = 0L;
        foreach (var one in looks)
        {
            var length = input.LengthOf(one.Look.Slide, one.Look.View);
            if (batch.Count == 64 || (batch.Count > 0 && Math.Max(longest, length) * (batch.Count + 1) > FloatsAtOnce))
            {
                yield return batch;
                (batch, longest) = ([], 0);
            }

            batch.Add(one);
            longest = Math.Max(longest, length);
        }

        if (batch.Count > 0)
            yield return batch;
    }
}
