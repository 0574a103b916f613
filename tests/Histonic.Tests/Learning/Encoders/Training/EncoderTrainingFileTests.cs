using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training;

public sealed class EncoderTrainingFileTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        var options = new EncoderTrainingOptions
        {
            Objective = TrainingObjective.MeanRgb,
            Name = "a: name # with signs",
            Tasks =
            [
                new TaskSource("m", folder["m"], new Microns(0.25))
                {
                    Share = 2,
                    Weight = 0.5,
                    Annotations = folder["a"],
                    Rest = "normal",
                    Classes = new Dictionary<string, string>(StringComparer.Ordinal) { ["_0"] = "tumour", ["_2"] = "" },
                    Origin = "somewhere, CC0",
                },
                new TaskSource("t", folder["t"]),
            ],
            Encoder = new EncoderShape
            {
                Architecture = EncoderArchitecture.Deep,
                PatchSize = 96,
                PixelSize = new Microns(1),
                Width = 64,
                Channels = 32,
            },
            GroupRegex = @"^(\d+)_",
            Split = new SplitShares(0.5, 0.25, 0.25),
            SplitsFile = folder["splits.csv"],
            Epochs = 7,
            MaxSteps = 100,
            StepsPerEpoch = 10,
            Batch = 32,
            LearningRate = 3e-4,
            LeastLearningRate = 1e-6,
            Patience = 2,
            ClipNorm = 5,
            Weighting = LossWeighting.Uncertainty,
            Augmentation = AugmentationOptions.Named["strong"],
            VaeGamma = 1e-3,
            DecoderWidth = 0.25,
            NeighbourShare = 0.5,
            PixelBudget = 100L << 20,
            Threads = 3,
            Seed = new Seed(17),
            Licence = "CC0",
            DataNote = "two sets",
        };
        EncoderTrainingFile.Write(folder["config.yaml"], options);
        var read = EncoderTrainingFile.Read(folder["config.yaml"]);
        Assert.Equal(options with { Tasks = [] }, read with { Tasks = [] });
        Assert.Equal(
            options.Tasks.Select(task => (task.Name, task.Location, task.PixelSize, task.Share, task.Weight)),
            read.Tasks.Select(task => (task.Name, task.Location, task.PixelSize, task.Share, task.Weight))
        );
        Assert.Equal(
            (folder["a"], "normal", "somewhere, CC0"),
            (read.Tasks[0].Annotations, read.Tasks[0].Rest, read.Tasks[0].Origin)
        );
    }

    [Fact]
    public void What_a_file_does_not_say_keeps_its_default_and_locations_are_relative_to_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["s.yaml"],
            """
            objective: supervised
            tasks:
              - name: mitosis
                location: patches/mitosis
                class_shares: { mitosis: 2 }
            """
        );
        var read = EncoderTrainingFile.Read(folder["s.yaml"]);
        var task = Assert.Single(read.Tasks);
        Assert.Equal(folder["patches/mitosis"], task.Location);
        Assert.Equal(2, task.ClassShares["mitosis"]);
        Assert.Equal(TrainingObjective.Supervised, read.Objective);
        Assert.Equal(new EncoderTrainingOptions { Tasks = [] }.Batch, read.Batch);
    }

    [Theory]
    [InlineData("objective: guess")]
    [InlineData("batches: 3")]
    [InlineData("batch: many")]
    [InlineData("tasks:\n  - location: x")]
    [InlineData("tasks:\n  - name: x\n    location: x\n    mpp: 0")]
    [InlineData("- a list")]
    public void Unknown_keys_and_values_are_at_fault(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.yaml"], text);
        Assert.ThrowsAny<HistonicException>(() => EncoderTrainingFile.Read(folder["s.yaml"]));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<InputException>(() => EncoderTrainingFile.Read("nowhere.yaml"));
        Assert.Equal("nowhere.yaml", error.Subject);
    }
}
