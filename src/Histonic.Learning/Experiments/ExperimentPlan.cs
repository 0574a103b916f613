using System.Globalization;
using Histonic.Learning.Compression;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Experiments;

/// <summary>The cells of an experiment, in the order in which they are done.</summary>
public sealed class ExperimentPlan
{
    /// <summary>Raised when cells come to be made in another way, so that earlier ones are not taken for them.</summary>
    private const string Format = "cell 1";

    private ExperimentPlan(
        ExperimentOptions options,
        string folder,
        LabelTable labels,
        IReadOnlyList<SlideSource> slides,
        IReadOnlyList<ExperimentCell> cells
    ) => (Options, Folder, Labels, Slides, Cells) = (options, folder, labels, slides, cells);

    /// <summary>Gets what is compared.</summary>
    public ExperimentOptions Options { get; }

    /// <summary>Gets the experiment's folder.</summary>
    public string Folder { get; }

    /// <summary>Gets every cell, after the one it works on.</summary>
    public IReadOnlyList<ExperimentCell> Cells { get; }

    internal LabelTable Labels { get; }

    internal IReadOnlyList<SlideSource> Slides { get; }

    /// <summary>Plans an experiment: reads labels, and fingerprints of patches, encoders and slides.</summary>
    /// <param name="options">What is compared.</param>
    /// <param name="folder">Receives the results; the cells are kept in its folder <c>cells</c>.</param>
    /// <exception cref="InputException">An input is missing or cannot be read.</exception>
    public static ExperimentPlan Make(ExperimentOptions options, string folder)
    {
        var labels = LabelTable.Read(options.Labels);
        IReadOnlyList<SlideSource> slides = options.Slides.Count == 0 ? [] : SlideList.Find(options.Slides);
        var named = labels.Slides.ToHashSet(StringComparer.Ordinal);
        slides = [.. slides.Where(slide => named.Contains(SlideName.Of(slide.Path)))];
        if (options.Slides.Count > 0 && slides.Count == 0)
            throw new InputException(
                options.Labels,
                $"names none of the slides of {string.Join(", ", options.Slides)}",
                "Give slides and labels of one study"
            );
        var planner = new Planner(options, Path.Combine(folder, "cells"), labels, slides);
        return new ExperimentPlan(options, folder, labels, slides, planner.Cells());
    }

    /// <summary>Whether a cell's result is there already.</summary>
    public static bool IsCached(ExperimentCell cell) => cell.Folder().IsDone;

    private sealed class Planner(
        ExperimentOptions options,
        string root,
        LabelTable labels,
        IReadOnlyList<SlideSource> slides
    )
    {
        private readonly Dictionary<string, string> _tasks = new(StringComparer.Ordinal);
        private readonly string _slides = Fingerprints.Of(slides);
        private readonly string _folds = options.FoldsFile is { } file ? $"\nfolds {Fingerprints.OfFolds(file)}" : "";
        private readonly Dictionary<string, string> _truths = options.Targets.ToDictionary(
            target => target.Name,
            target => Fingerprints.Of(labels.Truths(target.Spec)),
            StringComparer.Ordinal
        );

        public List<ExperimentCell> Cells()
        {
            List<ExperimentCell> cells = [];
            foreach (var encoder in options.Encoders)
            {
                foreach (var (place, seed) in options.SeedsOf(encoder).Index())
                {
                    var parent = encoder switch
                    {
                        ExperimentEncoder.Trained trained => Add(
                            Cell(ExperimentStage.Encoder, null, Text(trained, seed))
                        ),
                        ExperimentEncoder.Existing existing when IsKeras(existing.Sources[place]) => Add(
                            Cell(ExperimentStage.Encoder, null, $"import\n{ShaOf(existing.Sources[place])}")
                        ),
                        _ => null,
                    };
                    parent = encoder switch
                    {
                        ExperimentEncoder.LaidOut => null,
                        _ => Add(
                            Cell(
                                ExperimentStage.Features,
                                parent,
                                $"encoder {parent?.Key() ?? ShaOf(((ExperimentEncoder.Existing)encoder).Sources[place])}\n"
                                    + $"{options.Compression.Describe()}\nslides {_slides}"
                            )
                        ),
                    };
                    foreach (var target in options.Targets)
                    {
                        foreach (var predictorSeed in options.PredictorSeeds)
                            cells.Add(Predictor(encoder, place, seed, parent, target, predictorSeed));
                    }

                    ExperimentCell Cell(ExperimentStage stage, ExperimentCell? above, string text) =>
                        new(root, stage, encoder, seed, above, () => $"{Format}\n{stage}\n{text}");
                }
            }

            return cells;

            ExperimentCell Add(ExperimentCell cell)
            {
                cells.Add(cell);
                return cell;
            }
        }

        private ExperimentCell Predictor(
            ExperimentEncoder encoder,
            int place,
            int? seed,
            ExperimentCell? features,
            ExperimentTarget target,
            int predictorSeed
        )
        {
            var settings = string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Spec}\nlabels {_truths[target.Name]}\n{options.Predictor}{_folds}\nseed {predictorSeed}"
            );
            var given = encoder is ExperimentEncoder.LaidOut laidOut
                ? $"grids {Fingerprints.OfGrids(FeatureFolder.Open(laidOut.Folders[place]))}"
                : null;
            return new ExperimentCell(
                root,
                ExperimentStage.Predictor,
                encoder,
                seed,
                features,
                () =>
                    $"{Format}\n{ExperimentStage.Predictor}\n{given ?? $"features {features!.Key()}{Absent(features)}"}\n{settings}"
            )
            {
                Target = target,
                PredictorSeed = predictorSeed,
            };
        }

        /// <summary>The slides without a grid, once the others have theirs: a predictor without them is another.</summary>
        private string Absent(ExperimentCell features)
        {
            var folder = features.Folder().Path;
            if (!Directory.Exists(folder))
                return "";
            var absent = slides
                .Select(slide => SlideName.Of(slide.Path))
                .Where(slide => !File.Exists(Path.Combine(folder, $"{slide}.h5")));
            return string.Concat(absent.Select(slide => $" without {slide}"));
        }

        /// <summary>What decides a training: its settings, with the content of patches in place of where they lie.</summary>
        private string Text(ExperimentEncoder.Trained encoder, int? seed)
        {
            var training = encoder.Training;
            var top = Path.GetPathRoot(Environment.CurrentDirectory)!;
            return EncoderTrainingFile.Essential(
                    training with
                    {
                        Seed = new Seed(seed ?? 0),
                        SplitsFile = training.SplitsFile is { } splits ? top + ShaOf(splits) : null,
                        Tasks =
                        [
                            .. training.Tasks.Select(task =>
                                task with
                                {
                                    Location = top + OfTask(task.Name),
                                    Annotations = task.Annotations is null ? null : top + "annotations",
                                }
                            ),
                        ],
                    }
                )
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"epochs: {training.Epochs}\nmax_steps: {training.MaxSteps ?? 0}\n"
                );

            string OfTask(string name)
            {
                if (!_tasks.TryGetValue(name, out var hash))
                    _tasks.Add(
                        name,
                        hash = Fingerprints.Of(
                            training.Tasks.Single(task => string.Equals(task.Name, name, StringComparison.Ordinal))
                        )
                    );
                return hash;
            }
        }

        private static bool IsKeras(string source) => Path.GetExtension(source).ToUpperInvariant() is ".H5" or ".HDF5";

        private static string ShaOf(string source) =>
            EncoderCatalog.Names.Contains(source, StringComparer.Ordinal)
                ? EncoderCatalog.Describe(source).Sha256
                : Compression.SlideFingerprint.Of(source);
    }
}
