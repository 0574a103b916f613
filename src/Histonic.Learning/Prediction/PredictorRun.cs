using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using SlidePrediction = Histonic.Slides.Cohorts.Prediction;

namespace Histonic.Learning.Prediction;

/// <summary>A trained predictor: the networks of all folds of a run.</summary>
public sealed class PredictorRun : IDisposable
{
    private PredictorRun(string folder, RunConfiguration configuration, IReadOnlyList<SlideNetwork> networks)
    {
        (Folder, Configuration, Networks) = (folder, configuration, networks);
        Heads = TargetHeads.For(Targets);
    }

    /// <summary>Gets the run folder.</summary>
    public string Folder { get; }

    /// <summary>Gets what made the run.</summary>
    public RunConfiguration Configuration { get; }

    /// <summary>Gets what is predicted: one target or several.</summary>
    public IReadOnlyList<RunTarget> Targets => Configuration.Predicted;

    /// <summary>Gets the network of each fold, in the order of the repeats and folds.</summary>
    public IReadOnlyList<SlideNetwork> Networks { get; }

    /// <summary>Gets what stands between the networks' outputs and the targets.</summary>
    internal TargetHeads Heads { get; }

    /// <summary>
    /// The same run with weights drawn anew in every layer of every network: what it says owes nothing to training. The scales of input and
    /// output stay. The sanity check of explanations of Adebayo et al., NeurIPS 2018.
    /// </summary>
    /// <param name="seed">Where the weights come from.</param>
    public PredictorRun WithRandomWeights(Seed seed)
    {
        List<SlideNetwork> networks = [];
        foreach (var (k, trained) in Networks.Index())
        {
            var network = PredictorTrainer.Network(
                Configuration,
                new Seed(seed.Number(FormattableString.Invariant($"random weights {k}")))
            );
            (network.Features, network.Scales) = (trained.Features, trained.Scales);
            network.eval();
            networks.Add(network);
        }

        return new PredictorRun(Folder, Configuration, networks);
    }

    /// <summary>Opens a run folder.</summary>
    /// <exception cref="InputException">It is not a run, a fold is missing, or a file is damaged.</exception>
    public static PredictorRun Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(folder, "does not exist", "Give a folder made by train");
        var configuration = RunConfiguration.Read(Path.Combine(folder, "config.yaml"));
        // the networks of all repeats stand for one predictor
        string[] folders =
            configuration.Repeats == 1
                ? [folder]
                : [.. Enumerable.Range(1, configuration.Repeats).Select(repeat => RepeatFolder(folder, repeat))];
        List<SlideNetwork> networks = [];
        try
        {
            foreach (var one in folders)
                networks.AddRange(LoadFolds(one, configuration));
            return new PredictorRun(folder, configuration, networks);
        }
        catch
        {
            networks.ForEach(network => network.Dispose());
            throw;
        }
    }

    /// <summary>Where a repeat of a run stands: a run of its own.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="repeat">Which, from 1.</param>
    public static string RepeatFolder(string folder, int repeat) =>
        Path.Combine(folder, FormattableString.Invariant($"repeat-{repeat}"));

    private static List<SlideNetwork> LoadFolds(string folder, RunConfiguration configuration)
    {
        var missing = Enumerable
            .Range(1, configuration.Folds)
            .Where(fold => !File.Exists(PredictorTrainer.ModelPath(folder, fold)))
            .ToArray();
        if (missing.Length > 0)
            throw new InputException(
                folder,
                $"fold {string.Join(", ", missing)} of {configuration.Folds} is not trained",
                "Finish the run with train --resume"
            );
        List<SlideNetwork> networks = [];
        try
        {
            for (var fold = 1; fold <= configuration.Folds; fold++)
                networks.Add(PredictorTrainer.Load(folder, configuration, fold));
            return networks;
        }
        catch
        {
            networks.ForEach(network => network.Dispose());
            throw;
        }
    }

    /// <summary>Predicts a slide by the networks of all folds: their mean, and the deviation of its score between them.</summary>
    /// <param name="slide">A slide compressed by the encoder of the run.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A prediction for each of <see cref="Targets"/>.</returns>
    /// <exception cref="InputException">The slide has no tissue, or was compressed by another encoder.</exception>
    public IReadOnlyList<SlidePrediction> Predict(SlideGrid slide, CancellationToken cancellationToken = default)
    {
        RequireFit(slide);
        var outputs = Networks
            .Select(network =>
                NetworkOutputs.Of(network, Heads, network.Scales, [slide], network.Input.All, cancellationToken)[0]
            )
            .ToArray();
        var mean = new double[Heads.Activated];
        for (var o = 0; o < mean.Length; o++)
            mean[o] = outputs.Average(one => one[o]);
        return
        [
            .. Enumerable
                .Range(0, Heads.Count)
                .Select(target =>
                {
                    var score = Heads.ScoreIndex(target);
                    var squares = outputs.Sum(one => Math.Pow(one[score] - mean[score], 2));
                    var prediction = new SlidePrediction
                    {
                        Slide = slide.Slide,
                        Patient = slide.Slide,
                        Split = "new",
                        Score = 0,
                        Spread = outputs.Length > 1 ? Math.Sqrt(squares / (outputs.Length - 1)) : null,
                    };
                    return Heads.Predict(target, prediction, mean);
                }),
        ];
    }

    /// <summary>The predictions of slides as tables, one for each of <see cref="Targets"/>.</summary>
    /// <param name="rows">What <see cref="Predict"/> gave for each slide.</param>
    public IReadOnlyList<PredictionTable> Tables(IReadOnlyList<IReadOnlyList<SlidePrediction>> rows) =>
        [
            .. Targets.Select(
                (target, t) => new PredictionTable(target.Spec, target.Classes, [.. rows.Select(slide => slide[t])])
            ),
        ];

    /// <summary>Which of <see cref="Targets"/> is meant.</summary>
    /// <param name="name">Its name; null where there is one only.</param>
    /// <exception cref="OptionException">There are several and none is named, or there is none of that name.</exception>
    public int IndexOf(string? name)
    {
        string[] names = [.. Targets.Select(target => target.Spec.Name)];
        if (name is null && names.Length == 1)
            return 0;
        return Array.IndexOf(names, name) is >= 0 and var index
            ? index
            : throw new OptionException("--target", name, $"one of {string.Join(", ", names)}");
    }

    /// <summary>Which of a network's outputs speak for a class of a classification, or for a higher value or risk.</summary>
    /// <param name="target">Which of <see cref="Targets"/>.</param>
    /// <param name="class">The place of the class among its classes; null for other kinds.</param>
    /// <returns>The first of the outputs, how many are summed, and −1 where they speak against it.</returns>
    internal (int First, int Count, int Sign) OutputsOf(int target, int? @class)
    {
        var (first, count) = (Heads.OutputOf(target), Heads.Heads[target].Outputs);
        return (@class, count) switch
        {
            (null, _) => (first, count, 1),
            ({ } one, 1) => (first, 1, one == 1 ? 1 : -1), // a label's one output speaks for it
            ({ } one, _) => (first + one, 1, 1),
        };
    }

    /// <summary>Refuses a slide this run cannot be asked about.</summary>
    /// <exception cref="InputException">The slide has no tissue, or was compressed by another encoder.</exception>
    internal void RequireFit(SlideGrid slide)
    {
        if (slide.Cells.Count == 0)
            throw new InputException(slide.Slide, "has no tissue", "Look at its tissue mask");
        if (!slide.IsOf(Configuration.Encoder, Configuration.EncoderSha256, Configuration.Channels))
            throw new InputException(
                slide.Slide,
                $"was compressed by another encoder ({Cohort.Describe(slide)}) than the slides of {Folder} "
                    + $"({Configuration.Encoder}, {Configuration.Channels} channels)",
                "Compress it with the encoder of the run"
            );
    }

    /// <summary>Frees the networks.</summary>
    public void Dispose()
    {
        foreach (var network in Networks)
            network.Dispose();
    }
}
