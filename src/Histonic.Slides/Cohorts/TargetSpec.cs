namespace Histonic.Slides.Cohorts;

/// <summary>What is predicted of a slide: the columns of the label table that hold the truth, and of which kind they are.</summary>
public abstract record TargetSpec
{
    private static readonly string[] _reserved = ["slide", "patient", "fold", "split", "prediction", "std"];

    private TargetSpec() { }

    /// <summary>Gets the word for this kind on the command line and in files.</summary>
    public abstract string Task { get; }

    /// <summary>Gets the columns that hold the truth.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Gets what tells the target from others of its run: its first column.</summary>
    public string Name => Columns[0];

    /// <summary>The word by which <see cref="From(IReadOnlyList{string})"/> is told of columns that are labels of one slide.</summary>
    public const string MultiLabel = "multilabel";

    /// <summary>Gets the words for the kinds there are.</summary>
    public static IReadOnlyList<string> Tasks { get; } = ["classification", "regression", "survival"];

    /// <summary>Builds a target from what a command line or a configuration names.</summary>
    /// <param name="task">One of <see cref="Tasks"/>.</param>
    /// <param name="target">The column of a classification or regression.</param>
    /// <param name="time">The column of times of a survival target.</param>
    /// <param name="event">The column of events of a survival target.</param>
    /// <exception cref="OptionException">A word is unknown, missing or out of place.</exception>
    public static TargetSpec From(string? task, string? target, string? time, string? @event)
    {
        TargetSpec spec = task switch
        {
            "classification" => new Classification(Needed("--target", target, time, @event)),
            "regression" => new Regression(Needed("--target", target, time, @event)),
            "survival" => target is null
                ? new Survival(Needed("--time", time), Needed("--event", @event))
                : throw new OptionException(
                    "--target",
                    target,
                    "left out for survival, which takes --time and --event"
                ),
            _ => throw new OptionException("--task", task, $"one of {string.Join(", ", Tasks)}"),
        };
        RefuseReserved(spec);
        return spec.Columns.Distinct(StringComparer.Ordinal).Count() == spec.Columns.Count
            ? spec
            : throw new OptionException("--event", @event, "another column than --time");
    }

    /// <summary>Builds the targets of one network from words such as "pattern:classification".</summary>
    /// <param name="words">
    /// COLUMN:classification, COLUMN:regression, TIME,EVENT:survival, or COLUMN,COLUMN…:multilabel, each of whose columns becomes a
    /// <see cref="Label"/>.
    /// </param>
    /// <returns>The targets in the order they are named.</returns>
    /// <exception cref="OptionException">A word is none of these, or a column is named twice.</exception>
    public static IReadOnlyList<TargetSpec> From(IReadOnlyList<string> words)
    {
        TargetSpec[] targets = [.. words.SelectMany(Parse)];
        foreach (var target in targets)
            RefuseReserved(target);
        var columns = targets.SelectMany(target => target.Columns).ToArray();
        if (
            columns.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is
            { } twice
        )
            throw new OptionException("--target", twice.Key, "named once: give a second target a column of its own");
        if (
            targets.Length > 1
            && columns.FirstOrDefault(column => column.Contains(':', StringComparison.Ordinal)) is { } colon
        )
            throw new OptionException(
                "--target",
                colon,
                "a column without a colon, which parts names in predictions.csv"
            );
        return targets;
    }

    private static IEnumerable<TargetSpec> Parse(string word)
    {
        var at = word.LastIndexOf(':');
        var (columns, kind) = at > 0 ? (word[..at], word[(at + 1)..]) : ("", "");
        var parts = columns.Split(',', StringSplitOptions.TrimEntries);
        return kind switch
        {
            "classification" => [new Classification(columns)],
            "regression" => [new Regression(columns)],
            "survival" when parts is [{ Length: > 0 } time, { Length: > 0 } seen] => [new Survival(time, seen)],
            MultiLabel when parts.Length > 1 && parts.All(part => part.Length > 0) => parts.Select(part => new Label(
                part,
                string.Join(',', parts)
            )),
            _ => throw new OptionException(
                "--target",
                word,
                "COLUMN:classification, COLUMN:regression, TIME,EVENT:survival or COLUMN,COLUMN:multilabel; or a column, with --task"
            ),
        };
    }

    private static void RefuseReserved(TargetSpec target)
    {
        if (
            target.Columns.FirstOrDefault(column => _reserved.Contains(column, StringComparer.OrdinalIgnoreCase)) is
            { } column
        )
            throw new OptionException(
                "the target column",
                column,
                $"named otherwise: {string.Join(", ", _reserved)} are columns of predictions.csv"
            );
    }

    private static string Needed(string option, string? column) =>
        string.IsNullOrWhiteSpace(column)
            ? throw new OptionException(option, null, "the name of a column of the label table")
            : column;

    private static string Needed(string option, string? column, string? time, string? @event) =>
        (time ?? @event) is { } other
            ? throw new OptionException(time is null ? "--event" : "--time", other, "left out: only survival takes it")
            : Needed(option, column);

    /// <summary>One of two or more classes.</summary>
    /// <param name="Column">The column of class names.</param>
    public record Classification(string Column) : TargetSpec
    {
        /// <inheritdoc/>
        public sealed override string Task => "classification";

        /// <inheritdoc/>
        public sealed override IReadOnlyList<string> Columns => [Column];
    }

    /// <summary>Whether something holds of a slide, whatever else does: one of several labels that may all be given.</summary>
    /// <param name="Column">The column: 1 = it holds, 0 = it does not.</param>
    /// <param name="Group">The columns of all labels it was named with, parted by commas: they are averaged.</param>
    public sealed record Label(string Column, string Group) : Classification(Column);

    /// <summary>A number.</summary>
    /// <param name="Column">The column of numbers.</param>
    public sealed record Regression(string Column) : TargetSpec
    {
        /// <inheritdoc/>
        public override string Task => "regression";

        /// <inheritdoc/>
        public override IReadOnlyList<string> Columns => [Column];
    }

    /// <summary>The risk of an event, learnt from times some of which are censored.</summary>
    /// <param name="TimeColumn">The column of times, at least 0, in any one unit.</param>
    /// <param name="EventColumn">The column of events: 1 = it happened at that time, 0 = not until then.</param>
    public sealed record Survival(string TimeColumn, string EventColumn) : TargetSpec
    {
        /// <inheritdoc/>
        public override string Task => "survival";

        /// <inheritdoc/>
        public override IReadOnlyList<string> Columns => [TimeColumn, EventColumn];
    }
}
