using System.Globalization;
using System.Text;
using Histonic.Slides;

namespace Histonic.Cli;

/// <summary>Work on many inputs, of which a bad one never stops the rest.</summary>
internal static class InputBatch
{
    /// <summary>Does the work on every input; tells failures as they come, and lists them in failures.csv.</summary>
    /// <param name="terminal">Told about failures and progress.</param>
    /// <param name="stage">What is done, for the progress line.</param>
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
    )
    {
        var failures = new List<(string Input, string Reason)>();
        var stems = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < inputs.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var input = inputs[i];
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
                work(input);
            }
            catch (HistonicException error)
            {
                terminal.Fail(error.Message, error);
                failures.Add((input, error.Message));
            }
        }

        if (folder is not null)
            WriteFailures(Path.Combine(folder, "failures.csv"), failures);
        if (failures.Count > 0 && failures.Count < inputs.Count)
            terminal.Warn(
                string.Create(CultureInfo.InvariantCulture, $"{failures.Count} of {inputs.Count} inputs failed")
            );
        return failures.Count == 0 ? ExitCode.Done
            : failures.Count == inputs.Count ? ExitCode.InputAtFault
            : ExitCode.DoneInPart;
    }

    /// <summary>Writes the list of failures, or removes that of an earlier run when there is none.</summary>
    private static void WriteFailures(string path, List<(string Input, string Reason)> failures)
    {
        if (failures.Count == 0)
        {
            File.Delete(path);
            return;
        }

        var text = new StringBuilder("input,reason\n");
        foreach (var (input, reason) in failures)
            text.Append(Quoted(input)).Append(',').Append(Quoted(reason)).Append('\n');
        AtomicFile.WriteText(path, text.ToString());
    }

    private static string Quoted(string text) =>
        $"\"{text.ReplaceLineEndings(" ").Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
