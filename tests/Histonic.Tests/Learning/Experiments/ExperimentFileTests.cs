using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Experiments;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Experiments;

public sealed class ExperimentFileTests : IDisposable
{
    private const string Head = """
        slides: slides
        labels: labels.csv
        targets:
          - { task: survival, time: months, event: died }
        patches:
          a: patches/a@0.5
          b: { location: patches/b, mpp: 0.25, weight: 2 }
          c: patches/c
        training:
          max_steps: 40
          batch: 8

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Subsets_of_tasks_are_every_single_one_pair_and_so_on_each_with_as_many_steps()
    {
        var options = Read(Head + "encoders:\n  - subsets of tasks: [a, b, c]\n  - mean-rgb\nencoder_seeds: [1, 2]\n");

        Assert.Equal(
            ["a", "b", "c", "a+b", "a+c", "b+c", "a+b+c", "mean-rgb"],
            options.Encoders.Select(encoder => encoder.Name)
        );
        Assert.All(
            options.Encoders.Take(7).Cast<ExperimentEncoder.Trained>(),
            encoder =>
            {
                Assert.Equal(
                    (40, 4, 10),
                    (encoder.Training.MaxSteps, encoder.Training.StepsPerEpoch, encoder.Training.Epochs)
                );
                Assert.True(encoder.Training.Patience > encoder.Training.Epochs);
                Assert.Equal(encoder.Tasks, encoder.Training.Tasks.Select(task => task.Name));
            }
        );
        Assert.Equal(7 * 2 + 1, options.Encoders.Sum(encoder => options.SeedsOf(encoder).Count()));
        var b = ((ExperimentEncoder.Trained)options.Encoders[1]).Training.Tasks[0];
        Assert.Equal((_folder["patches/b"], new Microns(0.25), 2), (b.Location, b.PixelSize, b.Weight));
        Assert.Equal(new TargetSpec.Survival("months", "died"), options.Targets[0].Spec);
    }

    [Fact]
    public void An_encoder_has_settings_of_its_own_over_those_of_all()
    {
        var options = Read(
            Head
                + "encoders:\n  - { objective: vae, training: { batch: 4, decoder_width: 0.5 } }\n"
                + "  - { name: given, features: [one, two], tasks: [x, y] }\n"
        );

        var vae = (ExperimentEncoder.Trained)options.Encoders[0];
        Assert.Equal(
            (TrainingObjective.Vae, 4, 0.5),
            (vae.Training.Objective, vae.Training.Batch, vae.Training.DecoderWidth)
        );
        Assert.Empty(vae.Tasks);
        Assert.Equal(["x", "y"], options.Encoders[1].Tasks);
        Assert.Equal([1, 2], options.SeedsOf(options.Encoders[1]).Select(seed => seed!.Value));
    }

    [Theory]
    [InlineData("encodes:\n  - mean-rgb\n", "line 12", "'encodes'", "Did you mean 'encoders'?")]
    [InlineData("encoders:\n  - mean-rgb\npredictor:\n  epoch: 3\n", "line 15", "'epoch'", "Did you mean 'epochs'?")]
    [InlineData("encoders:\n  - { objektive: vae }\n", "line 13", "'objektive'", "Did you mean 'objective'?")]
    [InlineData(
        "encoders:\n  - { objective: vae, training: { max_step: 3 } }\n",
        "line 13",
        "'max_step'",
        "'max_steps'"
    )]
    [InlineData("encoders:\n  - { objective: vea }\n", "line 13", "vea", "")]
    [InlineData("encoders:\n  - { objective: vae, training: { batch: many } }\n", "line 13", "many", "")]
    [InlineData(
        "encoders:\n  - { objective: vae, tasks: [a, d] }\n",
        "line 13",
        "no patches of the task 'd'",
        "a, b, c"
    )]
    [InlineData("encoders:\n  - { objective: vae, file: x.onnx }\n", "line 13", "both objective and file", "")]
    [InlineData("encoders:\n  - { name: x }\n", "line 13", "says not what it is", "")]
    [InlineData("encoders:\n  - mean-rgb\n  - mean-rgb\n", "line 14", "a second encoder is called mean-rgb", "")]
    [InlineData("encoders:\n  - mean-rgb\nencoder_seeds: [1, 1]\n", "line 14", "'encoder_seeds'", "once")]
    [InlineData("encoders:\n  - mean-rgb\npredictor:\n  folds: 2\n", "line 15", "--folds is 2", "")]
    [InlineData(
        "encoders:\n  - mean-rgb\npredictor:\n  folds: 4\n  folds_file: f.csv\n",
        "line 15",
        "'folds' stands beside 'folds_file'",
        "Leave one out"
    )]
    [InlineData("encoders:\n  - mean-rgb\ncompress: { symmetries: 4 }\n", "line 14", "'symmetries' is 4", "1 or 8")]
    [InlineData(
        "encoders:\n  - mean-rgb\ncompare_with: [vae]\n",
        "line 14",
        "'vae' is none of the encoders",
        "mean-rgb"
    )]
    [InlineData("encoders: [\n", "line ", "is not YAML", "")]
    public void What_cannot_work_is_told_with_its_line(string text, string line, string finding, string remedy)
    {
        var error = Assert.Throws<InputException>(() => Read(Head + text));

        Assert.Contains(line, error.Message, StringComparison.Ordinal);
        Assert.Contains(finding, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_for_no_number_of_steps_is_refused()
    {
        var text = Head.Replace("  max_steps: 40\n", "", StringComparison.Ordinal) + "encoders:\n  - objective: vae\n";
        Assert.Contains("max_steps", Assert.Throws<InputException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    private ExperimentOptions Read(string text)
    {
        File.WriteAllText(_folder["experiment.yaml"], text);
        return ExperimentFile.Read(_folder["experiment.yaml"]);
    }
}
