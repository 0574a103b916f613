using System.CommandLine;

namespace Histonic.Cli;

/// <summary>The options that every command takes.</summary>
internal static class CommonOptions
{
    public static readonly Option<int> Seed = new("--seed")
    {
        Description = "Where every random choice comes from.",
        DefaultValueFactory = _ => 1,
        Recursive = true,
    };

    public static readonly Option<int> Threads = new("--threads")
    {
        Description = "How many threads to use. Default: one a processor.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
        Recursive = true,
    };

    public static readonly Option<string> Device = new("--device")
    {
        Description = "Where networks run: cpu or cuda.",
        DefaultValueFactory = _ => "cpu",
        Recursive = true,
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Show no progress, only results and errors.",
        Recursive = true,
    };

    public static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Show where an error came from.",
        Recursive = true,
    };

    public static readonly Option<FileInfo?> Log = new("--log")
    {
        Description = "Also write notes, warnings and errors to this file.",
        Recursive = true,
    };

    public static IEnumerable<Option> All => [Seed, Threads, Device, Quiet, Verbose, Log];

    static CommonOptions()
    {
        Threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1024)
                result.AddError("--threads must be from 1 to 1024.");
        });
        Device.AcceptOnlyFromAmong("cpu", "cuda");
    }
}
