using Histonic.Learning.Prediction;
using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Explanation;

/// <summary>
/// Where networks of gated attention looked (Ilse, Tomczak and Welling, ICML 2018): how much each cell counted in the mean that is the
/// slide. It tells what was looked at, not for which outcome it spoke.
/// </summary>
/// <remarks>Attention times the number of cells (1 = as much as any), averaged over symmetries, where they matter, and over the networks of all folds; then divided by its maximum.</remarks>
internal static class AttentionMap
{
    /// <summary>Explains the prediction of one slide.</summary>
    /// <param name="run">A run of the network "abmil" or "abmil-position".</param>
    /// <param name="slide">A slide compressed by the encoder of the run.</param>
    /// <param name="options">Whether symmetries are averaged; attention knows no class.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Values in [0, 1]; NaN where there is no tissue.</returns>
    public static HeatMap Of(
        PredictorRun run,
        SlideGrid slide,
        ExplanationOptions options,
        CancellationToken cancellationToken
    )
    {
        var maps = new MapAverage(slide.Cells.Count);
        using var still = no_grad();
        foreach (var network in run.Networks)
        {
            var attention = (AttentionMil)network;
            foreach (var view in network.Input.Cover(slide, options.Symmetries))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var weights = attention
                    .Attend(network.Input.Stack([(slide, view)], network.Features))
                    .data<float>()
                    .ToArray();
                var seen = BagInput.Seen(slide, view);
                for (var i = 0; i < seen.Count; i++)
                    maps.Add(view.Symmetry, seen.At(i), weights[i] * (double)seen.Count);
            }

            maps.EndNetwork();
        }

        return maps.ToMap(slide, toMaximum: true);
    }
}
