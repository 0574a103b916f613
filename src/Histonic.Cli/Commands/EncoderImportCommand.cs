using System.CommandLine;
using Histonic.Learning.Encoders.Import;
using Histonic.Slides;

namespace Histonic.Cli.Commands;

/// <summary>encoder import: other programs' encoders become files of ours.</summary>
internal static class EncoderImportCommand
{
    private static readonly Argument<string> _file = new("FILE")
    {
        Description =
            "A Keras 2 file (.h5) of the papers' architecture, or any ONNX file (.onnx) from a picture to a vector.",
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The .onnx file that comes to be.",
        Required = true,
    };

    private static readonly Option<string?> _name = new("--name") { Description = "Its name. Default: the file's." };

    private static readonly Option<double?> _pixelSize = new("--mpp")
    {
        Description = "The µm per pixel it was trained at. Default for .h5: 0.5, the papers'.",
    };

    private static readonly Option<int?> _patch = new("--patch")
    {
        Description = "The side of its patches in pixels. Default for .h5: 128, the papers'; for .onnx: its input's.",
    };

    private static readonly Option<string> _range = new("--range")
    {
        Description =
            "What a foreign .onnx takes: pixels in -1..1, in 0..1, or standardised as for ImageNet (timm, torchvision).",
        DefaultValueFactory = _ => "-1..1",
    };

    private static readonly Option<string?> _objective = new("--objective")
    {
        Description = "How it was trained, such as mtl, bigan or supervised.",
    };

    private static readonly Option<string?> _data = new("--training-data")
    {
        Description = "What it was trained on, in words.",
    };

    private static readonly Option<string?> _licence = new("--licence") { Description = "The licence of its weights." };

    static EncoderImportCommand() => _range.AcceptOnlyFromAmong("-1..1", "0..1", "imagenet");

    public static Command Create(Terminal terminal) =>
        new Command(
            "import",
            "Makes an encoder file of the authors' published Keras encoders, or of an ONNX file of any other network.".WithExamples(
                "encoder import encoder_multitask-4.h5 --out multitask-4.onnx",
                "encoder import resnet50.onnx --mpp 0.5 --patch 224 --range imagenet --out resnet50-224.onnx"
            )
        )
        {
            _file,
            _out,
            _name,
            _pixelSize,
            _patch,
            _range,
            _objective,
            _data,
            _licence,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var options = new EncoderImportOptions
        {
            Name = context.Get(_name),
            PixelSize = context.Get(_pixelSize) is { } size ? new Microns(size) : null,
            PatchSize = context.Get(_patch),
            Range = context.Get(_range) switch
            {
                "0..1" => PixelRange.ZeroToOne,
                "imagenet" => PixelRange.ImageNet,
                _ => PixelRange.MinusOneToOne,
            },
            Objective = context.Get(_objective),
            TrainingData = context.Get(_data),
            Licence = context.Get(_licence),
        };
        var info = EncoderImport.Import(context.Get(_file), context.Get(_out), options);
        foreach (var line in EncoderListCommand.Describe(info))
            context.Terminal.Result(line);
        return ExitCode.Done;
    }
}
