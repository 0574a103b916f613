using Histonic.Learning.Prediction;
using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Explanation;

// Shapes: F filters, r side of a layer's maps, R side of a crop, O outputs.

/// <summary>
/// Grad-CAM on a convolution (Selvaraju et al., ICCV 2017; on the first one of compressed slides by Tellez et al., TPAMI 2021): which
/// cells spoke for a class, or for a higher or a lower value or risk.
/// </summary>
/// <remarks>
/// cam = ReLU(Σ f · mean over x, y of ∂y/∂f), over the maps f of the convolution before batch norm, with y the network's output before any
/// softmax; divided by its maximum; brought to the grid; averaged over symmetries and over the networks of all folds.
/// </remarks>
internal static class GradCam
{
    /// <summary>Explains the prediction of one slide.</summary>
    /// <param name="run">A run of the network "cnn".</param>
    /// <param name="slide">A slide compressed by the encoder of the run.</param>
    /// <param name="options">What is explained.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Values in [0, 1]; NaN where there is no tissue.</returns>
    public static HeatMap Of(
        PredictorRun run,
        SlideGrid slide,
        ExplanationOptions options,
        CancellationToken cancellationToken
    )
    {
        var outcome = ExplainedOutcome.Of(run, slide, options, cancellationToken);
        var maps = new MapAverage(slide.Cells.Count);
        foreach (var network in run.Networks)
        {
            var cnn = (SlideCnn)network;
            foreach (var view in cnn.Crops.Cover(slide, options.Symmetries))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(cnn, slide, view, outcome, options.Layer - 1, maps);
            }

            maps.EndNetwork();
        }

        return maps.ToMap(slide, toMaximum: false);
    }

    /// <summary>The map of one crop before it is divided by its maximum.</summary>
    /// <param name="network">The network, not in training.</param>
    /// <param name="mapsFrr">A convolution's maps of the crop, 1 × F × r × r, without their graph.</param>
    /// <param name="layer">Which convolution, from 0.</param>
    /// <param name="outcome">What is explained.</param>
    /// <returns>r × r, at least 0.</returns>
    internal static Tensor Map(SlideCnn network, Tensor mapsFrr, int layer, ExplainedOutcome outcome)
    {
        using var scope = NewDisposeScope();
        mapsFrr.requires_grad_();
        using var on = enable_grad();
        var outputsO = network.After(mapsFrr, layer)[0];
        var slopes = autograd.grad([outcome.Explained(outputsO)], [mapsFrr])[0];
        var weights = slopes.mean([2, 3], keepdim: true);
        return (mapsFrr.detach() * weights).sum(1).relu()[0].MoveToOuterDisposeScope();
    }

    private static void Add(
        SlideCnn network,
        SlideGrid slide,
        SlideView view,
        ExplainedOutcome outcome,
        int layer,
        MapAverage maps
    )
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        var map = Map(network, network.MapsOf(network.FirstMaps([(slide, view)]), layer), layer, outcome);
        var side = (int)map.shape[0];
        var values = map.contiguous().data<float>().ToArray();
        var most = values.Max();
        var (step, first) = Centres(network.Plan, layer);
        foreach (var n in network.Crops.Shown(slide, view))
        {
            var (row, column) = view.Place(slide, n);
            maps.Add(view.Symmetry, n, most > 0 ? Between(values, side, step, first, row, column) / most : 0);
        }
    }

    /// <summary>The cell on which the first window of a convolution is centred, and how many cells lie from one to the next.</summary>
    /// <remarks>A 3 × 3 window i of stride s is centred on place i · s + 1 of what it sees; centres of centres lie evenly.</remarks>
    internal static (int Step, int First) Centres(CnnPlan plan, int layer)
    {
        var (step, first) = (1, 0);
        foreach (var stride in plan.Strides.Take(layer + 1))
            (step, first) = (step * stride, first + step);
        return (step, first);
    }

    // between the centres values run linearly
    private static double Between(float[] values, int side, int step, int first, int row, int column)
    {
        var (top, down) = Place(row);
        var (left, right) = Place(column);
        double At(int y, int x) => values[(Math.Min(y, side - 1) * side) + Math.Min(x, side - 1)];
        return ((1 - down) * (((1 - right) * At(top, left)) + (right * At(top, left + 1))))
            + (down * (((1 - right) * At(top + 1, left)) + (right * At(top + 1, left + 1))));

        (int Index, double Share) Place(int at)
        {
            var place = Math.Clamp((at - first) / (double)step, 0, side - 1);
            return ((int)place, place - (int)place);
        }
    }
}
