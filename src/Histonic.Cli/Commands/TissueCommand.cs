using System.CommandLine;
using System.Globalization;
using System.Text;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tissue;

namespace Histonic.Cli.Commands;

/// <summary>tissue: masks of what is tissue.</summary>
internal static class TissueCommand
{
    private static readonly Option<string> _out = new("--out")
    {
        Description = "The folder that receives SLIDE.png, SLIDE.geojson and tissue.csv.",
        Required = true,
    };

    private static readonly Option<double?> _pixelSize = new("--mpp-override")
    {
        Description = "The pixel size in µm per pixel, instead of what the files tell.",
    };

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "tissue",
            "Finds tissue: a mask as PNG, its outline as GeoJSON for QuPath, and the share of tissue. compress takes the same options.".WithExamples(
                "tissue slide.svs --out masks",
                "tissue slides --out masks --min-area 50000 --max-blur 1.8",
                "tissue slides --out masks --tissue hsv --hsv 90-180,8-255,103-255",
                "tissue slides --out masks --masks asap-masks"
            )
        )
        {
            SlideInputs.Slides,
            SlideInputs.Nested,
            _out,
        };
        foreach (var flag in TissueFlags.All)
            command.Options.Add(flag);
        command.Options.Add(_pixelSize);
        return command.Runs(terminal, Run);
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var options = TissueFlags.Of(context);
        Microns? pixelSize = context.Get(_pixelSize) is { } size ? new Microns(size) : null;
        var folder = context.Get(_out);
        var table = new StringBuilder("slide,tissue_share,tissue_mm2,mask_width,mask_height,downsample,method\n");
        var exit = InputBatch.Run(
            context.Terminal,
            "tissue",
            SlideInputs.Of(context),
            folder,
            source =>
            {
                var path = source.Path;
                using var slide = SlideReader.Open(path, source.PixelSize ?? pixelSize);
                var mask = TissueDetector.Detect(slide, options);
                TissueFiles.WritePng(Path.Combine(folder, $"{slide.Name}.png"), mask);
                TissueFiles.WriteGeoJson(Path.Combine(folder, $"{slide.Name}.geojson"), mask, slide);
                if (slide.PixelSize is null)
                    context.Terminal.Warn(
                        $"{path}: pixel size not told; areas were taken as if mask pixels had {options.PixelSize}"
                    );
                foreach (var warning in mask.Warnings)
                    context.Terminal.Warn($"{path}: {warning}");
                if (mask.TissueShare == 0)
                    context.Terminal.Warn($"{path}: no tissue was found; its mask is empty");
                var area = slide.PixelSize is { } known
                    ? mask.Pixels.Count(tissue => tissue) * Math.Pow(mask.Downsample * known.Value.Value / 1000, 2)
                    : (double?)null;
                table
                    .Append(slide.Name.Contains(',', StringComparison.Ordinal) ? $"\"{slide.Name}\"" : slide.Name)
                    .Append(
                        CultureInfo.InvariantCulture,
                        $",{mask.TissueShare:0.####},{area:0.####},{mask.Width},{mask.Height},{mask.Downsample:0.####},\"{mask.Method}\"\n"
                    );
                context.Terminal.Result(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{slide.Name}: {100 * mask.TissueShare:0.0} % tissue{(area is { } mm2 ? $", {mm2:0.00} mm²" : "")}"
                    )
                );
            },
            cancellationToken
        );
        if (exit != ExitCode.InputAtFault)
            AtomicFile.WriteText(Path.Combine(folder, "tissue.csv"), table.ToString());
        return exit;
    }
}
