using Histonic.Learning.Encoders.Scoring;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>Evaluates frozen encoders on labelled patches, all on the same split by patient or slide (P2; papers.md 2.4).</summary>
/// <param name="options">Which encoders, on what, and how.</param>
/// <param name="monitor">Told how far it is.</param>
public sealed class EncoderEvaluator(EncoderEvaluationOptions options, IWorkMonitor monitor)
{
    private readonly EncoderEvaluationOptions _options = options.Validated();
    private readonly Dictionary<string, EvaluatedEncoder> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EncoderFailure> _failed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Task, ProbeMethod Method), ProbeOutputs> _outputs = [];
    private readonly Dictionary<
        (string First, string Other, string Task, ProbeMethod Method),
        AucDifference?
    > _compared = [];
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private IReadOnlyList<EvaluatedTask> _tasks = [];

    /// <summary>Evaluates. An encoder that cannot be evaluated is told of and left out.</summary>
    /// <param name="onTasks">Called once, when the patches have been read and split.</param>
    /// <param name="onEncoder">Called after each encoder with all that is known by then.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">A task's data are at fault, or too few for a split.</exception>
    public EncoderEvaluation Run(
        Action<IReadOnlyList<PatchTask>> onTasks,
        Action<EncoderEvaluation> onEncoder,
        CancellationToken cancellationToken
    )
    {
        var labels = Describe();
        // encoders of one scale see the same pixels: they are read once
        foreach (var scale in labels.GroupBy(one => new PatchScale(one.Info.PatchSize, one.Info.PixelSize)))
        {
            var pixels = new PatchPixels(scale.Key, _options.PixelBudget, _options.Threads);
            using var tasks = PatchTaskReader.Read(
                _options.Tasks,
                _options.GroupRegex is { } regex ? GroupRule.FromRegex(regex) : GroupRule.Default,
                _options.SplitsFile is { } path ? PatchSplit.Read(path, _options.Split) : PatchSplit.Of(_options.Split),
                _options.Seed,
                pixels,
                _tasks.Count == 0 ? monitor : new ProgressOnlyMonitor(monitor),
                cancellationToken
            );
            if (_tasks.Count == 0)
            {
                foreach (var task in tasks.All)
                    CheckParts(task);
                _tasks = [.. tasks.All.Select(EvaluatedTask.Of)];
                onTasks(tasks.All);
            }

            foreach (var (source, label, _) in scale)
            {
                try
                {
                    _done[source] = Evaluate(source, label, tasks.All, pixels, cancellationToken);
                }
                catch (HistonicException error)
                {
                    Fail(source, error);
                }

                onEncoder(Result());
            }
        }

        return Result();
    }

    /// <summary>What the encoders' files say of them, and a label for each.</summary>
    private List<(string Source, string Label, EncoderInfo Info)> Describe()
    {
        List<(string Source, EncoderInfo Info)> described = [];
        foreach (var source in _options.Encoders)
        {
            try
            {
                described.Add((source, EncoderCatalog.Describe(source)));
            }
            catch (HistonicException error)
            {
                Fail(source, error);
            }
        }

        return
        [
            .. described.Select(one =>
                (
                    one.Source,
                    described.Count(other => string.Equals(other.Info.Name, one.Info.Name, StringComparison.Ordinal))
                    > 1
                        ? $"{one.Info.Name} ({one.Source})"
                        : one.Info.Name,
                    one.Info
                )
            ),
        ];
    }

    private void Fail(string source, HistonicException error)
    {
        monitor.Warn($"{error.Message} The other encoders are evaluated without it");
        _failed[source] = new EncoderFailure(source, error.Message);
    }

    private static void CheckParts(PatchTask task)
    {
        foreach (var part in new[] { SplitPart.Validation, SplitPart.Test })
        {
            if (!task.Of(part).Any())
            {
                throw new InputException(
                    task.Options.Location,
                    $"has no patches for {part}",
                    "Take other shares by --split, or patches of more patients or slides"
                );
            }
        }
    }

    private EvaluatedEncoder Evaluate(
        string source,
        string label,
        IReadOnlyList<PatchTask> tasks,
        PatchPixels pixels,
        CancellationToken cancellationToken
    )
    {
        using var encoder = EncoderCatalog.Open(source, _options.Threads, _options.Device);
        var embedder = new PatchEmbedder(encoder, source, pixels, _options.Threads);
        var total = tasks.Sum(task => task.Samples.Count);
        var done = 0;
        var embedded = tasks
            .Select(task =>
                Enum.GetValues<SplitPart>()
                    .ToDictionary(
                        part => part,
                        part =>
                            embedder.Embed(
                                [.. task.Of(part)],
                                count =>
                                    monitor.Report(
                                        new WorkProgress($"embed by {label}", done += count, total, "patches")
                                    ),
                                cancellationToken
                            )
                    )
            )
            .ToList();
        List<ProbeFigures> figures = [];
        List<EmbeddingMap> maps = [];
        foreach (var (task, parts) in tasks.Zip(embedded))
        {
            var data = ProbeData.Scaled(parts, task.Classes.Count);
            foreach (var method in _options.Probes)
                figures.Add(Figures(source, task, method, Runs(method, data, task.Name, label, cancellationToken)));
            var head = TrainedHead.Run(
                source,
                encoder.Info,
                task.Name,
                task.Classes,
                parts[SplitPart.Validation],
                parts[SplitPart.Test]
            );
            if (head is not null)
                figures.Add(Figures(source, task, ProbeMethod.Head, [head]));
            if (_options.Points > 0)
                maps.Add(Map(task, data.Test, label, cancellationToken));
        }

        return new EvaluatedEncoder(label, source, encoder.Info, figures, maps);
    }

    private EmbeddingMap Map(
        PatchTask task,
        LabelledEmbeddings test,
        string label,
        CancellationToken cancellationToken
    ) =>
        EmbeddingMap.Create(
            task.Name,
            test,
            [.. task.Of(SplitPart.Test).Select(sample => sample.Id)],
            task.Classes,
            _options.Points,
            _options.Seed,
            _options.Threads,
            (step, steps) => monitor.Report(new WorkProgress($"map of {task.Name} by {label}", step, steps, "steps")),
            cancellationToken
        );

    private List<ProbeRun> Runs(
        ProbeMethod method,
        ProbeData data,
        string task,
        string label,
        CancellationToken cancellationToken
    ) =>
        method == ProbeMethod.Knn
            ? [NearestNeighbourProbe.Run(data, _options.Threads, cancellationToken)]
            :
            [
                .. Enumerable
                    .Range(1, _options.Repeats)
                    .Select(repeat =>
                        MlpProbe.Run(
                            data,
                            new Seed(_options.Seed.Number($"probe {task} {repeat}")),
                            (epoch, most) =>
                                monitor.Report(
                                    new WorkProgress(
                                        $"probe {repeat} of {_options.Repeats} on {task} by {label}",
                                        epoch,
                                        most,
                                        "epochs"
                                    )
                                ),
                            cancellationToken
                        )
                    ),
            ];

    private ProbeFigures Figures(string source, PatchTask task, ProbeMethod method, IReadOnlyList<ProbeRun> runs)
    {
        var test = Outputs(task, SplitPart.Test, runs.Select(run => run.Test));
        var validation = Outputs(task, SplitPart.Validation, runs.Select(run => run.Validation));
        _outputs[(source, task.Name, method)] = test;
        return new ProbeFigures(
            task.Name,
            method,
            test.Estimates(IntervalSeed(task.Name), message => WarnOnce($"{task.Name}, test patches: {message}")),
            validation.Estimates(IntervalSeed(task.Name), _ => { }),
            [.. runs.Where(run => run.Chosen is not null).Select(run => run.Chosen!.Value)]
        );
    }

    // it is the patches that do not determine a figure, whoever embeds them
    private void WarnOnce(string message)
    {
        if (_warned.Add(message))
            monitor.Warn(message);
    }

    private static ProbeOutputs Outputs(PatchTask task, SplitPart part, IEnumerable<double[]> probabilities)
    {
        var samples = task.Of(part).ToList();
        return new ProbeOutputs(
            [.. samples.Select(sample => sample.Id)],
            [
                .. probabilities.Select(one =>
                    TaskOutputs.Of(
                        samples.Select(sample => (sample.Class, sample.Group)),
                        task.Classes.Count,
                        one,
                        double.NaN
                    )
                ),
            ]
        );
    }

    // the same resamples for every encoder
    private Seed IntervalSeed(string task) => new(_options.Seed.Number($"bootstrap {task}"));

    private EncoderEvaluation Result()
    {
        List<EvaluatedEncoder> encoders =
        [
            .. _options.Encoders.Where(_done.ContainsKey).Select(source => _done[source]),
        ];
        return new EncoderEvaluation(
            _options,
            _tasks,
            encoders,
            [
                .. encoders
                    .Skip(1)
                    .SelectMany(other => other.Figures.Select(figures => Compare(encoders[0], other, figures)))
                    .OfType<AucDifference>(),
            ],
            [.. _options.Encoders.Where(_failed.ContainsKey).Select(source => _failed[source])]
        );
    }

    private AucDifference? Compare(EvaluatedEncoder first, EvaluatedEncoder other, ProbeFigures figures)
    {
        var (task, method) = (figures.Task, figures.Method);
        var key = (first.Source, other.Source, task, method);
        if (_compared.TryGetValue(key, out var known))
            return known;
        var difference =
            _outputs.TryGetValue((first.Source, task, method), out var mine)
            && mine.AreaAbove(_outputs[(other.Source, task, method)], IntervalSeed(task)) is { } estimate
                ? new AucDifference(task, method, first.Label, other.Label, estimate)
                : null;
        return _compared[key] = difference;
    }
}
