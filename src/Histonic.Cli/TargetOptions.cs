using System.CommandLine;
using Histonic.Slides.Cohorts;

namespace Histonic.Cli;

/// <summary>The options by which a command is told what is predicted.</summary>
internal static class TargetOptions
{
    public static readonly Option<string> Task = new("--task") { Description = "The kind of target.", Required = true };

    public static readonly Option<string?> Target = new("--target")
    {
        Description = "The column of classes or numbers.",
    };

    public static readonly Option<string?> Time = new("--time")
    {
        Description = "For survival: the column of times, from 0, in any one unit.",
    };

    public static readonly Option<string?> Event = new("--event")
    {
        Description = "For survival: the column of events: 1 = seen at that time, 0 = not until then.",
    };

    static TargetOptions() => Task.AcceptOnlyFromAmong([.. TargetSpec.Tasks]);

    /// <summary>The target a command line names.</summary>
    public static TargetSpec Of(CommandContext context) =>
        TargetSpec.From(context.Get(Task), context.Get(Target), context.Get(Time), context.Get(Event));
}
