using System.CommandLine;
using Histonic.Slides.Synthetic;
using Histonic.Slides.Synthetic.Digits;

namespace Histonic.Cli.Commands;

/// <summary>synth: makes synthetic slides and patches.</summary>
internal static class SynthCommand
{
    public static Command Create(Terminal terminal) =>
        new("synth", "Makes synthetic data, from a seed.") { Cohort(terminal), Patches(terminal), Digits(terminal) };

    private static Command Cohort(Terminal terminal)
    {
        var output = Out();
        var knobs = new CohortKnobs();
        var command = new Command(
            "cohort",
            "Makes slides like those of colorectal liver metastases, with truth masks and labels.csv: proliferation (regression), pattern (classification), time and event (survival).".WithExamples(
                "synth cohort --out cohort",
                "synth cohort --out cohort --slides 200 --size 4096 --seed 7",
                "synth cohort --out spoilt --slides 8 --artefacts pen,dust,fat"
            )
        )
        {
            output,
        };
        foreach (var knob in knobs.All)
            command.Options.Add(knob);
        return command.Runs(
            terminal,
            (context, cancellationToken) =>
            {
                var folder = context.Get(output).FullName;
                var summary = SyntheticCohort.Write(
                    folder,
                    knobs.Read(context),
                    context.Seed,
                    context.Terminal,
                    cancellationToken
                );
                context.Terminal.Result(
                    $"{folder}: {summary.Slides} slides ({summary.Made} made now) of {summary.Patients} patients, {summary.Deaths} of whom died"
                );
                return ExitCode.Done;
            }
        );
    }

    private static Command Patches(Terminal terminal)
    {
        var defaults = new PatchSetOptions();
        var output = Out();
        var perClass = Knob("--per-class", "How many patches each class gets.", defaults.PerClass);
        var perSlide = Knob("--per-slide", "The most patches of a class from one slide.", defaults.PerSlide);
        var nuisance = Knob("--nuisance", "How much stain and scanner differ between slides.", defaults.Nuisance);
        var laboratories = new Option<bool>("--laboratories")
        {
            Description = "Each task from slides of a laboratory of its own; else all tasks from the same slides.",
        };
        return new Command(
            "patches",
            $"Makes labelled patches of 128 px at 0.5 µm/px for training an encoder: {string.Join(", ", SyntheticPatches.Tasks.Keys)}.".WithExamples(
                "synth patches --out patches",
                "synth patches --out patches --per-class 2000 --seed 7",
                "synth patches --out patches --laboratories --nuisance 2"
            )
        )
        {
            output,
            perClass,
            perSlide,
            nuisance,
            laboratories,
        }.Runs(
            terminal,
            (context, cancellationToken) =>
            {
                var folder = context.Get(output).FullName;
                var count = SyntheticPatches.Write(
                    folder,
                    new PatchSetOptions
                    {
                        PerClass = context.Get(perClass),
                        PerSlide = context.Get(perSlide),
                        Nuisance = context.Get(nuisance),
                        Laboratories = context.Get(laboratories),
                        Threads = context.Threads,
                    },
                    context.Seed,
                    context.Terminal,
                    cancellationToken
                );
                context.Terminal.Result($"{folder}: {count} patches of {SyntheticPatches.Tasks.Count} tasks");
                return ExitCode.Done;
            }
        );
    }

    private static Command Digits(Terminal terminal)
    {
        var defaults = new DigitSetOptions();
        var output = Out();
        var pictures = Knob("--pictures", "How many pictures; a tenth is for encoders. P2: 25000.", defaults.Pictures);
        var test = Knob("--test", "How many more, of other digits, for testing. P2: 25000.", defaults.TestPictures);
        var size = Knob("--size", "Width and height in pixels. P2: 3600.", defaults.Size);
        var density = Knob("--density", "Digits a pixel.", defaults.Density);
        var least = Knob(
            "--least",
            "The least long side of a rectangle, as a share of the greatest, half a picture.",
            defaults.Least
        );
        var patches = Knob("--patches", "Patches from each picture for encoders.", defaults.Patches);
        var mnist = new Option<DirectoryInfo?>("--mnist")
        {
            Description = "The folder of MNIST's four idx files. Default: digits of our own drawing.",
        };
        return new Command(
            "digits",
            "Makes the synthetic pictures of P2: digits at random, in two rectangles of one kind each; the label is the digit of the tilted one.".WithExamples(
                "synth digits --out digits",
                "synth digits --out digits --pictures 2000 --size 450 --density 0.006",
                "synth digits --out digits --pictures 25000 --test 25000 --size 3600 --mnist mnist"
            )
        )
        {
            output,
            pictures,
            test,
            size,
            density,
            least,
            patches,
            mnist,
        }.Runs(
            terminal,
            (context, cancellationToken) =>
            {
                var folder = context.Get(output).FullName;
                var summary = DigitSet.Write(
                    folder,
                    new DigitSetOptions
                    {
                        Pictures = context.Get(pictures),
                        TestPictures = context.Get(test),
                        Size = context.Get(size),
                        Density = context.Get(density),
                        Least = context.Get(least),
                        Patches = context.Get(patches),
                        Mnist = context.Get(mnist)?.FullName,
                        Threads = context.Threads,
                    },
                    context.Seed,
                    context.Terminal,
                    cancellationToken
                );
                context.Terminal.Result(
                    $"{folder}: {summary.Slides} pictures, {summary.Test} for testing, {summary.Encoder} for encoders with {summary.Patches} patches"
                );
                return ExitCode.Done;
            }
        );
    }

    private static Option<DirectoryInfo> Out() =>
        new("--out") { Description = "The folder that comes to be.", Required = true };

    private static Option<T> Knob<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private sealed class CohortKnobs
    {
        private static readonly CohortOptions _defaults = new();

        private readonly Option<int> _slides = Knob(
            "--slides",
            "How many slides. Run it again with more, and the cohort grows.",
            _defaults.Slides
        );

        private readonly Option<int> _size = Knob(
            "--size",
            "Width and height of a slide in pixels of 0.5 µm.",
            _defaults.SlideSize
        );

        private readonly Option<double> _effect = Knob(
            "--effect",
            "How strongly proliferation and growth pattern act on survival; 0 = not at all.",
            _defaults.EffectSize
        );

        private readonly Option<double> _censoring = Knob(
            "--censoring",
            "The share of patients alive when last seen.",
            _defaults.Censoring
        );

        private readonly Option<double> _labelNoise = Knob(
            "--label-noise",
            "What the proliferation score has beyond the cells, in standard deviations.",
            _defaults.LabelNoise
        );

        private readonly Option<double> _densityWeight = Knob(
            "--density-weight",
            "The weight of cell density in proliferation; mitoses have the rest.",
            _defaults.DensityWeight
        );

        private readonly Option<double> _nuisance = Knob(
            "--nuisance",
            "How much stain and scanner differ between slides.",
            _defaults.Nuisance
        );

        private readonly Option<double> _multiple = Knob(
            "--multiple-slides",
            "The share of patients with more than one slide.",
            _defaults.MultipleSlides
        );

        private readonly Option<string> _artefacts = Knob(
            "--artefacts",
            $"What went wrong with every slide: some of {string.Join(", ", ArtefactNames.All)}, with commas between. truth/artefacts tells where.",
            ""
        );

        public IEnumerable<Option> All =>
            [_slides, _size, _effect, _censoring, _labelNoise, _densityWeight, _nuisance, _multiple, _artefacts];

        public CohortOptions Read(CommandContext context) =>
            new()
            {
                Slides = context.Get(_slides),
                SlideSize = context.Get(_size),
                EffectSize = context.Get(_effect),
                Censoring = context.Get(_censoring),
                LabelNoise = context.Get(_labelNoise),
                DensityWeight = context.Get(_densityWeight),
                Nuisance = context.Get(_nuisance),
                MultipleSlides = context.Get(_multiple),
                Artefacts = ArtefactNames.Parse(context.Get(_artefacts)),
                Threads = context.Threads,
            };
    }
}
