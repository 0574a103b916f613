using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using Histonic.Statistics;
using Histonic.Statistics.Intervals;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>What objectives without labels have in common when they look at held-out patches.</summary>
internal static class HeldOutPatches
{
    /// <summary>All patches of one part, task after task.</summary>
    public static IReadOnlyList<PatchSample> All(IReadOnlyList<PatchTask> tasks, SplitPart part) =>
        [.. tasks.SelectMany(task => task.Of(part))];

    /// <summary>Looks with a network in evaluation mode, and puts its mode back.</summary>
    public static T Look<T>(nn.Module network, Func<T> look)
    {
        var training = network.training;
        network.eval();
        try
        {
            return look();
        }
        finally
        {
            network.train(training);
        }
    }

    /// <summary>The mean squared error of each patch drawn again, over its pixels and colours; their range is [-1, 1].</summary>
    /// <param name="views">Shows the patches.</param>
    /// <param name="samples">The patches.</param>
    /// <param name="draw">Draws views, B × 3 × S × S, again.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static double[] ReconstructionErrors(
        HeldOutViews views,
        IReadOnlyList<PatchSample> samples,
        Func<Tensor, Tensor> draw,
        CancellationToken cancellationToken
    )
    {
        var errors = new double[samples.Count];
        views.Show(
            samples,
            (viewsBCSS, first) =>
            {
                var errorsB = draw(viewsBCSS).Minus(viewsBCSS).Squared().mean([1, 2, 3]);
                foreach (var (i, error) in errorsB.cpu().data<float>().Index())
                    errors[first + i] = error;
            },
            cancellationToken
        );
        return errors;
    }

    /// <summary>The mean of one number a patch, with a 95 % interval, whole patients or slides resampled.</summary>
    /// <param name="name">The figure's name.</param>
    /// <param name="values">The number of each patch or pair.</param>
    /// <param name="groups">The patient or slide of each.</param>
    /// <param name="seed">Where the resamples come from.</param>
    /// <param name="undetermined">Told why there is no interval, where there is none.</param>
    public static ObjectiveFigures Mean(
        string name,
        double[] values,
        IReadOnlyList<string> groups,
        Seed seed,
        Action<string> undetermined
    )
    {
        var numbers = groups
            .Distinct(StringComparer.Ordinal)
            .Index()
            .ToDictionary(group => group.Item, group => group.Index, StringComparer.Ordinal);
        var figures = new Dictionary<string, Estimate>(StringComparer.Ordinal);
        if (values.Length > 0)
        {
            try
            {
                figures[name] = Bootstrap.Percentile(
                    values.Length,
                    seed.Number(name),
                    rows =>
                    {
                        var sum = 0.0;
                        foreach (var row in rows)
                            sum += values[row];
                        return sum / rows.Length;
                    },
                    groups: [.. groups.Select(group => numbers[group])]
                );
            }
            catch (StatisticsException error)
            {
                undetermined($"{name} has no interval: {error.Message}");
            }
        }

        return new ObjectiveFigures("patches", numbers.Count, figures);
    }
}
