using Histonic.Cli;
using Histonic.Learning.Encoders;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class EncoderTrainCommandTests
{
    [Theory]
    [InlineData("encoder train --objective vae --task a=b --out c", ExitCode.WrongUsage, "vae")]
    [InlineData("encoder train --out c", ExitCode.WrongUsage, "--task")]
    [InlineData("encoder train --task a=b", ExitCode.WrongUsage, "--out")]
    [InlineData("encoder train --task folder --out c --threads 1", ExitCode.InputAtFault, "NAME=DIR")]
    [InlineData("encoder train --task a=b --task a=c --out c --threads 1", ExitCode.InputAtFault, "a name of its own")]
    [InlineData("encoder train --task a=b --out c --patch 33 --threads 1", ExitCode.InputAtFault, "--patch is 33")]
    [InlineData("encoder train --task a=b --out c --split 1 --threads 1", ExitCode.InputAtFault, "--split is 1")]
    public async Task What_cannot_work_is_told_by_name(string line, int code, string told)
    {
        var (exit, _, messages) = await CommandLineTests.Run(line);
        Assert.Equal(code, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_folder_is_named_and_leaves_no_encoder()
    {
        using var folder = new TemporaryFolder();
        var (exit, _, messages) = await CommandLineTests.Run(
            $"encoder train --task a={folder["nowhere"]} --out {folder["run"]} --threads 1"
        );
        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains(folder["nowhere"], messages, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["run/encoder.onnx"]));
    }

    [Fact]
    public async Task Folders_of_patches_become_an_encoder()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, value) in new[] { ("dark", 60), ("light", 200) })
        {
            Directory.CreateDirectory(folder[$"t/{name}"]);
            for (var i = 0; i < 9; i++)
            {
                var pixels = new byte[62 * 62 * 3];
                Array.Fill(pixels, (byte)(value + i));
                PictureFile.WritePng(folder[$"t/{name}/s{i}_0.png"], new RgbImage(62, 62, pixels));
            }
        }

        var (exit, results, _) = await CommandLineTests.Run(
            $"encoder train --task t={folder["t"]}@0.5 --patch 62 --width 4 --embedding 6 --batch 8 --max-steps 3 "
                + $"--name tiny --threads 1 --out {folder["run"]}"
        );
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("encoder.onnx", results, StringComparison.Ordinal);
        var info = OnnxEncoderFile.ReadInfo(folder["run/encoder.onnx"]);
        Assert.Equal(("tiny", 62, 6), (info.Name, info.PatchSize, info.Channels));
    }
}
