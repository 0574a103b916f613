using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Evaluation;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Evaluation;

[NoTensorLeaks]
public sealed class TrainedHeadTests
{
    private static readonly string[] _classes = ["blue", "red"];

    [Fact]
    public void The_head_beside_an_encoder_gives_the_figures_of_its_training()
    {
        using var folder = new TemporaryFolder();
        Write(folder["tint"]);
        var trained = Train(folder, "tint");
        var evaluated = Evaluate(folder, "tint");
        var head = evaluated.Figures.Single(figures => figures.Method == ProbeMethod.Head);
        foreach (var (metric, figure) in head.Test)
        {
            Assert.Equal(trained.Test[metric].Value, figure.Estimate.Value, 0.011); // one of 96 pairs
            Assert.Null(figure.Spread);
        }

        Assert.True(head.Test["auc"].Estimate.Value > 0.95);
    }

    [Fact]
    public void Another_task_or_other_classes_have_no_head()
    {
        using var folder = new TemporaryFolder();
        Write(folder["tint"]);
        Train(folder, "tint");
        Assert.DoesNotContain(Evaluate(folder, "other").Figures, figures => figures.Method == ProbeMethod.Head);
        Directory.Move(folder["tint/red"], folder["tint/rot"]);
        Assert.DoesNotContain(Evaluate(folder, "tint").Figures, figures => figures.Method == ProbeMethod.Head);
    }

    private static HeldOutFigures Train(TemporaryFolder folder, string task) => new EncoderTrainer(
            new EncoderTrainingOptions
            {
                Tasks = [new TaskSource(task, folder["tint"], new Microns(0.5))],
                Encoder = new EncoderShape
                {
                    PatchSize = 64,
                    Width = 6,
                    Channels = 8,
                },
                Batch = 16,
                Epochs = 3,
                StepsPerEpoch = 10,
                LearningRate = 1e-2,
                Split = new SplitShares(0.5, 0.25, 0.25),
            },
            TimeProvider.System,
            SilentMonitor.Instance
        ).Train(folder["run"], resume: false, TestContext.Current.CancellationToken).Figures.Single();

    private static EvaluatedEncoder Evaluate(TemporaryFolder folder, string task) => new EncoderEvaluator(
            new EncoderEvaluationOptions
            {
                Encoders = [folder["run/encoder.onnx"]],
                Tasks = [new TaskSource(task, folder["tint"], new Microns(0.5))],
                SplitsFile = folder["run/splits.csv"],
                Probes = [ProbeMethod.Knn],
                Points = 0,
            },
            SilentMonitor.Instance
        ).Run(_ => { }, _ => { }, TestContext.Current.CancellationToken).Encoders.Single();

    private static void Write(string folder)
    {
        var random = new Random(1);
        foreach (var (label, name) in _classes.Index())
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            for (var i = 0; i < 40; i++)
            {
                var tint = random.Next(40) + (label == 1 ? 160 : 90);
                var bytes = new byte[64 * 64 * 3];
                for (var at = 0; at < bytes.Length; at++)
                    bytes[at] = (byte)((at % 3 == 0 ? tint : 120) + random.Next(16));
                var file = string.Create(CultureInfo.InvariantCulture, $"p{((label * 40) + i) / 2}_{i}.png");
                PictureFile.WritePng(Path.Combine(folder, name, file), new RgbImage(64, 64, bytes));
            }
        }
    }
}
