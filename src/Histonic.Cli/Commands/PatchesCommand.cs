using System.CommandLine;
using System.Globalization;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Cli.Commands;

/// <summary>patches: the squares that compress would embed, as pictures (TRIDENT's --dump_patches).</summary>
internal static class PatchesCommand
{
    private static readonly Option<string> _out = new("--out")
    {
        Description =
            "The folder that receives SLIDE/SLIDE_xX_yY.png: X and Y are the corner in pixels of level 0. Slides that are there already are skipped.",
        Required = true,
    };

    private static readonly Option<double> _pixelSize = new("--mpp")
    {
        Description = "The pixel size of the patches in µm.",
        DefaultValueFactory = _ => new TilingOptions().PixelSize.Value,
    };

    private static readonly Option<int> _patch = new("--patch")
    {
        Description = "The side of a patch in pixels.",
        DefaultValueFactory = _ => new TilingOptions().PatchSize,
    };

    private static readonly Option<int?> _stride = new("--stride")
    {
        Description = "The step between patches in pixels. Default: the patch size.",
    };

    private static readonly Option<double> _minTissue = new("--min-tissue")
    {
        Description = "The least share of tissue, from 0 to 1, under a patch that is kept.",
        DefaultValueFactory = _ => new TilingOptions().MinTissue,
    };

    private static readonly Option<double?> _override = new("--mpp-override")
    {
        Description = "The pixel size of the slides in µm, instead of what their files tell.",
    };

    private static readonly Option<string> _format = new("--format")
    {
        Description = "png: every pixel as compress sees it. jpg: a tenth of the size.",
        DefaultValueFactory = _ => "png",
    };

    static PatchesCommand() => _format.AcceptOnlyFromAmong("png", "jpg");

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "patches",
            "Writes the patches with tissue as pictures: to look at, to label and train an encoder on, or for other programs.".WithExamples(
                "patches slide.svs --out patches",
                "patches slides --out patches --mpp 0.25 --patch 256 --format jpg"
            )
        )
        {
            SlideInputs.Slides,
            SlideInputs.Nested,
            _out,
            _pixelSize,
            _patch,
            _stride,
            _minTissue,
            _override,
            _format,
        };
        foreach (var flag in TissueFlags.All)
            command.Options.Add(flag);
        return command.Runs(terminal, Run);
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var tiling = new TilingOptions
        {
            PixelSize = new Microns(context.Get(_pixelSize)),
            PatchSize = context.Get(_patch),
            Stride = context.Get(_stride) ?? context.Get(_patch),
            MinTissue = context.Get(_minTissue),
        }.Validated();
        Microns? given = context.Get(_override) is { } size ? new Microns(size) : null;
        return InputBatch.Run(
            context.Terminal,
            "patches",
            SlideInputs.Of(context),
            context.Get(_out),
            source => Write(context, source.Path, source.PixelSize ?? given, tiling, cancellationToken),
            cancellationToken
        );
    }

    private static void Write(
        CommandContext context,
        string path,
        Microns? pixelSize,
        TilingOptions tiling,
        CancellationToken cancellationToken
    )
    {
        using var slide = SlideReader.Open(path, pixelSize);
        var folder = Path.Combine(context.Get(_out), slide.Name);
        if (Directory.Exists(folder))
        {
            context.Terminal.Result($"{slide.Name}: skipped, {folder} is there already");
            return;
        }

        var mask = TissueDetector.Detect(slide, TissueFlags.Of(context));
        foreach (var warning in mask.Warnings)
            context.Terminal.Warn($"{path}: {warning}");
        var plan = PatchPlan.For(slide, mask, tiling);
        // a folder is whole or absent, as files are
        var partial = $"{folder}.partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        try
        {
            Directory.CreateDirectory(partial);
            WriteAsync(context, slide, plan, partial, cancellationToken).GetAwaiter().GetResult();
            Directory.Move(partial, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                folder,
                $"cannot be written ({error.Message})",
                "Make room there, or check your rights to it",
                error
            );
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }

        if (plan.Cells.Count == 0)
            context.Terminal.Warn($"{path}: no patch holds enough tissue; its folder is empty");
        context.Terminal.Result(
            string.Create(CultureInfo.InvariantCulture, $"{slide.Name}: {plan.Cells.Count} patches")
        );
    }

    private static async Task WriteAsync(
        CommandContext context,
        ISlide slide,
        PatchPlan plan,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var jpeg = context.Get(_format) is "jpg";
        var done = 0;
        var batches = PatchFeed.ReadAsync(
            slide,
            plan,
            PatchSource.Of(plan.Geometry),
            new PatchFeedOptions { Threads = context.Threads, BatchSize = 16 },
            Save,
            cancellationToken
        );
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            batch.Dispose();
            done += batch.Count;
            context.Terminal.Report(new WorkProgress($"patches {slide.Name}", done, plan.Cells.Count, "patches"));
        }

        PatchBatch Save(PatchBatch batch)
        {
            try
            {
                var bytes = batch.Side * batch.Side * 3;
                for (var i = 0; i < batch.Count; i++)
                {
                    var cell = plan.Cells[batch.Places[i]];
                    var (x, y) = plan.Geometry.Origin(cell.Row, cell.Column);
                    var pixels = batch.Rgb.Span.Slice(i * bytes, bytes).ToArray();
                    var picture = new RgbImage(batch.Side, batch.Side, pixels);
                    var name = string.Create(CultureInfo.InvariantCulture, $"{slide.Name}_x{x}_y{y}");
                    File.WriteAllBytes(
                        Path.Combine(folder, name + (jpeg ? ".jpg" : ".png")),
                        jpeg ? PictureFile.ToJpeg(picture) : PictureFile.ToPng(picture)
                    );
                }

                return batch;
            }
            catch
            {
                batch.Dispose();
                throw;
            }
        }
    }
}
