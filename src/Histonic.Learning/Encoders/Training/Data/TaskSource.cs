using System.Globalization;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Where a task's labelled patches lie: one folder a class.</summary>
/// <param name="Name">The task's name, such as "mitosis".</param>
/// <param name="Folder">The folder with one folder a class in it.</param>
/// <param name="PixelSize">The patches' pixel size; null when it is not known.</param>
public sealed record TaskSource(string Name, string Folder, Microns? PixelSize = null)
{
    /// <summary>Understands NAME=DIR or NAME=DIR@MPP.</summary>
    /// <param name="text">The words of the user.</param>
    /// <exception cref="OptionException">They are of another form.</exception>
    public static TaskSource Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || equals == text.Length - 1)
            throw new OptionException("--task", text, "NAME=DIR, or NAME=DIR@MPP with the patches' µm per pixel");
        var (name, folder) = (text[..equals].Trim(), text[(equals + 1)..]);
        var at = folder.LastIndexOf('@');
        if (at < 1 || Directory.Exists(folder))
            return new TaskSource(name, folder);
        if (
            !double.TryParse(folder[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var mpp)
            || mpp is not (> 0.01 and < 100)
        )
        {
            throw new OptionException("--task", text, "NAME=DIR@MPP with an MPP between 0.01 and 100 µm per pixel");
        }

        return new TaskSource(name, folder[..at], new Microns(mpp));
    }
}
