using Histonic.Cli;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class EncoderEvaluateCommandTests
{
    [Theory]
    [InlineData("encoder evaluate --task a=b --out c", ExitCode.WrongUsage, "--encoder")]
    [InlineData("encoder evaluate --encoder e --out c", ExitCode.WrongUsage, "--task")]
    [InlineData("encoder evaluate --encoder e --task a=b", ExitCode.WrongUsage, "--out")]
    [InlineData("encoder evaluate --encoder e --task a=b --probe svm --out c", ExitCode.WrongUsage, "svm")]
    [InlineData("encoder evaluate --encoder e e --task a=b --out c", ExitCode.InputAtFault, "once for each")]
    [InlineData("encoder evaluate --encoder e --task a=b --out c --repeats 0", ExitCode.InputAtFault, "--repeats is 0")]
    [InlineData("encoder evaluate --encoder e --task a=b --out c --split 1/1/0", ExitCode.InputAtFault, "--split")]
    [InlineData("encoder evaluate --encoder e --task a=b --out c --points -1", ExitCode.InputAtFault, "--points is -1")]
    [InlineData("encoder evaluate --encoder nobody --task a=b --out c", ExitCode.InputAtFault, "nobody")]
    public async Task What_cannot_work_is_told_by_name(string line, int code, string told)
    {
        var (exit, _, messages) = await CommandLineTests.Run(line);
        Assert.Equal(code, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_encoder_leaves_the_others_figures_and_exit_code_3()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, value) in new[] { ("dark", 60), ("light", 200) })
        {
            Directory.CreateDirectory(folder[$"t/{name}"]);
            for (var i = 0; i < 24; i++)
            {
                var pixels = new byte[64 * 64 * 3];
                Array.Fill(pixels, (byte)(value + i));
                PictureFile.WritePng(folder[$"t/{name}/{name}{i}_0.png"], new RgbImage(64, 64, pixels));
            }
        }

        OnnxEncoderFile.Write(
            folder["mean.onnx"],
            EncoderWeights.MeanRgb(64),
            new EncoderInfo
            {
                Name = "mean",
                PatchSize = 64,
                PixelSize = new Microns(0.5),
                Channels = 3,
            }
        );
        File.WriteAllText(folder["bad.onnx"], "no network");
        var (exit, results, messages) = await CommandLineTests.Run(
            $"encoder evaluate --encoder {folder["mean.onnx"]} {folder["bad.onnx"]} --task t={folder["t"]}@0.5 --split 2/1/1 "
                + $"--repeats 1 --threads 1 --out {folder["out"]}"
        );
        Assert.Equal(ExitCode.DoneInPart, exit);
        Assert.Contains("bad.onnx", messages, StringComparison.Ordinal);
        Assert.Matches(@"mean\s+knn\s+1\.000 \(1\.000 to 1\.000\)", results);
        Assert.Equal(1 + (2 * 3), File.ReadAllLines(folder["out/table.csv"]).Length);
        foreach (var name in new[] { "metrics.json", "maps.csv", "splits.csv", "report.html" })
            Assert.True(File.Exists(folder[$"out/{name}"]), name);
    }
}
