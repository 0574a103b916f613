using System.Globalization;
using System.Text.Json.Nodes;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Evaluation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Statistics.Classification;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Evaluation;

[NoTensorLeaks]
public sealed class EncoderEvaluatorTests
{
    private static readonly string[] _classes = ["a", "b"];

    [Fact]
    public void Colours_are_told_by_every_encoder_and_shuffled_labels_by_none()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with
        {
            Encoders = [Encoder(folder, "a", 32, 1), Encoder(folder, "b", 48, 2)],
            Tasks = [new TaskSource("tint", Tint(folder)), new TaskSource("chance", Chance(folder))],
        };
        var result = Run(options);
        Assert.Empty(result.Failures);
        Assert.Equal(["a", "b"], result.Encoders.Select(encoder => encoder.Label));
        foreach (var figures in result.Encoders.SelectMany(encoder => encoder.Figures))
        {
            var auc = figures.Test["auc"].Estimate;
            if (figures.Task is "tint")
                Assert.True(auc.Value > 0.95, $"{figures.Method} {auc}");
            else
                Assert.InRange(0.5, auc.Low, auc.High);
        }

        Assert.Equal(2 * 2, result.Differences.Count);
        Assert.All(result.Differences, difference => Assert.Equal(("a", "b"), (difference.Encoder, difference.Minus)));
    }

    [Fact]
    public void A_bad_encoder_is_named_and_the_others_are_evaluated()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.onnx"], "no network");
        var good = Encoder(folder, "good", 32, 1);
        var result = Run(
            Options(folder) with
            {
                Encoders = [folder["bad.onnx"], good, "nobody-knows"],
                Tasks = [new TaskSource("tint", Tint(folder))],
            }
        );
        Assert.Equal("good", Assert.Single(result.Encoders).Label);
        Assert.Equal([folder["bad.onnx"], "nobody-knows"], result.Failures.Select(failure => failure.Source));
        Assert.Empty(result.Differences);
    }

    [Fact]
    public void An_encoder_is_no_better_than_itself_under_another_name()
    {
        using var folder = new TemporaryFolder();
        var result = Run(
            Options(folder) with
            {
                Encoders = [Encoder(folder, "one", 32, 1), Encoder(folder, "same", 32, 1)],
                Tasks = [new TaskSource("chance", Chance(folder))],
            }
        );
        Assert.Equal(2, result.Differences.Count);
        Assert.All(
            result.Differences,
            one => Assert.Equal((0, 0, 0), (one.Difference.Value, one.Difference.Low, one.Difference.High))
        );
    }

    [Fact]
    public void Two_encoders_of_one_name_are_told_apart_by_their_files()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (Encoder(folder, "x", 32, 1), Encoder(folder, "y/x", 32, 2, name: "x"));
        var result = Run(
            Options(folder) with
            {
                Encoders = [first, second],
                Tasks = [new TaskSource("tint", Tint(folder))],
                Probes = [ProbeMethod.Knn],
            }
        );
        Assert.Equal([$"x ({first})", $"x ({second})"], result.Encoders.Select(encoder => encoder.Label));
    }

    [Fact]
    public void The_same_command_gives_the_same_files()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with
        {
            Encoders = [Encoder(folder, "a", 32, 1)],
            Tasks = [new TaskSource("chance", Chance(folder))],
        };
        foreach (var name in new[] { "first", "again" })
            new EvaluationFiles(folder[name]).WriteFigures(Run(options));
        Assert.Equal(File.ReadAllText(folder["first/metrics.json"]), File.ReadAllText(folder["again/metrics.json"]));
        Assert.Equal(File.ReadAllText(folder["first/table.csv"]), File.ReadAllText(folder["again/table.csv"]));
    }

    [Fact]
    public void The_files_hold_every_figure_and_the_split_can_be_used_again()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with
        {
            Encoders = [Encoder(folder, "a", 32, 1), Encoder(folder, "b", 32, 2)],
            Tasks = [new TaskSource("tint", Tint(folder))],
            Repeats = 2,
        };
        var files = new EvaluationFiles(folder["out"]);
        var dealt = new EncoderEvaluator(options, SilentMonitor.Instance).Run(
            files.WriteSplits,
            files.WriteFigures,
            TestContext.Current.CancellationToken
        );
        var table = File.ReadAllLines(folder["out/table.csv"]);
        Assert.Equal("encoder,task,method,metric,value,low,high,sd,n,groups", table[0]);
        Assert.Equal(1 + (2 * 2 * 3), table.Length);
        var metrics = JsonNode.Parse(File.ReadAllText(folder["out/metrics.json"]))!;
        var auc = metrics["encoders"]!["b"]!["tasks"]!["tint"]!["mlp"]!["test"]!["auc"]!;
        var estimate = dealt.Encoders[1].Figures.Single(one => one.Method == ProbeMethod.Mlp).Test["auc"];
        Assert.Equal(estimate.Estimate.Value, auc["value"]!.GetValue<double>());
        Assert.Equal(estimate.Spread, auc["sd"]!.GetValue<double>());
        Assert.Equal(2, metrics["encoders"]!["b"]!["tasks"]!["tint"]!["mlp"]!["best_epoch"]!.AsArray().Count);
        var given = Run(options with { SplitsFile = folder["out/splits.csv"], Split = new SplitShares(0.4, 0.3, 0.3) });
        Assert.Equal(estimate, given.Encoders[1].Figures.Single(one => one.Method == ProbeMethod.Mlp).Test["auc"]);
    }

    [Fact]
    public void A_map_shows_as_many_patches_as_wanted_the_same_ones_for_every_encoder()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with
        {
            Encoders = [Encoder(folder, "a", 32, 1), Encoder(folder, "b", 48, 2)],
            Tasks = [new TaskSource("tint", Tint(folder))],
            Probes = [ProbeMethod.Knn],
            Points = 12,
        };
        var result = Run(options);
        var maps = result.Encoders.Select(encoder => Assert.Single(encoder.Maps)).ToList();
        Assert.Equal(12, maps[0].Points.Count);
        Assert.Equal(result.Tasks[0].Patches[SplitPart.Test], maps[0].Of);
        Assert.Equal(maps[0].Points.Select(point => point.Patch), maps[1].Points.Select(point => point.Patch));
        Assert.All(maps[0].Points, point => Assert.Equal(point.Class, Directory.GetParent(point.Patch)!.Name));
        Assert.All(maps[0].Points, point => Assert.NotNull(point.TSne2));
        new EvaluationFiles(folder["out"]).WriteFigures(result);
        Assert.Equal(1 + (2 * 12), File.ReadAllLines(folder["out/maps.csv"]).Length);
    }

    [Fact]
    public void A_figure_is_the_mean_over_the_repeats_with_their_spread()
    {
        var random = new Random(9);
        int[] truth = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? 1 : 0)];
        var runs = Enumerable
            .Range(0, 3)
            .Select(_ =>
                Histonic.Learning.Encoders.Scoring.TaskOutputs.Of(
                    truth.Select((label, i) => (label, $"g{i / 4}")),
                    2,
                    [
                        .. truth.SelectMany(label =>
                        {
                            var p = Math.Round((random.NextDouble() + (0.3 * label)) / 1.3, 2);
                            return new[] { 1 - p, p };
                        }),
                    ],
                    double.NaN
                )
            )
            .ToList();
        var estimate = new ProbeOutputs([.. truth.Select((_, i) => $"{i}")], runs).Estimates(new Seed(1), Assert.Fail)[
            "auc"
        ];
        bool[] positives = [.. truth.Select(label => label == 1)];
        var areas = runs.Select(run =>
                RocCurve.Area([.. truth.Select((_, i) => run.Probabilities[(2 * i) + 1])], positives)
            )
            .ToList();
        var mean = (areas[0] + areas[1] + areas[2]) / 3;
        Assert.Equal(mean, estimate.Estimate.Value, 1e-12);
        Assert.Equal(Math.Sqrt(areas.Sum(area => Math.Pow(area - mean, 2)) / 2), estimate.Spread!.Value, 1e-12);
        Assert.True(estimate.Estimate.Low < mean && mean < estimate.Estimate.High);
    }

    [Fact]
    public void Patches_are_embedded_whole_from_their_middle()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(11);
        var weights = RandomEncoders.Weights(random);
        OnnxEncoderFile.Write(folder["e.onnx"], weights, RandomEncoders.Info(weights));
        var bytes = new byte[40 * 44 * 3];
        random.NextBytes(bytes);
        Directory.CreateDirectory(folder["t/a"]);
        Directory.CreateDirectory(folder["t/b"]);
        PictureFile.WritePng(folder["t/a/p1_0.png"], new RgbImage(40, 44, bytes));
        PictureFile.WritePng(folder["t/b/p2_0.png"], new RgbImage(40, 44, bytes));
        var pixels = new PatchPixels(new PatchScale(32, new Microns(0.5)), 1 << 20, 1);
        using var source = PatchTaskReader.Open(
            new TaskSource("t", folder["t"], new Microns(0.5)),
            GroupRule.Default,
            pixels.Scale,
            SilentMonitor.Instance
        );
        var sample = new PatchSample(source, source.Patches[0], "p1", SplitPart.Test);
        using var encoder = EncoderCatalog.Open(folder["e.onnx"], threads: 1);
        var embedded = new PatchEmbedder(encoder, "e", pixels, threads: 1).Embed(
            [sample, sample],
            _ => { },
            TestContext.Current.CancellationToken
        );
        var middle = new float[3 * 32 * 32];
        for (var c = 0; c < 3; c++)
        for (var row = 0; row < 32; row++)
        for (var column = 0; column < 32; column++)
            middle[(((c * 32) + row) * 32) + column] = (bytes[((((row + 6) * 40) + column + 4) * 3) + c] / 127.5f) - 1;
        var expected = RandomEncoders.Embed(weights, middle);
        foreach (var patch in new[] { 0, 1 })
            Assert.All(expected.Index(), one => Assert.Equal(one.Item, embedded[patch][one.Index], 1e-3));
    }

    private static EncoderEvaluation Run(EncoderEvaluationOptions options) =>
        new EncoderEvaluator(options, SilentMonitor.Instance).Run(
            _ => { },
            _ => { },
            TestContext.Current.CancellationToken
        );

    private static EncoderEvaluationOptions Options(TemporaryFolder folder) =>
        new()
        {
            Encoders = [folder["none"]],
            Tasks = [],
            Split = new SplitShares(0.5, 0.25, 0.25),
            Repeats = 1,
            Points = 0,
        };

    private static string Encoder(TemporaryFolder folder, string file, int patchSize, int seed, string? name = null)
    {
        var weights = RandomEncoders.Weights(new Random(seed), patchSize);
        var path = folder[$"{file}.onnx"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OnnxEncoderFile.Write(path, weights, RandomEncoders.Info(weights, name ?? file));
        return path;
    }

    private static string Tint(TemporaryFolder folder) =>
        Write(folder["tint"], 36, (label, random) => (byte)(random.Next(40) + (label == 1 ? 160 : 80)));

    private static string Chance(TemporaryFolder folder) =>
        Write(folder["chance"], 48, (_, random) => (byte)random.Next(60, 200));

    /// <summary>Two classes of patches whose red tells them apart or not; two patches a patient.</summary>
    private static string Write(string folder, int count, Func<int, Random, byte> red)
    {
        var random = new Random(1);
        foreach (var (label, name) in _classes.Index())
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            for (var i = 0; i < count; i++)
            {
                var colour = red(label, random);
                var bytes = new byte[48 * 48 * 3];
                for (var at = 0; at < bytes.Length; at++)
                    bytes[at] = (byte)((at % 3 == 0 ? colour : 120) + random.Next(16));
                var file = string.Create(CultureInfo.InvariantCulture, $"p{((label * count) + i) / 2}_{i}.png");
                PictureFile.WritePng(Path.Combine(folder, name, file), new RgbImage(48, 48, bytes));
            }
        }

        return folder;
    }
}
