using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Explanation;

// Shapes: F filters, r side of the first layer's maps, R side of a crop, O outputs.

/// <summary>
/// Grad-CAM on the first convolution (Selvaraju et al., ICCV 2017; used on compressed slides by Tellez et al., TPAMI 2021): which
/// cells spoke for a class, for a higher value, or for a higher risk.
/// </summary>
/// <remarks>
/// cam = ReLU(Σ f · mean over x, y of ∂y/∂f), over the maps f of the first convolution, with y the network's output before any
/// softmax; divided by its maximum; brought to the grid; averaged over symmetries and over the networks of all folds.
/// </remarks>
public static class GradCam
{
    /// <summary>Explains the prediction of one slide.</summary>
    /// <param name="run">A run of the network "cnn".</param>
    /// <param name="slide">A slide compressed by the encoder of the run.</param>
    /// <param name="options">What is explained.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Values in [0, 1]; NaN where there is no tissue.</returns>
    /// <exception cref="OptionException">The run has another network, or no such target or class.</exception>
    /// <exception cref="InputException">The slide has no tissue, or was compressed by another encoder.</exception>
    public static HeatMap Of(
        PredictorRun run,
        SlideGrid slide,
        GradCamOptions options,
        CancellationToken cancellationToken = default
    )
    {
        run.RequireFit(slide);
        var output = OutputOf(run, slide, options, cancellationToken);
        var maps = new NetworkMaps(slide.Cells.Count);
        foreach (var network in run.Networks)
        {
            if (network is not SlideCnn cnn)
                throw new OptionException(
                    "--run",
                    run.Configuration.Model,
                    "a run of the network cnn: Grad-CAM needs a convolution"
                );
            foreach (var view in cnn.Crops.Cover(slide, options.Symmetries))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(cnn, slide, view, output, maps);
            }

            maps.EndNetwork();
        }

        return maps.ToMap(slide, toMaximum: false);
    }

    /// <summary>The map of one crop before it is divided by its maximum.</summary>
    /// <param name="network">The network, not in training.</param>
    /// <param name="mapsFrr">The first convolution's maps of the crop, 1 × F × r × r, without their graph.</param>
    /// <param name="explained">Which of the O outputs are summed, the first and how many of them, and whether what speaks for (1) or against (−1) them is shown.</param>
    /// <returns>r × r, at least 0.</returns>
    internal static Tensor Map(SlideCnn network, Tensor mapsFrr, (int First, int Count, int Sign) explained)
    {
        using var scope = NewDisposeScope();
        mapsFrr.requires_grad_();
        using var on = enable_grad();
        var outputsO = network.AfterFirst(mapsFrr)[0];
        var output = outputsO.narrow(0, explained.First, explained.Count).sum();
        var slopes = autograd.grad([output], [mapsFrr])[0];
        var weights = slopes.mean([2, 3], keepdim: true) * explained.Sign;
        return (mapsFrr.detach() * weights).sum(1).relu()[0].MoveToOuterDisposeScope();
    }

    private static (int First, int Count, int Sign) OutputOf(
        PredictorRun run,
        SlideGrid slide,
        GradCamOptions options,
        CancellationToken cancellationToken
    )
    {
        var index = run.IndexOf(options.Target);
        var classes = run.Targets[index].Classes;
        if (options.Class is null)
            return run.OutputsOf(
                index,
                classes.Length == 0
                    ? null
                    : Array.IndexOf(classes, run.Predict(slide, cancellationToken)[index].PredictedClass)
            );
        var given = Array.IndexOf(classes, options.Class);
        return given >= 0
            ? run.OutputsOf(index, given)
            : throw new OptionException(
                "--class",
                options.Class,
                classes.Length == 0
                    ? $"left out: the target is a {run.Targets[index].Task}"
                    : $"one of {string.Join(", ", classes)}"
            );
    }

    private static void Add(
        SlideCnn network,
        SlideGrid slide,
        SlideView view,
        (int First, int Count, int Sign) output,
        NetworkMaps maps
    )
    {
        using var scope = NewDisposeScope();
        var map = Map(network, network.FirstMaps([(slide, view)]), output);
        var side = (int)map.shape[0];
        var values = map.contiguous().data<float>().ToArray();
        var most = values.Max();
        var stride = network.Plan.Strides[0];
        foreach (var (n, cell) in slide.Cells.Index())
        {
            var turned = GridSymmetry.Turn(view.Symmetry, cell, slide.Rows, slide.Columns);
            int row = turned.Row - view.Top,
                column = turned.Column - view.Left;
            if (row < 0 || column < 0 || row >= network.Plan.Crop || column >= network.Plan.Crop)
                continue;
            maps.Add(n, most > 0 ? Between(values, side, stride, row, column) / most : 0);
        }
    }

    // the i-th 3 × 3 window is centred on cell i · stride + 1; between the centres values run linearly
    private static double Between(float[] values, int side, int stride, int row, int column)
    {
        var (top, down) = Place(row);
        var (left, right) = Place(column);
        double At(int y, int x) => values[(Math.Min(y, side - 1) * side) + Math.Min(x, side - 1)];
        return ((1 - down) * (((1 - right) * At(top, left)) + (right * At(top, left + 1))))
            + (down * (((1 - right) * At(top + 1, left)) + (right * At(top + 1, left + 1))));

        (int Index, double Share) Place(int at)
        {
            var place = Math.Clamp((at - 1) / (double)stride, 0, side - 1);
            return ((int)place, place - (int)place);
        }
    }
}
