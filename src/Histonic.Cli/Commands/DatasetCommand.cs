using System.CommandLine;
using Histonic.Slides.Datasets;

namespace Histonic.Cli.Commands;

/// <summary>dataset: public data sets, as they are given out, for training and validation.</summary>
internal static class DatasetCommand
{
    private static readonly Argument<string> _name = new("NAME")
    {
        Description = $"list, or one of {string.Join(", ", DatasetCatalog.All.Select(one => one.Name))}.",
        DefaultValueFactory = _ => "list",
    };

    private static readonly Option<string?> _in = new("--in")
    {
        Description = "The folder of the data set, or the file of its table.",
        HelpName = "DIR|FILE",
    };

    private static readonly Option<string?> _out = new("--out")
    {
        Description = "The folder that receives labels.csv (for train) or encoder.yaml (for encoder train), or both.",
        HelpName = "DIR",
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "dataset",
            "Takes in public data sets as they are given out: writes the labels and the encoder's tasks; pixels stay where they are.".WithExamples(
                "dataset list",
                "dataset tupac16 --in tupac16_training.csv --out tupac16",
                "dataset camelyon16 --in CAMELYON16 --out camelyon16"
            )
        )
        {
            _name,
            _in,
            _out,
        }.Runs(
            terminal,
            (context, _) =>
            {
                if (string.Equals(context.Get(_name), "list", StringComparison.Ordinal))
                {
                    foreach (var one in DatasetCatalog.All)
                        context.Terminal.Result(
                            $"{one.Name}\n  {one.Summary}\n  from     {one.Source}\n  licence  {one.Licence}\n  expects  {one.Expects}"
                        );
                    return ExitCode.Done;
                }

                var dataset = DatasetCatalog.Find(context.Get(_name));
                var input = context.Get(_in) ?? throw new Slides.OptionException("--in", null, dataset.Expects);
                var output = context.Get(_out) ?? throw new Slides.OptionException("--out", null, "a folder");
                foreach (var line in dataset.Prepare(input, output, context.Terminal))
                    context.Terminal.Result(line);
                return ExitCode.Done;
            }
        );
}
