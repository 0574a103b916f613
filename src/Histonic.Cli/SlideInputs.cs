using System.CommandLine;
using Histonic.Learning.Compression;

namespace Histonic.Cli;

/// <summary>The slides that a command works on: files, folders and lists, alike for every command that takes them.</summary>
internal static class SlideInputs
{
    public static readonly Argument<string[]> Slides = new("SLIDE")
    {
        Description =
            "Slide files, folders of slides, or lists (.csv with a column slide or path, and optionally mpp).",
        Arity = ArgumentArity.OneOrMore,
    };

    public static readonly Option<bool> Nested = new("--nested")
    {
        Description =
            "Take the slides in subfolders of the folders too, as downloads of TCGA have them (UUID/slide.svs).",
    };

    /// <summary>Finds the slides that were given; tells of those in subfolders that were not asked for.</summary>
    public static IReadOnlyList<SlideSource> Of(CommandContext context) =>
        SlideList.Find(context.Get(Slides), context.Get(Nested), context.Terminal.Note);
}
