using Histonic.Learning.Prediction;
using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Explanation;

/// <summary>
/// What the output loses when squares of cells are taken for background, as if they held no tissue (Zeiler and Fergus, ECCV 2014, on the
/// grid): a check of maps that are made of slopes. Any network can be asked.
/// </summary>
/// <remarks>
/// A cell has the value of its square: output before less output after, in units of log odds (a class), of the target, or of the
/// risk; above 0 it spoke for what is explained. Squares tile each turned grid from its first corner; their values are averaged over
/// symmetries and over the networks of all folds, and stay in their units.
/// </remarks>
internal static class Occlusion
{
    private const int BlocksASide = 16;

    /// <summary>Explains the prediction of one slide.</summary>
    /// <param name="run">A run.</param>
    /// <param name="slide">A slide compressed by the encoder of the run.</param>
    /// <param name="options">What is explained.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Changes of either sign; NaN where there is no tissue.</returns>
    public static HeatMap Of(
        PredictorRun run,
        SlideGrid slide,
        ExplanationOptions options,
        CancellationToken cancellationToken
    )
    {
        var outcome = ExplainedOutcome.Of(run, slide, options, cancellationToken);
        var side =
            options.Block > 0 ? options.Block : (Math.Max(slide.Rows, slide.Columns) + BlocksASide - 1) / BlocksASide;
        var maps = new MapAverage(slide.Cells.Count);
        using var still = no_grad();
        foreach (var network in run.Networks)
        {
            double Explained(double[] outputs) => outcome.Explained(outputs, run.Heads, network.Scales);
            foreach (var view in network.Input.Cover(slide, options.Symmetries))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var blocks = Blocks(slide, view.Symmetry, side, network.Input.Shown(slide, view));
                // none taken out: the output as it is
                var outputs = network.OutputsWithout(
                    slide,
                    view,
                    [
                        [],
                        .. blocks,
                    ]
                );
                var whole = Explained(outputs[0]);
                foreach (var (b, block) in blocks.Index())
                {
                    var change = whole - Explained(outputs[b + 1]);
                    foreach (var n in block)
                        maps.Add(view.Symmetry, n, change);
                }
            }

            maps.EndNetwork();
        }

        return maps.ToMap(slide, toMaximum: false);
    }

    /// <summary>The cells of squares of the turned grid, of those that a look shows.</summary>
    private static int[][] Blocks(SlideGrid slide, int symmetry, int side, IEnumerable<int> shown) =>
        [
            .. shown
                .GroupBy(n =>
                {
                    var cell = GridSymmetry.Turn(symmetry, slide.Cells[n], slide.Rows, slide.Columns);
                    return (cell.Row / side, cell.Column / side);
                })
                .Select(block => block.ToArray()),
        ];
}
