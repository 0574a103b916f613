using System.CommandLine;
using Histonic.Reports.Viewing;
using Histonic.Slides;

namespace Histonic.Cli.Commands;

/// <summary>view: slides, heat maps, patches and runs in the browser.</summary>
internal static class ViewCommand
{
    private static readonly Argument<string> _folder = new("DIR")
    {
        Description =
            "A folder with slides, features, heat maps and runs in any folders below it; nothing else is read.",
    };

    private static readonly Option<int> _port = new("--port")
    {
        Description = "The port on 127.0.0.1; 0 takes a free one.",
        DefaultValueFactory = _ => 7878,
    };

    private static readonly Option<bool> _followLinks = new("--follow-links")
    {
        Description = "Also show what links in DIR lead to, wherever it lies: for folders of links to an archive.",
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "view",
            "Shows a folder in the browser: slides at any magnification under their heat maps, patches and their nearest, runs with their charts. Answers this machine only; Ctrl-C ends it.".WithExamples(
                "view histonic-demo",
                "view study --port 0"
            )
        )
        {
            _folder,
            _port,
            _followLinks,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Get(_port) is < 0 or > 65535)
            throw new OptionException("--port", context.Get(_port), "from 0 to 65535");
        var catalog = ViewerCatalog.Of(context.Get(_folder), context.Get(_followLinks));
        foreach (var note in catalog.Notes)
            context.Terminal.Warn(note);
        foreach (var run in catalog.Runs.Where(run => run.Problem is not null))
            context.Terminal.Warn($"{run.Name} is not shown: {run.Problem}");
        return ServeAsync(catalog, context, cancellationToken).GetAwaiter().GetResult();
    }

    private static async Task<int> ServeAsync(
        ViewerCatalog catalog,
        CommandContext context,
        CancellationToken cancellationToken
    )
    {
        await using var server = await ViewerServer.StartAsync(catalog, context.Get(_port), cancellationToken);
        context.Terminal.Result(
            $"{catalog.Slides.Count} slides, {catalog.Runs.Count} runs: open {server.Address} (Ctrl-C ends it)"
        );
        var ended = new TaskCompletionSource();
        await using (cancellationToken.Register(ended.SetResult))
            await ended.Task;
        // Ctrl-C is how it is meant to end
        return ExitCode.Done;
    }
}
