using System.CommandLine;
using System.Globalization;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Interchange;
using Histonic.Slides.Reading;

namespace Histonic.Cli.Commands;

/// <summary>convert: embeddings from and for other programs.</summary>
internal static class ConvertCommand
{
    private static readonly Argument<string[]> _files = new("FILE|DIR")
    {
        Description =
            "Embeddings of slides: ours, CLAM's h5_files, TRIDENT's, STAMP's or wsilearn's h5, or npy; whose a file is, is told by what is in it.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<InterchangeFormat?> _from = new("--from")
    {
        Description = "Whose the files are; one of another layout is refused. Without it, what is in a file tells.",
    };

    private static readonly Option<InterchangeFormat> _to = new("--to")
    {
        Description =
            "Whose files are written: histonic, clam, trident, stamp, wsilearn or npy (neural image compression).",
        Required = true,
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The folder that receives the files.",
        Required = true,
    };

    private static readonly Option<double?> _level0 = new("--mpp-override")
    {
        Description =
            "µm per pixel of level 0, which no other program's file tells; --slides reads it from the slides.",
    };

    private static readonly Option<string?> _slides = new("--slides")
    {
        Description = "The folder of the slides, from which pixel size, size and bounds are read, slide by slide.",
        HelpName = "DIR",
    };

    private static readonly Option<double?> _working = new("--mpp")
    {
        Description = "µm per pixel of the patches as the encoder saw them, where the file does not tell.",
    };

    private static readonly Option<int?> _patch = new("--patch-size")
    {
        Description =
            "The side of a patch in pixels as the encoder saw it, where the file does not tell (or CLAM shrank it first).",
    };

    private static readonly Option<int?> _stride = new("--stride")
    {
        Description = "The step between patches in such pixels, for npy, and for slides with a single patch.",
    };

    private static readonly Option<string?> _size = new("--level0-size")
    {
        Description =
            "Width and height of level 0 in pixels, such as 98304x65536. Without it, where the file does not tell, the slide ends with its last patch.",
    };

    private static readonly Option<string?> _encoder = new("--encoder-name")
    {
        Description = "The encoder that made the embeddings, where the file does not tell.",
    };

    private static readonly Option<bool> _snap = new("--snap")
    {
        Description =
            "Move patches off the lattice to the nearest cell, instead of refusing the slide; CLAM's always are, since it begins a lattice at every contour. Told how many.",
    };

    public static Command Create(Terminal terminal)
    {
        return new Command(
            "convert",
            "Converts embeddings of slides from and for other programs.".WithExamples(
                "convert features --to trident --out for-trident",
                "convert job/20x_256px_0px_overlap/features_uni --to histonic --slides slides --out features",
                "convert clam/h5_files --to histonic --mpp-override 0.25 --encoder-name resnet50 --out features"
            )
        )
        {
            _files,
            _from,
            _to,
            _out,
            _slides,
            _level0,
            _working,
            _patch,
            _stride,
            _size,
            _encoder,
            _snap,
        }.Runs(terminal, Run);
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var (folder, to, options) = (context.Get(_out), context.Get(_to), Options(context));
        List<string> files = [];
        var foldersAtFault = 0;
        foreach (var given in context.Get(_files))
        {
            try
            {
                files.AddRange(InterchangeFolder.Files(given));
            }
            catch (InputException error)
            {
                // No slide: in failures.csv it would stay for ever, and its name could be a slide's.
                context.Terminal.Fail(error.Message, error);
                foldersAtFault++;
            }
        }

        if (files.Count == 0)
            return ExitCode.InputAtFault;
        var exit = InputBatch.Run(
            context.Terminal,
            "convert",
            files,
            folder,
            path =>
            {
                var name = Path.GetFileNameWithoutExtension(path);
                var at = Path.GetDirectoryName(Path.GetFullPath(path));
                if (
                    SlideExport
                        .FoldersOf(folder, name, to)
                        .Any(one =>
                            string.Equals(
                                Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)),
                                at,
                                StringComparison.Ordinal
                            )
                        )
                )
                    throw new InputException(path, "would be overwritten", "Give another folder as --out");
                var (slide, format, precision, moved, dropped) = SlideImport.Read(
                    path,
                    Completed(options, path, context.Get(_slides))
                );
                if (moved > 0)
                    context.Terminal.Warn(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{path}: {moved} patches moved to the nearest cell, {dropped} of them left out"
                        )
                    );
                var written = SlideExport.Write(folder, name, slide, to, precision, TimeProvider.System.GetUtcNow());
                context.Terminal.Result(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{written[0]}: from {SlideImport.NameOf(format)}, {slide.Cells.Count} patches × {slide.Channels} channels on {slide.Rows} rows × {slide.Columns} columns"
                    )
                );
            },
            cancellationToken
        );
        return foldersAtFault > 0 && exit == ExitCode.Done ? ExitCode.DoneInPart : exit;
    }

    /// <summary>What the slide tells, where the user does not: no other program's file holds it.</summary>
    private static InterchangeOptions Completed(InterchangeOptions options, string path, string? slides)
    {
        if (slides is null)
            return options;
        var name = Path.GetFileNameWithoutExtension(path);
        var file =
            SlideFolder.Open(slides).Find(name)
            ?? throw new InputException(
                path,
                $"has no slide {name} in {slides}",
                "Put it there, or give --mpp-override"
            );
        using var slide = SlideReader.Open(file);
        return options with
        {
            Level0PixelSize = options.Level0PixelSize ?? slide.PixelSize?.Value,
            Level0PixelSizeSource =
                options.Level0PixelSize is null && slide.PixelSize is { } size
                    ? size.Source
                    : options.Level0PixelSizeSource,
            Level0Size = options.Level0Size ?? (slide.Levels[0].Width, slide.Levels[0].Height),
            BoundsCorner = slide.BoundsCorner,
        };
    }

    private static InterchangeOptions Options(CommandContext context)
    {
        return new InterchangeOptions
        {
            From = context.Get(_from),
            Level0PixelSize = Length(_level0),
            PixelSize = Length(_working),
            PatchSize = Count(_patch),
            Stride = Count(_stride),
            Level0Size = Size(context.Get(_size)),
            Encoder = context.Get(_encoder),
            Snap = context.Get(_snap),
        };

        Microns? Length(Option<double?> option) =>
            context.Get(option) switch
            {
                null => null,
                > 0 and < 1000 and { } value => new Microns(value),
                { } value => throw new OptionException(option.Name, value, "micrometres per pixel, above 0"),
            };
        int? Count(Option<int?> option) =>
            context.Get(option) is <= 0 and { } value
                ? throw new OptionException(option.Name, value, "positive")
                : context.Get(option);
    }

    private static (long Width, long Height)? Size(string? text)
    {
        if (text is null)
            return null;
        var sides = text.Split('x');
        return
            sides.Length == 2
            && long.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && long.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && width > 0
            && height > 0
            ? (width, height)
            : throw new OptionException("--level0-size", text, "WIDTHxHEIGHT in pixels");
    }
}
