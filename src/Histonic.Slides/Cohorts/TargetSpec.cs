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
        foreach (var column in spec.Columns)
        {
            if (_reserved.Contains(column, StringComparer.OrdinalIgnoreCase))
                throw new OptionException(
                    "the target column",
                    column,
                    $"named otherwise: {string.Join(", ", _reserved)} are columns of predictions.csv"
                );
        }

        return spec.Columns.Distinct(StringComparer.Ordinal).Count() == spec.Columns.Count
            ? spec
            : throw new OptionException("--event", @event, "another column than --time");
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
    public sealed record Classification(string Column) : TargetSpec
    {
        /// <inheritdoc/>
        public override string Task => "classification";

        /// <inheritdoc/>
        public override IReadOnlyList<string> Columns => [Column];
    }

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
