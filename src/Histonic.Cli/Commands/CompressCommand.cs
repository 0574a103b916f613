using System.CommandLine;
using System.Globalization;
using Histonic.Learning.Compression;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Tiling;

namespace Histonic.Cli.Commands;

/// <summary>compress: slides become grids of embeddings.</summary>
internal static class CompressCommand
{
    /// <summary>The built-in encoder of real H&amp;E tissue.</summary>
    private const string DefaultEncoder = "histonic-he";

    private static readonly Option<string> _encoder = new("--encoder")
    {
        Description = "A built-in encoder (see encoder list) or an .onnx file.",
        DefaultValueFactory = _ => DefaultEncoder,
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description =
            "The folder that receives SLIDE.h5. Slides that are there already, made the same way, are skipped.",
        Required = true,
    };

    private static readonly Option<double?> _pixelSize = new("--mpp")
    {
        Description = "The working pixel size in µm. Default: the encoder's.",
    };

    private static readonly Option<bool> _otherPixelSize = new("--allow-other-mpp")
    {
        Description = "Take an --mpp that the encoder was not trained at.",
    };

    private static readonly Option<int?> _patch = new("--patch")
    {
        Description = "The side of a patch in pixels. Default, and all an encoder takes: its own.",
    };

    private static readonly Option<int?> _stride = new("--stride")
    {
        Description = "The step between patches in pixels. Default: the patch size.",
    };

    private static readonly Option<double> _minTissue = new("--min-tissue")
    {
        Description = "The least share of tissue, from 0 to 1, under a patch that is kept.",
        DefaultValueFactory = _ => 0.5,
    };

    private static readonly Option<int> _symmetries = new("--symmetries")
    {
        Description = "1, or 8: also embed each patch turned and mirrored, as the papers do. Takes 8 times as long.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string> _precision = new("--precision")
    {
        Description = "How embeddings are stored: float16 or float32.",
        DefaultValueFactory = _ => "float16",
    };

    private static readonly Option<double?> _override = new("--mpp-override")
    {
        Description = "The pixel size of the slides in µm, instead of what their files tell.",
    };

    private static readonly Option<int> _batch = new("--batch")
    {
        Description = "How many patches a thread encodes at once.",
        DefaultValueFactory = _ => 16,
    };

    private static readonly Option<bool> _exact = new("--exact")
    {
        Description =
            "Decode all pixels of the working size. Otherwise, on slides of 1,024 patches and more, a coarser level or the JPEG decoder's own "
            + "shrinking is used where a sample's embeddings stay the same (mean cosine at least 0.999).",
    };

    private static readonly Option<string> _badTile = new("--on-bad-tile")
    {
        Description =
            "fail: a slide with a damaged tile fails. blank: its patches are white, counted, and marked in the file.",
        DefaultValueFactory = _ => "fail",
    };

    private static readonly Option<string> _shard = new("--shard")
    {
        Description = "Only part I of N of the slides (I/N), to share the work among machines.",
        DefaultValueFactory = _ => "1/1",
    };

    static CompressCommand()
    {
        _precision.AcceptOnlyFromAmong("float16", "float32");
        _symmetries.AcceptOnlyFromAmong("1", "8");
        _badTile.AcceptOnlyFromAmong("fail", "blank");
    }

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "compress",
            "Compresses slides: each patch with tissue becomes an embedding; one HDF5 file a slide, which CLAM and TRIDENT read too.".WithExamples(
                "compress slide.svs --encoder multitask-4.onnx --out features",
                "compress slides --encoder multitask-4.onnx --out features --symmetries 8",
                "compress list.csv --encoder multitask-4.onnx --out features --shard 1/4",
                "compress slides --out features --masks asap-masks"
            )
        )
        {
            SlideInputs.Slides,
            SlideInputs.Nested,
            _encoder,
            _out,
            _pixelSize,
            _otherPixelSize,
            _patch,
            _stride,
            _minTissue,
            _symmetries,
            _precision,
            _override,
            _batch,
            _exact,
            _badTile,
            _shard,
        };
        foreach (var flag in TissueFlags.All)
            command.Options.Add(flag);
        return command.Runs(terminal, Run);
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var terminal = context.Terminal;
        var shard = Shard.Parse(context.Get(_shard));
        // on the processor every thread of the compressor encodes by itself, so that none waits for another
        var threads = string.Equals(context.Device, "cpu", StringComparison.Ordinal) ? 1 : context.Threads;
        using var encoder = EncoderCatalog.Open(context.Get(_encoder), threads, context.Device);
        var options = Options(context, encoder.Info);
        var slides = SlideInputs.Of(context);
        var compressor = new SlideCompressor(encoder, options, terminal);

        NativeMemory.ReturnLargeBlocks();
        CompressionSummary summary;
        try
        {
            summary = compressor
                .CompressAllAsync(slides, context.Get(_out), shard, cancellationToken)
                .GetAwaiter()
                .GetResult();
        }
        finally
        {
            NativeMemory.KeepLargeBlocks(); // a training may follow in this process
        }

        if (summary.Compressed > 0)
        {
            var rate = summary.Patches / Math.Max(summary.Elapsed.TotalSeconds, 1e-3);
            terminal.Result(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{summary.Compressed} compressed: {summary.Patches} patches in {summary.Elapsed.TotalSeconds:0.0} s, {rate:0} patches/s"
                )
            );
        }

        if (summary.Skipped > 0)
            terminal.Result($"{summary.Skipped} skipped: there already, made with the same encoder and options");
        if (summary.Elsewhere > 0)
            terminal.Result($"{summary.Elsewhere} done by another process");
        if (summary.Failures.Count > 0)
            terminal.Result($"{summary.Failures.Count} failed: see the failures file in {context.Get(_out)}");
        if (summary.Stopped is { } why)
            terminal.Fail(summary.Left > 0 ? $"{why} Slides not tried: {summary.Left}." : why);
        if (summary.Failures.Count == 0 && summary.Stopped is null)
            return ExitCode.Done;
        return summary.Compressed + summary.Skipped + summary.Elsewhere > 0
            ? ExitCode.DoneInPart
            : ExitCode.InputAtFault;
    }

    private static CompressionOptions Options(CommandContext context, EncoderInfo encoder)
    {
        var fitting = CompressionOptions.For(encoder);
        return fitting with
        {
            Tiling = fitting.Tiling with
            {
                PixelSize = context.Get(_pixelSize) is { } mpp ? new Microns(mpp) : fitting.Tiling.PixelSize,
                PatchSize = context.Get(_patch) ?? fitting.Tiling.PatchSize,
                Stride = context.Get(_stride) ?? fitting.Tiling.Stride,
                MinTissue = context.Get(_minTissue),
            },
            Tissue = TissueFlags.Of(context),
            AllowOtherPixelSize = context.Get(_otherPixelSize),
            Symmetries = context.Get(_symmetries) == 8,
            Precision = context.Get(_precision) is "float32" ? FeaturePrecision.Bits32 : FeaturePrecision.Bits16,
            PixelSizeOverride = context.Get(_override) is { } size ? new Microns(size) : null,
            Threads = context.Threads,
            BatchSize = context.Get(_batch),
            Exact = context.Get(_exact),
            OnDamage = context.Get(_badTile) is "blank" ? DamagePolicy.Blank : DamagePolicy.Fail,
        };
    }
}
