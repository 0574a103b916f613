using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Learning.Encoders.Training.Objectives.BiGan;
using Histonic.Learning.Encoders.Training.Objectives.Contrastive;
using Histonic.Learning.Encoders.Training.Objectives.Multitask;
using Histonic.Learning.Encoders.Training.Objectives.Vae;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives;

/// <summary>Patches of 64 × 64 pixels in memory, drawn by a formula, and small trainings on them.</summary>
internal sealed class ToyPatches : IPatchSource
{
    private const int Side = 64;

    private readonly RgbImage[] _pictures;

    private ToyPatches(RgbImage[] pictures, string[] classes, IReadOnlyList<PatchEntry> patches) =>
        (_pictures, Classes, Patches) = (pictures, classes, patches);

    public string Location => "memory";

    public IReadOnlyList<string> Classes { get; }

    public IReadOnlyList<PatchEntry> Patches { get; }

    public static EncoderShape Shape { get; } =
        new()
        {
            PatchSize = Side,
            Width = 8,
            Channels = 8,
        };

    public SourcePatch Read(PatchEntry patch, PatchScale scale) =>
        new(_pictures[int.Parse(patch.Id, CultureInfo.InvariantCulture)], 1);

    public void Dispose() { }

    /// <summary>A task of two classes that take turns, every second group of 4 patches held out: one for validation, the next for test.</summary>
    /// <param name="count">How many patches.</param>
    /// <param name="paint">The colour at a place of a patch, by the patch's number; called once a patch with a generator of its own.</param>
    /// <param name="label">The class of a patch; null: they take turns.</param>
    public static PatchTask Task(
        int count,
        Func<int, Random, Func<int, int, (double R, double G, double B)>> paint,
        Func<int, int>? label = null
    )
    {
        var pictures = new RgbImage[count];
        for (var i = 0; i < count; i++)
        {
            var pixel = paint(i, new Random(i));
            var bytes = new byte[Side * Side * 3];
            for (var at = 0; at < Side * Side; at++)
            {
                var (r, g, b) = pixel(at % Side, at / Side);
                (bytes[3 * at], bytes[(3 * at) + 1], bytes[(3 * at) + 2]) = ((byte)r, (byte)g, (byte)b);
            }

            pictures[i] = new RgbImage(Side, Side, bytes);
        }

        List<PatchEntry> entries =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new PatchEntry(
                    i.ToString(CultureInfo.InvariantCulture),
                    label?.Invoke(i) ?? i % 2,
                    $"g{i / 4}",
                    null
                )),
        ];
        var source = new ToyPatches(pictures, ["a", "b"], entries);
        SplitPart[] parts = [SplitPart.Train, SplitPart.Validation, SplitPart.Train, SplitPart.Test];
        return new PatchTask(
            new TaskSource("toy", "memory"),
            source.Classes,
            [.. entries.Select((entry, i) => new PatchSample(source, entry, entry.Group!, parts[i / 4 % 4]))],
            [],
            0
        );
    }

    /// <summary>Stripes along rows or along columns, by the patch's number, in two colours, with noise.</summary>
    public static Func<int, int, (double R, double G, double B)> Stripes(int number, Random random)
    {
        var shift = random.Next(8);
        return (x, y) =>
        {
            var dark = ((number % 2 == 0 ? x : y) + shift) % 8 < 4;
            var noise = random.Next(20);
            return dark ? (90 + noise, 60 + noise, 120 + noise) : (200 + noise, 150 + noise, 190 + noise);
        };
    }

    /// <summary>One colour a patch, whatever its number.</summary>
    public static Func<int, int, (double R, double G, double B)> Tint(int _, Random random)
    {
        var (r, g, b) = (random.Next(40, 220), random.Next(40, 220), random.Next(40, 220));
        return (x, y) => (r, g, b);
    }

    public static EncoderTrainingOptions Options(TrainingObjective objective, PatchTask task) =>
        new()
        {
            Objective = objective,
            Tasks = [task.Options],
            Encoder = Shape,
            Batch = 16,
            DecoderWidth = 0.05,
            Augmentation = AugmentationOptions.Named["none"],
        };

    public static HeldOutViews Views(EncoderTrainingOptions options) =>
        new(
            Pixels(options),
            new PatchAugmenter(options.Augmentation, options.Encoder),
            options.Encoder,
            new Device("cpu")
        );

    public static IObjective Objective(EncoderTrainingOptions options, PatchTask task) =>
        options.Objective switch
        {
            TrainingObjective.Vae => new VaeObjective([task], options, Views(options)),
            TrainingObjective.Contrastive => new ContrastiveObjective([task], options, Views(options)),
            TrainingObjective.Bigan => new BiGanObjective([task], options, Views(options)),
            _ => new MultitaskObjective([task], options, Views(options)),
        };

    /// <summary>Trains with the trainer's own loop; the objective then holds the weights it chose.</summary>
    public static IReadOnlyList<EpochRecord> Train(
        IObjective objective,
        EncoderTrainingOptions options,
        int epochs,
        int steps
    )
    {
        using var folder = new TemporaryFolder();
        var whole = options with { Epochs = epochs, StepsPerEpoch = steps };
        using var loop = new TrainingLoop(objective, 1, whole, TimeProvider.System, SilentMonitor.Instance);
        loop.Run(
            Pixels(options),
            new PatchAugmenter(options.Augmentation, options.Encoder),
            new TrainingCheckpoint(folder["checkpoint.safetensors"], ""),
            _ => { },
            TestContext.Current.CancellationToken
        );
        return loop.Epochs;
    }

    /// <summary>A figure of patches that were never trained on.</summary>
    public static double Test(IObjective objective, string figure) =>
        objective.Figures(SplitPart.Test, Assert.Fail)[0].Figures[figure].Value;

    private static PatchPixels Pixels(EncoderTrainingOptions options) =>
        new(new PatchScale(options.Encoder.PatchSize, options.Encoder.PixelSize), 0, 1);
}
