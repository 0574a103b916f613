using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace Histonic.Tests;

/// <summary>Dependencies run one way: between assemblies, and between the folders inside them (docs/architecture.md).</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly _slides = typeof(Histonic.Slides.Microns).Assembly;
    private static readonly Assembly _statistics = typeof(Histonic.Statistics.Estimate).Assembly;
    private static readonly Assembly _learning = typeof(Histonic.Learning.Encoders.IPatchEncoder).Assembly;
    private static readonly Assembly _reports = typeof(Histonic.Reports.Evaluation.Evaluator).Assembly;
    private static readonly Assembly _cli = typeof(Histonic.Cli.ExitCode).Assembly;

    private static readonly Architecture _architecture = new ArchLoader()
        .LoadAssemblies(_slides, _statistics, _learning, _reports, _cli)
        .Build();

    public static TheoryData<string, string[]> AllowedReferences =>
        new()
        {
            { "Histonic.Slides", [] },
            { "Histonic.Statistics", [] },
            { "Histonic.Learning", ["Histonic.Slides", "Histonic.Statistics"] },
            { "Histonic.Reports", ["Histonic.Slides", "Histonic.Statistics"] },
            { "histonic", ["Histonic.Slides", "Histonic.Statistics", "Histonic.Learning", "Histonic.Reports"] },
        };

    public static TheoryData<string, string> ForbiddenFolders =>
        new()
        {
            // the data flow: slide → tissue → patches → encoder → grid → predictor → explanation → report
            {
                @"^Histonic\.Slides\.Reading",
                @"^Histonic\.Slides\.(Tissue|Tiling|Annotations|Grids|Cohorts|Synthetic)"
            },
            // given masks may be outlines that somebody drew
            { @"^Histonic\.Slides\.Tissue", @"^Histonic\.Slides\.(Tiling|Grids|Cohorts|Synthetic)" },
            { @"^Histonic\.Slides\.Tiling", @"^Histonic\.Slides\.(Annotations|Grids|Cohorts|Synthetic)" },
            // where a pathologist drew is a file of its own: it needs no pixels
            {
                @"^Histonic\.Slides\.Annotations",
                @"^Histonic\.Slides\.(Reading|Tissue|Tiling|Grids|Cohorts|Synthetic)"
            },
            { @"^Histonic\.Slides\.(Grids|Cohorts)", @"^Histonic\.Slides\.Synthetic" },
            // experiments use all of the pipeline; nothing of it knows them
            {
                @"^Histonic\.Learning\.(Tensors|Encoders|Compression|Prediction|Explanation)",
                @"^Histonic\.Learning\.Experiments"
            },
            { @"^Histonic\.Learning\.Tensors", @"^Histonic\.Learning\.(Encoders|Compression|Prediction|Explanation)" },
            { @"^Histonic\.Learning\.Encoders", @"^Histonic\.Learning\.(Compression|Prediction|Explanation)" },
            { @"^Histonic\.Learning\.Compression", @"^Histonic\.Learning\.(Prediction|Explanation)" },
            { @"^Histonic\.Learning\.Prediction", @"^Histonic\.Learning\.(Encoders|Compression|Explanation)" },
            { @"^Histonic\.Slides\.Synthetic", @"^Histonic\.Slides\.Tissue" }, // the truth does not come from the detector
        };

    [Theory]
    [MemberData(nameof(AllowedReferences))]
    public void An_assembly_refers_only_to_those_below_it(string name, string[] allowed)
    {
        var assembly = new[] { _slides, _statistics, _learning, _reports, _cli }.Single(assembly =>
            string.Equals(assembly.GetName().Name, name, StringComparison.Ordinal)
        );

        var own = assembly
            .GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("Histonic", StringComparison.Ordinal));

        Assert.Empty(own.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Statistics_refers_to_nothing_but_the_framework() =>
        Assert.All(
            _statistics.GetReferencedAssemblies(),
            reference => Assert.StartsWith("System", reference.Name, StringComparison.Ordinal)
        );

    [Fact]
    public void Only_Learning_and_the_command_line_know_libtorch_and_ONNX_Runtime() =>
        Assert.DoesNotContain(
            _slides.GetReferencedAssemblies().Concat(_reports.GetReferencedAssemblies()),
            reference => reference.Name is "TorchSharp" or "Microsoft.ML.OnnxRuntime"
        );

    [Theory]
    [MemberData(nameof(ForbiddenFolders))]
    public void A_folder_does_not_know_those_further_down_the_data_flow(string folder, string further) =>
        Types()
            .That()
            .ResideInNamespaceMatching(folder)
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(further))
            .WithoutRequiringPositiveResults()
            .Check(_architecture);
}
