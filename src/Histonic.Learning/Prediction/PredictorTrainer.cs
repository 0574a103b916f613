using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using static TorchSharp.torch;
using SlidePrediction = Histonic.Slides.Cohorts.Prediction;

namespace Histonic.Learning.Prediction;

/// <summary>Cross-validates a predictor into a run folder.</summary>
public static class PredictorTrainer
{
    /// <summary>Trains one network a fold and predicts every slide by the one that never saw it.</summary>
    /// <remarks>
    /// Folds are trained side by side as far as there are threads. A fold's files come to be when it is done; meanwhile its state is kept
    /// every half minute, so that a run that was stopped goes on to the same networks.
    /// </remarks>
    /// <param name="runFolder">Receives config.yaml, folds.csv, fold-K/model.safetensors, fold-K/log.csv and predictions.csv.</param>
    /// <param name="cohort">The slides and their truths.</param>
    /// <param name="folds">Which slide is tested when; null makes <see cref="PredictorOptions.Folds"/> of them.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="seed">Where chance comes from: the same seed, inputs and options give the same predictions.</param>
    /// <param name="threads">How many threads to use.</param>
    /// <param name="resume">Whether to go on with a run that was stopped: its folds that are done are kept.</param>
    /// <param name="monitor">Told of every epoch and fold.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What is in predictions.csv: a table for each target.</returns>
    /// <exception cref="InputException">The folder holds a run already, or one made otherwise; or a fold cannot be trained.</exception>
    public static IReadOnlyList<PredictionTable> Train(
        string runFolder,
        Cohort cohort,
        Folds? folds,
        PredictorOptions options,
        Seed seed,
        int threads,
        bool resume,
        IWorkMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        options = options.Validated();
        var targets = TargetsOf(cohort, options);
        if (options.LearningRate == 0)
            options = options with { LearningRate = SlideNetworks.LearningRateOf(options.Model) };
        if (options.BatchSize == 0)
            options = options with { BatchSize = targets.Any(one => one.Spec is TargetSpec.Survival) ? 32 : 16 };
        var truths = cohort.Slides.Select(slide => slide.Truth).ToArray();
        folds ??= Folds.Make(
            [.. cohort.Slides.Select(slide => slide.Truths)],
            [.. targets.Select(target => target.Spec)],
            options.Folds,
            seed
        );
        options = options with { Folds = folds.Count };
        for (var fold = 1; fold <= folds.Count; fold++)
            RequireTrainable(cohort, folds, fold);
        var configuration = Describe(cohort, targets, folds, options, seed);
        Begin(runFolder, configuration, resume);
        folds.Write(Path.Combine(runFolder, "folds.csv"), truths);

        var open = Enumerable.Range(1, folds.Count).Where(fold => !File.Exists(ModelPath(runFolder, fold))).ToArray();
        if (open.Length < folds.Count)
            monitor.Note($"{folds.Count - open.Length} of {folds.Count} folds were done before");
        var progress = new EpochCount(monitor, open.Length * (long)options.Epochs);
        SideBySide(
            open,
            folds.Count,
            threads,
            fold =>
            {
                using var network = Network(configuration, new Seed(seed.Number($"weights of fold {fold}")));
                TrainFold(
                    runFolder,
                    network,
                    cohort,
                    targets,
                    folds,
                    fold,
                    options,
                    seed,
                    progress,
                    monitor,
                    cancellationToken
                );
            }
        );

        var heads = TargetHeads.For(targets);
        var rows = new (int Slide, SlidePrediction[] OfTargets)[folds.Count][];
        SideBySide(
            [.. Enumerable.Range(1, folds.Count)],
            folds.Count,
            threads,
            fold =>
            {
                using var network = Load(runFolder, configuration, fold);
                var tested = Enumerable
                    .Range(0, truths.Length)
                    .Where(i => folds.RoleOf(truths[i].Slide, fold) == SlideRole.Test)
                    .ToArray();
                var outputs = NetworkOutputs.Of(
                    network,
                    heads,
                    network.Scales,
                    [.. tested.Select(i => cohort.Slides[i].Grid)],
                    network.Input.All,
                    cancellationToken
                );
                rows[fold - 1] =
                [
                    .. tested.Select(
                        (i, place) =>
                        {
                            var slide = new SlidePrediction
                            {
                                Slide = truths[i].Slide,
                                Patient = truths[i].Patient,
                                Fold = fold,
                                Score = 0,
                            };
                            return (
                                i,
                                cohort
                                    .Slides[i]
                                    .Truths.Select((truth, t) => heads.Predict(t, slide.With(truth), outputs[place]))
                                    .ToArray()
                            );
                        }
                    ),
                ];
            }
        );
        // in the order of the slides; one that splits that were given test several times comes so often
        SlidePrediction[][] ordered =
        [
            .. rows.SelectMany(fold => fold).OrderBy(row => row.Slide).Select(row => row.OfTargets),
        ];
        PredictionTable[] tables =
        [
            .. targets.Select(
                (target, t) => new PredictionTable(target.Spec, target.Classes, [.. ordered.Select(row => row[t])])
            ),
        ];
        PredictionTable.Write(Path.Combine(runFolder, "predictions.csv"), tables);
        return tables;
    }

    /// <summary>The targets of a cohort with their losses and weights.</summary>
    /// <exception cref="OptionException">A loss, weight or balance does not fit them.</exception>
    private static IReadOnlyList<RunTarget> TargetsOf(Cohort cohort, PredictorOptions options)
    {
        var several = cohort.Targets.Count > 1;
        var losses = several ? ByName(cohort, "--loss", options.Loss, "LOSS") : [];
        var weights = ByName(cohort, "--target-weights", options.TargetWeights, "NUMBER");
        if (!several && weights.Count > 0)
            throw new OptionException("--target-weights", options.TargetWeights, "left out: there is one target");
        _ = ClassBalance.Of(
            options.ClassWeights,
            [.. cohort.Targets.Select(target => (target.Spec.Name, target.Classes))]
        );
        return [.. cohort.Targets.Select(Of)];

        RunTarget Of(CohortTarget target)
        {
            var possible = SlideHead.LossesOf(target.Spec);
            var name = target.Spec.Name;
            var loss = several ? losses.GetValueOrDefault(name, "") : options.Loss;
            if (loss.Length == 0)
                loss = possible[0];
            if (!possible.Contains(loss, StringComparer.Ordinal))
                throw new OptionException(
                    "--loss",
                    loss,
                    $"one of {string.Join(", ", possible)} for {target.Spec.Task}"
                );
            var weight = 1.0;
            if (
                weights.TryGetValue(name, out var text)
                && !(
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out weight)
                    && weight > 0
                    && double.IsFinite(weight)
                )
            )
                throw new OptionException("--target-weights", text, "a number above 0");
            return new RunTarget
            {
                Task = target.Spec.Task,
                Columns = [.. target.Spec.Columns],
                Group = (target.Spec as TargetSpec.Label)?.Group,
                Classes = [.. target.Classes],
                Loss = loss,
                Weight = weight,
            };
        }
    }

    /// <summary>What an option such as score=huber,months=hazards says of each target, by its name.</summary>
    private static Dictionary<string, string> ByName(Cohort cohort, string option, string text, string what)
    {
        string[] names = [.. cohort.Targets.Select(target => target.Spec.Name)];
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.LastIndexOf('=');
            if (
                at < 0
                || !names.Contains(part[..at], StringComparer.Ordinal)
                || !found.TryAdd(part[..at], part[(at + 1)..])
            )
                throw new OptionException(
                    option,
                    text,
                    $"NAME={what}, parted by commas, each name once and one of {string.Join(", ", names)}"
                );
        }

        return found;
    }

    /// <summary>How often the state of a fold is written: what a stop may cost.</summary>
    private static readonly TimeSpan _checkpointEvery = TimeSpan.FromSeconds(30);

    internal static string ModelPath(string runFolder, int fold) =>
        Path.Combine(runFolder, $"fold-{fold}", "model.safetensors");

    /// <summary>The network of a run's fold, ready to predict.</summary>
    internal static SlideNetwork Load(string runFolder, RunConfiguration configuration, int fold)
    {
        var network = Network(configuration, default);
        try
        {
            Safetensors.Load(ModelPath(runFolder, fold), network);
            network.Refresh();
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>A network as it is before training, with random weights.</summary>
    /// <param name="configuration">What made the run.</param>
    /// <param name="seed">Where the weights come from.</param>
    internal static SlideNetwork Network(RunConfiguration configuration, Seed seed)
    {
        using var chance = new Generator((ulong)(uint)seed.Value);
        var heads = TargetHeads.For(configuration.Predicted);
        return SlideNetworks.Create(
            configuration.Model,
            configuration.LargestSide,
            configuration.Channels,
            heads.Outputs,
            chance,
            heads.Count
        );
    }

    private static void TrainFold(
        string runFolder,
        SlideNetwork network,
        Cohort cohort,
        IReadOnlyList<RunTarget> targets,
        Folds folds,
        int fold,
        PredictorOptions options,
        Seed seed,
        EpochCount progress,
        IWorkMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var heads = TargetHeads.For(targets, options.ClassWeights);
        var roles = cohort.Slides.ToLookup(slide => folds.RoleOf(slide.Truth.Slide, fold));
        List<TrainedEpoch> log = [];
        var folder = Path.GetDirectoryName(ModelPath(runFolder, fold))!;
        var checkpoint = new FoldCheckpoint(Path.Combine(folder, "checkpoint.safetensors"), _checkpointEvery);
        var best = FoldTrainer.Train(
            network,
            heads,
            [.. roles[SlideRole.Training]],
            [.. roles[SlideRole.Validation]],
            options,
            new Seed(seed.Number($"training of fold {fold}")),
            checkpoint,
            epoch =>
            {
                log.Add(epoch);
                progress.Add();
            },
            cancellationToken
        );
        CsvTable.Write(
            Path.Combine(folder, "log.csv"),
            [
                "epoch",
                "training_loss",
                "validation_loss",
                $"validation_{heads.MetricName}",
                .. heads.Count > 1 ? heads.MetricNames : [],
                "learning_rate",
                "best",
            ],
            log.Select(epoch =>
                (IReadOnlyList<object?>)
                    [
                        epoch.Epoch,
                        epoch.TrainingLoss,
                        epoch.ValidationLoss,
                        epoch.Metric,
                        .. epoch.TargetMetrics.Cast<object?>(),
                        epoch.LearningRate,
                        epoch == best ? 1 : 0,
                    ]
            )
        );
        Safetensors.Write(
            ModelPath(runFolder, fold),
            network,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["model"] = options.Model,
                ["task"] = string.Join(";", targets.Select(target => target.Task)),
                ["target"] = string.Join(";", targets.Select(target => string.Join(",", target.Columns))),
                ["classes"] = string.Join(";", targets.Select(target => string.Join(",", target.Classes))),
                ["encoder_sha256"] = cohort.Encoder.Sha256,
                ["fold"] = fold.ToString(CultureInfo.InvariantCulture),
                ["epoch"] = best.Epoch.ToString(CultureInfo.InvariantCulture),
            }
        );
        checkpoint.Delete();
        var metric = best.Metric is { } value
            ? string.Create(CultureInfo.InvariantCulture, $", validation {heads.MetricName} {value:0.000}")
            : "";
        monitor.Note($"fold {fold} of {folds.Count}: best epoch {best.Epoch} of {options.Epochs}{metric}");
    }

    private static void RequireTrainable(Cohort cohort, Folds folds, int fold)
    {
        var slides = cohort
            .Slides.Where(slide => folds.RoleOf(slide.Truth.Slide, fold) == SlideRole.Training)
            .ToArray();
        foreach (var (t, target) in cohort.Targets.Index())
        {
            var training = slides.Select(slide => slide.Truths[t]).Where(truth => truth.IsKnown).ToArray();
            var missing = target.Classes.FirstOrDefault(name =>
                !training.Any(truth => string.Equals(truth.Label, name, StringComparison.Ordinal))
            );
            var of = cohort.Targets.Count > 1 ? $" of {target.Spec.Name}" : "";
            var finding =
                missing is not null ? $"has no training slide of class {missing}{of}"
                : training.Length < 2 ? $"has fewer than two training slides{of}"
                : target.Spec is TargetSpec.Survival && training.All(truth => truth.Event == false)
                    ? $"has no event among its training slides{of}"
                : null;
            if (finding is not null)
                throw new InputException($"fold {fold}", finding, "Spread the slides otherwise, or take fewer folds");
        }
    }

    private static void Begin(string runFolder, RunConfiguration configuration, bool resume)
    {
        var path = Path.Combine(runFolder, "config.yaml");
        if (File.Exists(path))
        {
            if (!resume)
                throw new InputException(
                    runFolder,
                    "already holds a run",
                    "Choose another --out, or give --resume to train the folds that are not done"
                );
            var before = RunConfiguration.Read(path).ToString().Split('\n');
            var changed = configuration.ToString().Split('\n').Except(before, StringComparer.Ordinal).ToArray();
            if (changed.Length > 0)
                throw new InputException(
                    path,
                    $"was made otherwise than this command ({string.Join(", ", changed.Select(line => line.Trim()))} is new)",
                    "Resume with the same inputs and options, or choose another --out"
                );
        }

        AtomicFile.WriteText(path, configuration.ToString());
    }

    private static RunConfiguration Describe(
        Cohort cohort,
        IReadOnlyList<RunTarget> targets,
        Folds folds,
        PredictorOptions options,
        Seed seed
    ) =>
        new RunConfiguration
        {
            HistonicVersion = ProductVersion.Current,
            Model = options.Model,
            ClassWeights = options.ClassWeights,
            Patience = options.Patience,
            LargestSide = cohort.Slides.Max(slide => Math.Max(slide.Grid.Rows, slide.Grid.Columns)),
            Channels = cohort.Channels,
            Encoder = cohort.Encoder.Name,
            EncoderSha256 = cohort.Encoder.Sha256,
            Folds = folds.Count,
            GivenSplits = folds.AreGiven,
            Epochs = options.Epochs,
            BatchSize = options.BatchSize,
            LearningRate = options.LearningRate,
            Seed = seed.Value,
            Slides = cohort.Slides.Count,
            Patients = cohort.Slides.DistinctBy(slide => slide.Truth.Patient, StringComparer.Ordinal).Count(),
            LabelsSha256 = Hash(hash =>
            {
                foreach (var truth in cohort.Slides.SelectMany(slide => slide.Truths))
                    hash.AppendData(
                        Encoding.UTF8.GetBytes(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{truth.Slide}\t{truth.Patient}\t{truth.Label}\t{truth.Value}\t{truth.Time}\t{truth.Event}\t{folds.PlaceOf(truth.Slide)}\n"
                            )
                        )
                    );
            }),
            FeaturesSha256 = Hash(hash =>
            {
                foreach (var grid in cohort.Slides.Select(slide => slide.Grid))
                {
                    hash.AppendData(
                        Encoding.UTF8.GetBytes($"{grid.Slide}\t{grid.Rows}\t{grid.Columns}\t{grid.Channels}\n")
                    );
                    foreach (var cell in grid.Cells)
                        hash.AppendData(MemoryMarshal.AsBytes([cell.Row, cell.Column]));
                    Append(hash, grid.Embeddings());
                    for (var symmetry = 0; symmetry < GridSymmetry.Count && grid.HasSymmetries; symmetry++)
                        Append(hash, grid.Embeddings(symmetry));
                }
            }),
        }.With(targets);

    // as single precision, whichever they are stored in
    private static void Append(IncrementalHash hash, EmbeddingBlock embeddings)
    {
        var part = new float[Math.Min(embeddings.Length, 1 << 14)];
        for (var start = 0; start < embeddings.Length; start += part.Length)
        {
            var numbers = part.AsSpan(0, Math.Min(part.Length, embeddings.Length - start));
            embeddings.Read(start, numbers);
            hash.AppendData(MemoryMarshal.AsBytes(numbers));
        }
    }

    private static string Hash(Action<IncrementalHash> append)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        append(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // one fold a thread: on grids this small a step is too short to be worth sharing. With fewer folds than threads, a
    // fold's own products are shared: among as many threads however many folds are left, since sums depend on it.
    private static void SideBySide(int[] folds, int all, int threads, Action<int> run)
    {
        var before = get_num_threads();
        var workers = Math.Clamp(folds.Length, 1, Math.Max(threads, 1));
        var threadsEach = Math.Max(1, threads / Math.Clamp(all, 1, Math.Max(threads, 1)));
        try
        {
            if (workers == 1)
            {
                set_num_threads(threadsEach);
                foreach (var fold in folds)
                    run(fold);
                return;
            }

            Parallel.ForEach(
                folds,
                new ParallelOptions { MaxDegreeOfParallelism = workers },
                fold =>
                {
                    set_num_threads(threadsEach);
                    run(fold);
                }
            );
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private sealed class EpochCount(IWorkMonitor monitor, long total)
    {
        private long _done;

        public void Add() =>
            monitor.Report(new WorkProgress("train", Interlocked.Increment(ref _done), total, "epochs"));
    }
}
