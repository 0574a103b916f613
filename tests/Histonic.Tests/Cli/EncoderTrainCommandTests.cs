using Histonic.Cli;
using Histonic.Learning.Encoders;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class EncoderTrainCommandTests
{
    [Theory]
    [InlineData("encoder train --objective guess --task a=b --out c", ExitCode.WrongUsage, "guess")]
    [InlineData("encoder train --out c", ExitCode.WrongUsage, "--task")]
    [InlineData("encoder train --task a=b", ExitCode.WrongUsage, "--out")]
    [InlineData("encoder train --task folder --out c --threads 1", ExitCode.InputAtFault, "NAME=LOCATION")]
    [InlineData("encoder train --task a=b --task a=c --out c --threads 1", ExitCode.InputAtFault, "a name of its own")]
    [InlineData("encoder train --task a=b --out c --patch 33 --threads 1", ExitCode.InputAtFault, "--patch is 33")]
    [InlineData("encoder train nowhere.yaml --out c --threads 1", ExitCode.InputAtFault, "nowhere.yaml")]
    [InlineData(
        "encoder train --objective supervised --task a=b --task d=e --out c --threads 1",
        ExitCode.InputAtFault,
        "one task"
    )]
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
                var pixels = new byte[64 * 64 * 3];
                Array.Fill(pixels, (byte)(value + i));
                PictureFile.WritePng(folder[$"t/{name}/s{i}_0.png"], new RgbImage(64, 64, pixels));
            }
        }

        var (exit, results, _) = await CommandLineTests.Run(
            $"encoder train --task t={folder["t"]}@0.5 --patch 64 --width 4 --embedding 6 --batch 8 --max-steps 3 "
                + $"--name tiny --threads 1 --out {folder["run"]}"
        );
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("encoder.onnx", results, StringComparison.Ordinal);
        var info = OnnxEncoderFile.ReadInfo(folder["run/encoder.onnx"]);
        Assert.Equal(("tiny", 64, 6), (info.Name, info.PatchSize, info.Channels));
    }

    [Fact]
    public async Task A_preview_is_drawn_instead_of_a_training()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "dark", "light" })
        {
            Directory.CreateDirectory(folder[$"t/{name}"]);
            for (var i = 0; i < 9; i++)
            {
                PictureFile.WritePng(
                    folder[$"t/{name}/s{i}_0.png"],
                    new RgbImage(64, 64, [.. Enumerable.Repeat((byte)(90 + i), 64 * 64 * 3)])
                );
            }
        }

        var (exit, results, _) = await CommandLineTests.Run(
            $"encoder train --task t={folder["t"]}@0.5 --patch 64 --threads 1 --augmentation light,noise=0 "
                + $"--preview {folder["sheet.png"]}"
        );
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains(folder["sheet.png"], results, StringComparison.Ordinal);

        // two patches of each of the two classes
        var sheet = PictureFile.Read(folder["sheet.png"]);
        Assert.InRange(sheet.Height, 4 * 64, (4 * 70) + 60);
        Assert.InRange(sheet.Width, 8 * 64, 900);
        Assert.Equal(["sheet.png", "t"], Directory.GetFileSystemEntries(folder[""]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Settings_come_from_a_file_and_options_beside_it_win()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["s.yaml"],
            "objective: mean-rgb\nname: from-file\nseed: 4\nencoder: { patch: 96, mpp: 1 }\n"
        );
        var (exit, _, _) = await CommandLineTests.Run(
            $"encoder train {folder["s.yaml"]} --mpp 2 --threads 1 --out {folder["run"]}"
        );
        Assert.Equal(ExitCode.Done, exit);
        var info = OnnxEncoderFile.ReadInfo(folder["run/encoder.onnx"]);
        Assert.Equal(("from-file", 96, 2.0, 3), (info.Name, info.PatchSize, info.PixelSize.Value, info.Channels));
        Assert.Equal("mean-rgb", info.Objective);
        var again = Histonic.Learning.Encoders.Training.EncoderTrainingFile.Read(folder["run/config.yaml"]);
        Assert.Equal((4, 2.0), (again.Seed.Value, again.Encoder.PixelSize.Value));
    }

    [Fact]
    public async Task A_training_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        File.WriteAllText(folder["run/checkpoint.safetensors"], "a training");
        var (exit, _, messages) = await CommandLineTests.Run(
            $"encoder train --task a=b --threads 1 --out {folder["run"]}"
        );
        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains("--resume", messages, StringComparison.Ordinal);
        Assert.Equal("a training", File.ReadAllText(folder["run/checkpoint.safetensors"]));
    }
}
