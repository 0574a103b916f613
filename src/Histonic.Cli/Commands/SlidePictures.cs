using System.CommandLine;
using Histonic.Reports.HeatMaps;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;

namespace Histonic.Cli.Commands;

/// <summary>The slides' thumbnails for a report: option --slides of the commands that write one.</summary>
internal static class SlidePictures
{
    private const int Side = 320;

    /// <summary>Gets the option.</summary>
    public static Option<string?> Option { get; } =
        new("--slides")
        {
            Description = "The folder of the slides: the report then shows those whose predictions are most wrong.",
            HelpName = "DIR",
        };

    /// <summary>How a slide's thumbnail is had; null without the option. One that cannot be read is told of, and not shown.</summary>
    /// <exception cref="InputException">The folder does not exist.</exception>
    public static Func<string, RgbImage?>? Of(CommandContext context)
    {
        if (context.Get(Option) is not { } folder)
            return null;
        var slides = SlideFolder.Open(folder);
        return name =>
        {
            try
            {
                if (Of(slides, name) is { } picture)
                    return picture;
                context.Terminal.Warn($"{name}: has no slide in {folder}; not shown");
                return null;
            }
            catch (InputException error)
            {
                context.Terminal.Warn($"{error.Message}; not shown");
                return null;
            }
        };
    }

    /// <summary>A slide's thumbnail; null where the folder has no slide of that name.</summary>
    /// <exception cref="InputException">The slide cannot be read.</exception>
    public static RgbImage? Of(SlideFolder slides, string name)
    {
        if (slides.Find(name) is not { } path)
            return null;
        using var slide = SlideReader.Open(path);
        return HeatMapPicture.Thumbnail(slide, Side);
    }
}
