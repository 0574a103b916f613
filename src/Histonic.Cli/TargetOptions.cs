using System.CommandLine;
using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Cli;

/// <summary>The options by which a command is told what is predicted.</summary>
internal static class TargetOptions
{
    public static readonly Option<string?> Task = new("--task")
    {
        Description = "The kind of the target; left out where --target tells it.",
    };

    public static readonly Option<string[]> Target = new("--target")
    {
        Description =
            "The column of classes or numbers. Or, without --task and as often as there are targets: COLUMN:classification, COLUMN:regression, "
            + "TIME,EVENT:survival, or COLUMN,COLUMN:multilabel (columns of 0 and 1).",
        HelpName = "COLUMN[:KIND]",
        DefaultValueFactory = _ => [],
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

    /// <summary>Gets whether a command line says nothing of targets, or only a name.</summary>
    public static bool NamesAtMost(CommandContext context, out string? name)
    {
        var words = context.Get(Target);
        name = words.FirstOrDefault();
        return context.Get(Task) is null
            && context.Get(Time) is null
            && context.Get(Event) is null
            && words.Length <= 1
            && name?.Contains(':', StringComparison.Ordinal) != true;
    }

    /// <summary>The targets a command line names, at least one.</summary>
    public static IReadOnlyList<TargetSpec> Of(CommandContext context)
    {
        var (task, words) = (context.Get(Task), context.Get(Target));
        if (task is null && words.Length > 0)
            return (context.Get(Time) ?? context.Get(Event)) is { } stray
                ? throw new OptionException(
                    context.Get(Time) is null ? "--event" : "--time",
                    stray,
                    "left out without --task: name it as --target TIME,EVENT:survival"
                )
                : TargetSpec.From(words);
        if (words.Length > 1)
            throw new OptionException(
                "--task",
                task,
                "left out with several targets: each tells its kind, such as --target pattern:classification"
            );
        return [TargetSpec.From(task, words.FirstOrDefault(), context.Get(Time), context.Get(Event))];
    }

    /// <summary>The one target a command line names.</summary>
    public static TargetSpec OneOf(CommandContext context) =>
        Of(context) is [var one]
            ? one
            : throw new OptionException("--target", string.Join(" ", context.Get(Target)), "one target");
}
