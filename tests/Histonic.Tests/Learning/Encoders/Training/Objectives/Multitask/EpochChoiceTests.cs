using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives.Multitask;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;
using TorchSharp;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives.Multitask;

[NoTensorLeaks]
public sealed class EpochChoiceTests
{
    private static readonly EncoderShape _shape = new()
    {
        PatchSize = 64,
        Width = 4,
        Channels = 4,
    };

    [Fact]
    public void A_task_of_few_slides_counts_in_proportion_to_their_number()
    {
        var validation = Validate([Task("many", slides: 12), Task("few", slides: 2)]);
        var (many, few) = (validation.Scores[3], validation.Scores[7]);
        Assert.True(Math.Abs(many - few) > 0.01, "the areas must differ for the weights to matter");
        Assert.Equal((many + (0.2 * few)) / 1.2, validation.Choice, 1e-9);
        Assert.Equal((validation.Scores[0] + (0.2 * validation.Scores[4])) / 1.2, validation.Tie, 1e-9);
    }

    [Fact]
    public void Tasks_of_many_slides_count_alike()
    {
        var validation = Validate([Task("a", slides: 12), Task("b", slides: 40)]);
        Assert.Equal((validation.Scores[3] + validation.Scores[7]) / 2, validation.Choice, 1e-9);
    }

    private static Histonic.Learning.Encoders.Training.Objectives.Validation Validate(IReadOnlyList<PatchTask> tasks)
    {
        var options = new EncoderTrainingOptions { Tasks = [], Encoder = _shape };
        var views = new HeldOutViews(
            new PatchPixels(new PatchScale(64, new Microns(0.5)), 0, 1),
            new PatchAugmenter(options.Augmentation, _shape),
            _shape,
            torch.CPU
        );
        using var objective = new MultitaskObjective(tasks, options, views);
        return objective.Validate(TestContext.Current.CancellationToken);
    }

    private static PatchTask Task(string name, int slides)
    {
        var source = new Noise(name);
        return new PatchTask(
            new TaskSource(name, name),
            source.Classes,
            [
                .. Enumerable
                    .Range(0, 24)
                    .SelectMany(i =>
                        new[] { SplitPart.Train, SplitPart.Validation }.Select(part => new PatchSample(
                            source,
                            new PatchEntry($"{name}/{part}/{i}", i % 2, null, null),
                            $"{part} {i % slides}",
                            part
                        ))
                    ),
            ],
            [],
            0
        );
    }

    /// <summary>Patches of noise, each of its own.</summary>
    private sealed class Noise(string name) : IPatchSource
    {
        public string Location => name;

        public IReadOnlyList<string> Classes => ["a", "b"];

        public IReadOnlyList<PatchEntry> Patches => [];

        public SourcePatch Read(PatchEntry patch, PatchScale scale)
        {
            var pixels = new byte[64 * 64 * 3];
            new Seed(3).For(patch.Id).NextBytes(pixels);
            return new SourcePatch(new RgbImage(64, 64, pixels), 1);
        }

        public void Dispose() { }
    }
}
