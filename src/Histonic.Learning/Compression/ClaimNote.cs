using System.Globalization;
using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>What a claim's file says about its holder.</summary>
/// <param name="Id">Unlike that of any other claim; empty while the file is being written.</param>
/// <param name="Holder">The process; null when the file does not tell.</param>
/// <param name="Host">The name of its machine, for people.</param>
internal sealed record ClaimNote(string Id, ProcessToken? Holder, string Host)
{
    private static int _count;

    /// <summary>A note for a new claim of this process.</summary>
    public static ClaimNote New()
    {
        var number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        return new ClaimNote($"{ProcessToken.Current}-{number}", ProcessToken.Current, Environment.MachineName);
    }

    /// <summary>Reads a claim's file; null when there is none.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static ClaimNote? Read(string path)
    {
        try
        {
            using var file = new StreamReader(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            );
            var lines = file.ReadToEnd().Split('\n');
            string Value(string key) =>
                lines.FirstOrDefault(line => line.StartsWith($"{key}=", StringComparison.Ordinal))?[(key.Length + 1)..]
                ?? "";
            var id = Value("id");
            // the last line: it is there when all are
            return Value("host") is { Length: > 0 } host && id.LastIndexOf('-') is > 0 and var end
                ? new ClaimNote(id, ProcessToken.Parse(id[..end]), host)
                : new ClaimNote("", null, "");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check its permissions", error);
        }
    }

    /// <summary>The text of the file.</summary>
    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"id={Id}\nprocess={Holder?.Id}\nstarted={Holder?.Started}\nhost={Host}\n"
        );

    /// <summary>"process 4711 on node7".</summary>
    public override string ToString() =>
        Holder is null ? "a process that has just begun" : $"process {Holder.Id} on {Host}";
}
