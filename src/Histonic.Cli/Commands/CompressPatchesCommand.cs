using System.CommandLine;
using System.Globalization;
using Histonic.Learning.Compression;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Cli.Commands;

/// <summary>compress-patches: folders of patches with places in their names become compressed slides and labels.</summary>
internal static class CompressPatchesCommand
{
    private static readonly Argument<string> _folder = new("DIR")
    {
        Description = "The folder of the patches, with one folder a class inside.",
    };

    private static readonly Option<string> _encoder = new("--encoder")
    {
        Description = "A built-in encoder or an .onnx file.",
        Required = true,
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The folder that receives SLIDE.h5 and labels.csv.",
        Required = true,
    };

    private static readonly Option<string> _class = new("--share-of")
    {
        Description =
            "The class whose share among a slide's patches is the label share (regression); the name of its folder.",
        Required = true,
        HelpName = "CLASS",
    };

    private static readonly Option<double> _mpp = new("--mpp")
    {
        Description =
            "µm per pixel of the patches' files. It tells where patches lie; each is stretched whole to the encoder's input.",
        Required = true,
    };

    private static readonly Option<int> _above = new("--above")
    {
        Description = "The label aboveN (classification) is 1 where the share is above N %.",
        DefaultValueFactory = _ => 20,
        HelpName = "N",
    };

    private static readonly Option<string> _names = new("--names")
    {
        Description =
            "A regular expression for names without extension, with the groups slide, x and y (pixels of the patches).",
        DefaultValueFactory = _ => PatchFolderOptions.UsualNames,
        HelpName = "REGEX",
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "compress-patches",
            "Lays out labelled patches whose names tell their places as partial compressed slides, with labels.csv: slide, patient, patches, share, aboveN.".WithExamples(
                "compress-patches patches/carcinoma-breast --encoder multitask-4.onnx --share-of idc --mpp 4 --out features"
            )
        )
        {
            _folder,
            _encoder,
            _out,
            _class,
            _mpp,
            _above,
            _names,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var (output, above) = (context.Get(_out), context.Get(_above));
        var mpp = context.Get(_mpp) is > 0.01 and < 100 and var value
            ? new Microns(value)
            : throw new OptionException("--mpp", context.Get(_mpp), "between 0.01 and 100 µm per pixel");
        if (above is < 0 or > 99)
            throw new OptionException("--above", above, "a whole percentage from 0 to 99");
        using var patches = PatchFolder.Read(
            context.Get(_folder),
            new PatchFolderOptions { Class = context.Get(_class), Names = context.Get(_names) }
        );
        using var encoder = EncoderCatalog.Open(context.Get(_encoder), context.Threads, context.Device);
        var slides = patches.Slides.ToDictionary(slide => slide.Name + ".h5", StringComparer.Ordinal);
        var done = new List<PatchSlide>();
        var exit = InputBatch.Run(
            context.Terminal,
            "compress patches",
            [.. slides.Keys],
            output,
            name =>
            {
                patches.Compress(
                    Path.Combine(output, name),
                    slides[name],
                    encoder,
                    mpp,
                    context.Threads,
                    TimeProvider.System.GetUtcNow(),
                    cancellationToken
                );
                done.Add(slides[name]);
            },
            cancellationToken
        );
        CsvTable.Write(
            Path.Combine(output, "labels.csv"),
            ["slide", "patient", "patches", "share", $"above{above}"],
            done.Select(slide =>
                (IReadOnlyList<object?>)
                    [slide.Name, slide.Name, slide.Patches, slide.Share, slide.Share > above / 100.0 ? 1 : 0]
            )
        );
        context.Terminal.Result(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{output}: {done.Count} slides of {done.Sum(slide => slide.Patches)} patches"
            )
        );
        return exit;
    }
}
