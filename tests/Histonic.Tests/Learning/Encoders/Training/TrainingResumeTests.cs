using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training;

[NoTensorLeaks]
public sealed class TrainingResumeTests
{
    [Theory]
    [InlineData(TrainingObjective.Mtl)]
    [InlineData(TrainingObjective.Supervised)]
    [InlineData(TrainingObjective.Vae)]
    [InlineData(TrainingObjective.Contrastive)]
    [InlineData(TrainingObjective.Bigan)]
    public void A_training_that_was_stopped_goes_on_to_the_same_weights(TrainingObjective objective)
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Write(folder["data"]);
        var options = new EncoderTrainingOptions
        {
            Objective = objective,
            Tasks = [new TaskSource("stripes", folder["data"])],
            Encoder = new EncoderShape
            {
                PatchSize = 64,
                Width = 4,
                Channels = 6,
            },
            Batch = 8,
            Epochs = 3,
            StepsPerEpoch = 4,
            DecoderWidth = 0.05,
            Split = new SplitShares(0.5, 0.25, 0.25),
        };
        var whole = Train(options, folder["whole"], resume: false, new AfterEpoch());
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Train(options, folder["parts"], resume: false, new AfterEpoch { First = stop.Cancel }, stop.Token)
        );
        Assert.NotEqual(Weights(folder["whole"]), Weights(folder["parts"]));

        var resumed = Train(options, folder["parts"], resume: true, new AfterEpoch());

        Assert.Equal(Weights(folder["whole"]), Weights(folder["parts"]));
        Assert.Equal(whole.BestEpoch, resumed.BestEpoch);
        Assert.Equal(
            File.ReadLines(folder["whole/log.csv"]).Select(WithoutSpeed),
            File.ReadLines(folder["parts/log.csv"]).Select(WithoutSpeed)
        );
    }

    private static string WithoutSpeed(string line) => string.Join(',', line.Split(',')[..^2]);

    /// <summary>The checkpoint's network: the weights as they are, where encoder.safetensors holds the best.</summary>
    private static string Weights(string folder)
    {
        using var file = SafetensorsFile.Open(Path.Combine(folder, "checkpoint.safetensors"));
        using var scope = TorchSharp.torch.NewDisposeScope();
        return string.Join(
            '\n',
            file.Shapes.Keys.Order(StringComparer.Ordinal)
                .Select(name => $"{name} {Convert.ToHexString(file.Read(name).contiguous().bytes)}")
        );
    }

    private static EncoderTrainingResult Train(
        EncoderTrainingOptions options,
        string folder,
        bool resume,
        IWorkMonitor monitor,
        CancellationToken? stop = null
    ) =>
        new EncoderTrainer(options, TimeProvider.System, monitor).Train(
            folder,
            resume,
            stop ?? TestContext.Current.CancellationToken
        );

    private static void Write(string folder)
    {
        var random = new Random(1);
        for (var i = 0; i < 48; i++)
        {
            var bytes = new byte[64 * 64 * 3];
            for (var at = 0; at < bytes.Length; at++)
                bytes[at] = (byte)((at / 3 % 64 / (i % 2 == 0 ? 4 : 8) % 2 * 120) + random.Next(100));
            var name = string.Create(CultureInfo.InvariantCulture, $"class{i % 2}/p{i / 4}_{i}.png");
            Directory.CreateDirectory(Path.Combine(folder, $"class{i % 2}"));
            PictureFile.WritePng(Path.Combine(folder, name), new RgbImage(64, 64, bytes));
        }
    }

    private sealed class AfterEpoch : IWorkMonitor
    {
        public Action? First { get; init; }

        public void Report(in WorkProgress progress) { }

        public void Note(string message)
        {
            if (message.StartsWith("epoch 1:", StringComparison.Ordinal))
                First?.Invoke();
        }

        public void Warn(string message) { }
    }
}
