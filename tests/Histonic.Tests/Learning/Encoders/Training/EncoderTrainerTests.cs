using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives.Multitask;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training;

[NoTensorLeaks]
public sealed class EncoderTrainerTests
{
    [Fact]
    public void Two_easy_tasks_are_learned_and_every_file_is_there()
    {
        using var folder = new TemporaryFolder();
        var result = Train(folder, Options(folder), "run");
        Assert.Equal(["stripes", "tint"], result.Figures.Select(task => task.Name).Order(StringComparer.Ordinal));
        Assert.All(
            result.Figures,
            task => Assert.True(task.Test["auc"].Value > 0.95, $"{task.Name} {task.Test["auc"]}")
        );
        Assert.Equal(
            [
                "checkpoint.safetensors",
                "config.yaml",
                "encoder.onnx",
                "encoder.safetensors",
                "log.csv",
                "metrics.json",
                "model-card.md",
                "splits.csv",
            ],
            Directory.GetFiles(folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(1 + 3, File.ReadAllLines(folder["run/log.csv"]).Length);
        Assert.Equal(1 + (2 * 2 * 24), File.ReadAllLines(folder["run/splits.csv"]).Length);
        var info = OnnxEncoderFile.ReadInfo(folder["run/encoder.onnx"]);
        Assert.Equal("mtl", info.Objective);
        Assert.Equal(["plain", "striped"], info.Tasks["stripes"]);
        Assert.Equal("CC0", info.Licence);
        Assert.Contains("| stripes | test |", File.ReadAllText(folder["run/model-card.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ONNX_file_holds_the_encoder_of_the_safetensors_file()
    {
        using var folder = new TemporaryFolder();
        using var scope = TorchSharp.torch.NewDisposeScope();
        var options = Options(folder) with { MaxSteps = 6 };
        Train(folder, options, "run");
        using var network = new MultitaskNetwork(options.Encoder, [2, 2], uncertainty: false, new Seed(99));
        Safetensors.Load(folder["run/encoder.safetensors"], network);
        network.eval();
        var patches = (TorchSharp.torch.rand(2, 3, 64, 64) * 2) - 1;
        var expected = network.Encoder.forward(patches).detach().data<float>().ToArray();
        using var onnx = OnnxEncoder.Open(folder["run/encoder.onnx"], threads: 1);
        var actual = new float[expected.Length];
        onnx.Encode(patches.data<float>().ToArray(), 2, actual);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void One_seed_gives_the_same_weights_to_the_last_bit()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { MaxSteps = 8 };
        Train(folder, options, "first");
        TorchSharp.torch.rand(3).Dispose(); // what others draw from the global generator says nothing
        Train(folder, options, "again");
        Train(folder, options with { Seed = new Seed(2) }, "other");
        Assert.Equal(
            File.ReadAllBytes(folder["first/encoder.safetensors"]),
            File.ReadAllBytes(folder["again/encoder.safetensors"])
        );
        Assert.NotEqual(
            File.ReadAllBytes(folder["first/encoder.safetensors"]),
            File.ReadAllBytes(folder["other/encoder.safetensors"])
        );
    }

    [Fact]
    public void Pixels_beyond_the_budget_are_decoded_again_with_the_same_result()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { MaxSteps = 4 };
        Train(folder, options, "held");
        Train(folder, options with { PixelBudget = 0, Threads = 2 }, "not-held");
        Assert.Equal(
            File.ReadAllBytes(folder["held/encoder.safetensors"]),
            File.ReadAllBytes(folder["not-held/encoder.safetensors"])
        );
    }

    [Fact]
    public void A_broken_picture_is_named_and_left_out()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { MaxSteps = 4 };
        var broken = folder["tint/blue/p99_0.png"];
        File.WriteAllText(broken, "no picture");
        var monitor = new Listener();
        new EncoderTrainer(options, TimeProvider.System, monitor).Train(
            folder["run"],
            resume: false,
            TestContext.Current.CancellationToken
        );
        Assert.Contains(monitor.Warnings, warning => warning.StartsWith(broken, StringComparison.Ordinal));
        Assert.DoesNotContain("p99_0", File.ReadAllText(folder["run/splits.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Few_patients_are_told_aloud_and_on_the_card()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { MaxSteps = 4 };
        var monitor = new Listener();
        new EncoderTrainer(options, TimeProvider.System, monitor).Train(
            folder["run"],
            resume: false,
            TestContext.Current.CancellationToken
        );
        Assert.Contains(
            monitor.Warnings,
            warning => warning.Contains("patients or slides only", StringComparison.Ordinal)
        );
        var card = File.ReadAllText(folder["run/model-card.md"]);
        Assert.Contains("- tint: fewer than 10 patients or slides", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopped_by_the_user_the_best_encoder_so_far_is_there()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var monitor = new Listener { OnNote = note => Cancel(note) };
        var trainer = new EncoderTrainer(Options(folder), TimeProvider.System, monitor);
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Train(folder["run"], resume: false, stop.Token));
        using (var onnx = OnnxEncoder.Open(folder["run/encoder.onnx"], threads: 1))
            Assert.Equal(8, onnx.Info.Channels);
        Assert.Contains("stopped by the user", File.ReadAllText(folder["run/model-card.md"]), StringComparison.Ordinal);

        void Cancel(string note)
        {
            if (note.StartsWith("epoch 1:", StringComparison.Ordinal))
                stop.Cancel();
        }
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_training_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { LearningRate = 1e30, StepsPerEpoch = 4 };
        var error = Assert.Throws<InputException>(() => Train(folder, options, "run"));
        Assert.Contains("no longer a number", error.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_say_nothing_are_not_learned()
    {
        using var folder = new TemporaryFolder();
        Write(folder["chance"], ["a", "b"], 40, (_, random) => Tint((byte)random.Next(90, 200), 120));
        var options = Options(folder) with
        {
            Tasks = [new TaskSource("chance", folder["chance"])],
            Split = new(0.5, 0.25, 0.25),
        };
        var result = Train(folder, options, "run");
        Assert.InRange(result.Figures[0].Test["auc"].Value, 0.15, 0.85);
    }

    [Fact]
    public void A_folder_that_is_missing_or_has_one_class_only_is_at_fault()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder);
        Directory.CreateDirectory(folder["single/only"]);
        foreach (var name in new[] { "nowhere", "single" })
        {
            var error = Assert.Throws<InputException>(() =>
                Train(folder, options with { Tasks = [new TaskSource("x", folder[name])] }, "run")
            );
            Assert.Equal(folder[name], error.Subject);
        }
    }

    [Fact]
    public void A_batch_too_small_for_all_classes_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<OptionException>(() => Train(folder, Options(folder) with { Batch = 3 }, "run"));
    }

    private static EncoderTrainingResult Train(TemporaryFolder folder, EncoderTrainingOptions options, string name) =>
        new EncoderTrainer(options, TimeProvider.System, SilentMonitor.Instance).Train(
            folder[name],
            resume: false,
            TestContext.Current.CancellationToken
        );

    /// <summary>Two tasks that a tiny network learns in a few steps: stripes against none, blue against red.</summary>
    private static EncoderTrainingOptions Options(TemporaryFolder folder)
    {
        Write(
            folder["stripes"],
            ["plain", "striped"],
            24,
            (label, random) =>
            {
                var shift = random.Next(8);
                return (x, _) =>
                    label == 1 && (x + shift) % 8 < 4
                        ? ((byte)90, (byte)60, (byte)120)
                        : ((byte)200, (byte)150, (byte)190);
            }
        );
        Write(
            folder["tint"],
            ["blue", "red"],
            24,
            (label, random) =>
                Tint(
                    (byte)(random.Next(20) + (label == 1 ? 180 : 100)),
                    (byte)(random.Next(20) + (label == 1 ? 100 : 180))
                )
        );
        return new EncoderTrainingOptions
        {
            Tasks =
            [
                new TaskSource("stripes", folder["stripes"]),
                new TaskSource("tint", folder["tint"], new Microns(0.5)),
            ],
            Encoder = new EncoderShape
            {
                PatchSize = 64,
                Width = 6,
                Channels = 8,
            },
            Batch = 16,
            Epochs = 3,
            StepsPerEpoch = 12,
            LearningRate = 1e-2,
            Split = new SplitShares(0.5, 0.25, 0.25),
            Augmentation = AugmentationOptions.Named["light"],
            Licence = "CC0",
        };
    }

    private static Func<int, int, (byte R, byte G, byte B)> Tint(byte red, byte blue) => (_, _) => (red, 120, blue);

    private static void Write(
        string folder,
        string[] classes,
        int count,
        Func<int, Random, Func<int, int, (byte R, byte G, byte B)>> draw
    )
    {
        var random = new Random(1);
        foreach (var (label, name) in classes.Index())
        {
            for (var i = 0; i < count; i++)
            {
                var pixel = draw(label, random);
                var bytes = new byte[64 * 64 * 3];
                for (var at = 0; at < 64 * 64; at++)
                {
                    var (r, g, b) = pixel(at % 64, at / 64);
                    var noise = random.Next(16);
                    (bytes[3 * at], bytes[(3 * at) + 1], bytes[(3 * at) + 2]) = (
                        (byte)(r + noise),
                        (byte)(g + noise),
                        (byte)(b + noise)
                    );
                }

                var patient = ((label * count) + i) / 2;
                var file = string.Create(CultureInfo.InvariantCulture, $"p{patient}_{i}.png");
                Directory.CreateDirectory(Path.Combine(folder, name));
                PictureFile.WritePng(Path.Combine(folder, name, file), new RgbImage(64, 64, bytes));
            }
        }
    }

    private sealed class Listener : IWorkMonitor
    {
        public List<string> Warnings { get; } = [];

        public Action<string>? OnNote { get; init; }

        public void Report(in WorkProgress progress) { }

        public void Note(string message) => OnNote?.Invoke(message);

        public void Warn(string message) => Warnings.Add(message);
    }
}
