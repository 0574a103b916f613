using System.Globalization;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Where a task's labelled patches lie, and how much the task counts.</summary>
/// <param name="Name">The task's name, such as "mitosis".</param>
/// <param name="Location">
/// A folder with one folder of pictures a class; a table (.csv: file, class, and optionally group and mpp); an HDF5 file in the layout of
/// PatchCamelyon (.h5); or, with <see cref="Annotations"/>, a folder of slides.
/// </param>
/// <param name="PixelSize">The patches' pixel size; null when it is not known, or told by the source.</param>
public sealed record TaskSource(string Name, string Location, Microns? PixelSize = null)
{
    private static readonly Dictionary<string, double> _equal = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, string> _asTheyAre = new(StringComparer.Ordinal);

    /// <summary>Gets the folder of annotations (SLIDE.xml of ASAP, SLIDE.geojson of QuPath); null when patches are not cut from slides.</summary>
    public string? Annotations { get; init; }

    /// <summary>Gets the class of tissue that nobody annotated, on annotated slides; null: it is left out.</summary>
    public string? Rest { get; init; }

    /// <summary>
    /// Gets what classes of the source become: several may become one, and those that become "" are left out. Those that are not named stay as
    /// they are.
    /// </summary>
    public IReadOnlyDictionary<string, string> Classes { get; init; } = _asTheyAre;

    /// <summary>Gets where the patches come from and under which licence, in words, for the model card.</summary>
    public string? Origin { get; init; }

    /// <summary>Gets the task's share of a batch, relative to the other tasks' shares.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Gets the weight of the task's loss, where weights are given.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Gets the shares of classes within the task, relative to each other; those that are not named have 1.</summary>
    public IReadOnlyDictionary<string, double> ClassShares { get; init; } = _equal;

    /// <summary>Understands NAME=LOCATION or NAME=LOCATION@MPP.</summary>
    /// <param name="text">The words of the user.</param>
    /// <exception cref="OptionException">They are of another form.</exception>
    public static TaskSource Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || equals == text.Length - 1)
        {
            throw new OptionException(
                "--task",
                text,
                "NAME=LOCATION, or NAME=LOCATION@MPP with the patches' µm per pixel"
            );
        }

        var (name, location) = (text[..equals].Trim(), text[(equals + 1)..]);
        var at = location.LastIndexOf('@');
        if (at < 1 || Path.Exists(location))
            return new TaskSource(name, location);
        if (
            !double.TryParse(location[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var mpp)
            || mpp is not (> 0.01 and < 100)
        )
        {
            throw new OptionException(
                "--task",
                text,
                "NAME=LOCATION@MPP with an MPP between 0.01 and 100 µm per pixel"
            );
        }

        return new TaskSource(name, location[..at], new Microns(mpp));
    }
}
