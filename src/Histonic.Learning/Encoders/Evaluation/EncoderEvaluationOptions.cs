using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>Which encoders are evaluated, on what, and how.</summary>
public sealed record EncoderEvaluationOptions
{
    /// <summary>The resamples behind each interval.</summary>
    public const int Resamples = 2000;

    /// <summary>Gets the encoders: built-in names, or paths of .onnx files. The others are compared with the first.</summary>
    public required IReadOnlyList<string> Encoders { get; init; }

    /// <summary>Gets the labelled patches, each task with a name of its own.</summary>
    public required IReadOnlyList<TaskSource> Tasks { get; init; }

    /// <summary>Gets the regular expression that finds the patient or slide in a file's name; null for <see cref="GroupRule.Default"/>.</summary>
    public string? GroupRegex { get; init; }

    /// <summary>Gets how much goes to training, validation and test; none of them may be 0.</summary>
    public SplitShares Split { get; init; } = SplitShares.Default;

    /// <summary>Gets a splits.csv that tells who is in which part; null to deal by <see cref="Split"/>.</summary>
    public string? SplitsFile { get; init; }

    /// <summary>Gets the methods besides a trained head, which is always measured where there is one.</summary>
    public IReadOnlyList<ProbeMethod> Probes { get; init; } = [ProbeMethod.Mlp, ProbeMethod.Knn];

    /// <summary>Gets how often the small network is trained, each time from another seed. P2: 2.</summary>
    public int Repeats { get; init; } = 2;

    /// <summary>Gets the most test patches that an embedding map shows; 0 for no maps.</summary>
    public int Points { get; init; } = 1000;

    /// <summary>Gets how many bytes of decoded patches to hold in memory.</summary>
    public long PixelBudget { get; init; } = 512L << 20;

    /// <summary>Gets the number of threads that decode, embed and compare.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gets where the encoders run: "cpu" or "cuda".</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Gets where every random choice comes from.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public EncoderEvaluationOptions Validated()
    {
        var names = string.Join(", ", Tasks.Select(task => task.Name));
        return this switch
        {
            { Encoders.Count: 0 } => throw new OptionException("--encoder", null, "given at least once"),
            _ when Encoders.Distinct(StringComparer.Ordinal).Count() < Encoders.Count => throw new OptionException(
                "--encoder",
                string.Join(", ", Encoders),
                "given once for each encoder"
            ),
            { Tasks.Count: 0 } => throw new OptionException("--task", null, "given at least once"),
            _ when Tasks.Select(task => task.Name).Distinct(StringComparer.Ordinal).Count() < Tasks.Count =>
                throw new OptionException("--task", names, "given with a name of its own for each task"),
            { SplitsFile: null, Split.Test: <= 0 } => throw new OptionException(
                "--split",
                Split,
                "with a share for the test"
            ),
            { Probes.Count: 0 } => throw new OptionException("--probe", null, "mlp, knn or both"),
            { Repeats: < 1 or > 100 } => throw new OptionException("--repeats", Repeats, "from 1 to 100"),
            { Points: < 0 or > 5000 } => throw new OptionException("--points", Points, "from 0 to 5000"),
            { PixelBudget: < 0 } => throw new OptionException("--memory", PixelBudget, "0 or more"),
            { Device: not ("cpu" or "cuda") } => throw new OptionException("--device", Device, "cpu or cuda"),
            _ => this,
        };
    }
}
