using System.CommandLine;
using System.Globalization;
using Histonic.Learning.Encoders;

namespace Histonic.Cli.Commands;

/// <summary>encoder list: what is known of encoders.</summary>
internal static class EncoderListCommand
{
    private static readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Encoder files (.onnx) to describe instead of those that are built in.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "list",
            "Lists the built-in encoders, or describes encoder files: patches, tasks, training data, licence.".WithExamples(
                "encoder list",
                "encoder list multitask-4.onnx"
            )
        )
        {
            _files,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var encoders = context.Get(_files) is { Length: > 0 } files ? files : EncoderCatalog.Names;
        if (encoders.Count == 0)
            context.Terminal.Result(
                "No encoder is built in. Make one: histonic encoder import, histonic encoder train."
            );
        foreach (var encoder in encoders)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var line in Describe(EncoderCatalog.Describe(encoder)))
                context.Terminal.Result(line);
        }

        return ExitCode.Done;
    }

    /// <summary>What an encoder's file says of it, a line a fact.</summary>
    internal static IEnumerable<string> Describe(EncoderInfo info)
    {
        yield return info.Name;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  patches        {info.PatchSize} × {info.PatchSize} px at {info.PixelSize.Value} µm/px → {info.Channels} numbers"
        );
        yield return $"  objective      {info.Objective}";
        foreach (var (task, classes) in info.Tasks)
            yield return $"  task           {task}: {string.Join(", ", classes)}";
        yield return $"  training data  {info.TrainingData}";
        yield return $"  licence        {info.Licence}";
        if (info.Seed is { } seed)
            yield return string.Create(CultureInfo.InvariantCulture, $"  seed           {seed}");
        yield return $"  made by        histonic {info.CodeVersion}";
        yield return $"  sha256         {info.Sha256}";
    }
}
