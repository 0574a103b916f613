using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>How far views of a patch are changed in training, so that position, stain and scanner say nothing.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Gets whether patches are turned and mirrored (the 8 symmetries of the square).</summary>
    public bool Symmetries { get; init; } = true;

    /// <summary>Gets the largest change of each stain.</summary>
    public double Stain { get; init; } = 0.05;

    /// <summary>The named sets, as --augmentation takes them.</summary>
    public static IReadOnlyDictionary<string, AugmentationOptions> Named { get; } =
        new Dictionary<string, AugmentationOptions>(StringComparer.Ordinal)
        {
            ["none"] = new() { Symmetries = false, Stain = 0 },
            ["light"] = new(),
            ["strong"] = new() { Stain = 0.2 },
        };

    /// <summary>Understands the name of a set, alone or with changes: "light", "strong,stain=0.1".</summary>
    /// <exception cref="OptionException">It is of another form.</exception>
    public static AugmentationOptions Parse(string text) =>
        Named.TryGetValue(text, out var named)
            ? named
            : throw new OptionException("--augmentation", text, string.Join(", ", Named.Keys));

    /// <summary>The words that <see cref="Parse"/> makes these options of.</summary>
    public override string ToString() => Named.FirstOrDefault(one => one.Value == this).Key ?? "light";

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public AugmentationOptions Validated() => this;
}
