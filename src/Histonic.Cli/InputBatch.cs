using System.Globalization;
using Histonic.Learning.Compression;
using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Cli;

/// <summary>Work on many inputs, of which a bad one never stops the rest.</summary>
internal static class InputBatch
{
    /// <summary>Does the work on every input; tells failures as they come, and lists in failures.csv the inputs whose last try failed.</summary>
    /// <param name="terminal">Told about failures and progress.</param>
    /// <param name="stage">What is done, for the progress line and the table of failures.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="folder">Where failures.csv goes; null for a command without output files.</param>
    /// <param name="work">Does the work on one.</param>
    /// <param name="cancellationToken">Stops between inputs, and the work itself if it listens.</param>
    /// <returns>
    /// <see cref="ExitCode.Done"/> when none failed, <see cref="ExitCode.InputAtFault"/> when all did, else
    /// <see cref="ExitCode.DoneInPart"/>.
    /// </returns>
    public static int Run(
        Terminal terminal,
        string stage,
        IReadOnlyList<string> inputs,
        string? folder,
        Action<string> work,
        CancellationToken cancellationToken
    ) =>
        Run(
            terminal,
            stage,
            [.. inputs.Select(input => new SlideSource(input))],
            folder,
            input => work(input.Path),
            cancellationToken
        );

    /// <inheritdoc cref="Run(Terminal, string, IReadOnlyList{string}, string?, Action{string}, CancellationToken)"/>
    public static int Run(
        Terminal terminal,
        string stage,
        IReadOnlyList<SlideSource> inputs,
        string? folder,
        Action<SlideSource> work,
        CancellationToken cancellationToken
    )
    {
        var table = folder is null ? null : new FailureTable(folder, Shard.Whole);
        var failures = 0;
        var stems = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < inputs.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var input = inputs[i].Path;
            if (inputs.Count > 1)
                terminal.Report(new WorkProgress(stage, i, inputs.Count, "files"));
            try
            {
                if (folder is not null && !stems.Add(Path.GetFileNameWithoutExtension(input)))
                    throw new InputException(
                        input,
                        "has the same name as another input, and would overwrite its output",
                        "Rename it, or give it an output folder of its own"
                    );
                work(inputs[i]);
                table?.Remove(SlideName.Of(input));
            }
            catch (HistonicException error)
            {
                terminal.Fail(error.Message, error);
                failures++;
                if (folder is null)
                    continue;
                Directory.CreateDirectory(folder);
                table!.Put(new SlideFailure(input, stage, error.Message));
            }
        }

        if (failures > 0 && failures < inputs.Count)
            terminal.Warn(string.Create(CultureInfo.InvariantCulture, $"{failures} of {inputs.Count} inputs failed"));
        return failures == 0 ? ExitCode.Done
            : failures == inputs.Count ? ExitCode.InputAtFault
            : ExitCode.DoneInPart;
    }
}
