using System.CommandLine;
using System.Globalization;
using Histonic.Slides.Grids;

namespace Histonic.Cli.Commands;

/// <summary>convert: compressed slides for other programs.</summary>
internal static class ConvertCommand
{
    private static readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Compressed slides (.h5).",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> _to = new("--to")
    {
        Description = "npy: the grid of neural image compression, float16, channels × rows × columns, background 0.",
        Required = true,
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The folder that receives the files.",
        Required = true,
    };

    public static Command Create(Terminal terminal)
    {
        _to.AcceptOnlyFromAmong("npy");
        return new Command(
            "convert",
            "Converts compressed slides for other programs.".WithExamples("convert features/*.h5 --to npy --out grids")
        )
        {
            _files,
            _to,
            _out,
        }.Runs(terminal, Run);
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var folder = context.Get(_out);
        return InputBatch.Run(
            context.Terminal,
            "convert",
            context.Get(_files),
            folder,
            path =>
            {
                var map = FeatureMap.Of(CompressedSlideFile.Read(path));
                var target = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}.npy");
                NpyFile.Write(target, map);
                context.Terminal.Result(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{target}: {map.Channels} channels × {map.Rows} rows × {map.Columns} columns"
                    )
                );
            },
            cancellationToken
        );
    }
}
