using Histonic.Slides;
using Histonic.Slides.Cohorts;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Histonic.Learning.Prediction;

/// <summary>What made a run: its config.yaml.</summary>
public sealed record RunConfiguration
{
    private const int Format = 1;

    /// <summary>Gets the version of this file's layout.</summary>
    public int FormatVersion { get; init; } = Format;

    /// <summary>Gets the version of Histonic.</summary>
    public string HistonicVersion { get; init; } = "";

    /// <summary>The <see cref="Task"/> of a run of several targets.</summary>
    internal const string Several = "several";

    /// <summary>Gets the kind of target: classification, regression or survival; "several" where <see cref="Targets"/> tells them.</summary>
    public string Task { get; init; } = "";

    /// <summary>Gets the columns of the target: one, or time and event.</summary>
    public string[] Columns { get; init; } = [];

    /// <summary>Gets the classes in the order of the outputs; empty for other kinds.</summary>
    public string[] Classes { get; init; } = [];

    /// <summary>Gets the targets of a run of several; empty where there is one.</summary>
    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitEmptyCollections)]
    public RunTarget[] Targets { get; init; } = [];

    /// <summary>Gets the network.</summary>
    public string Model { get; init; } = "";

    /// <summary>Gets the loss it was trained on; empty in runs of versions that had one for each kind.</summary>
    public string Loss { get; init; } = "";

    /// <summary>Gets how classes were balanced; empty in runs of versions that had one way.</summary>
    public string ClassWeights { get; init; } = "";

    /// <summary>Gets how often it was repeated, each time with folds of its own in a folder repeat-K; 1: not, and the folds are in this folder.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Gets after how many epochs without a better validation metric a fold was done; 0 = never.</summary>
    public int Patience { get; init; }

    /// <summary>Gets the most rows or columns of any grid it was made for.</summary>
    public int LargestSide { get; init; }

    /// <summary>Gets the length of an embedding.</summary>
    public int Channels { get; init; }

    /// <summary>Gets the name of the encoder.</summary>
    public string Encoder { get; init; } = "";

    /// <summary>Gets the SHA-256 of the encoder's file.</summary>
    public string EncoderSha256 { get; init; } = "";

    /// <summary>Gets the number of folds.</summary>
    public int Folds { get; init; }

    /// <summary>Gets whether each fold's slides to train, validate and test were given.</summary>
    [YamlMember(DefaultValuesHandling = DefaultValuesHandling.OmitDefaults)]
    public bool GivenSplits { get; init; }

    /// <summary>Gets the number of epochs.</summary>
    public int Epochs { get; init; }

    /// <summary>Gets the number of slides a step sees.</summary>
    public int BatchSize { get; init; }

    /// <summary>Gets the first learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>Gets the seed.</summary>
    public int Seed { get; init; }

    /// <summary>Gets the number of slides with a known target.</summary>
    public int Slides { get; init; }

    /// <summary>Gets the number of patients they are of.</summary>
    public int Patients { get; init; }

    /// <summary>Gets a SHA-256 over slides, patients, truths and folds, in the order of the slides' names.</summary>
    public string LabelsSha256 { get; init; } = "";

    /// <summary>Gets a SHA-256 over the slides' names, cells and embeddings, in the order of their names.</summary>
    public string FeaturesSha256 { get; init; } = "";

    /// <summary>Gets what is predicted: one target or several.</summary>
    [YamlIgnore]
    public IReadOnlyList<RunTarget> Predicted =>
        Targets.Length > 0
            ? Targets
            :
            [
                new RunTarget
                {
                    Task = Task,
                    Columns = Columns,
                    Classes = Classes,
                    Loss = Loss,
                },
            ];

    /// <summary>This configuration with what is predicted.</summary>
    internal RunConfiguration With(IReadOnlyList<RunTarget> targets) =>
        targets is [var one]
            ? this with
            {
                Task = one.Task,
                Columns = one.Columns,
                Classes = one.Classes,
                Loss = one.Loss,
            }
            : this with
            {
                Task = Several,
                Targets = [.. targets],
            };

    /// <summary>Reads config.yaml.</summary>
    /// <exception cref="InputException">It is missing or cannot be understood.</exception>
    public static RunConfiguration Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var read = new DeserializerBuilder()
                .WithNamingConvention(UnderscoredNamingConvention.Instance)
                .Build()
                .Deserialize<RunConfiguration?>(reader);
            return
                read is { FormatVersion: Format }
                && (read.Task is Several) == (read.Targets.Length > 0)
                && read.Predicted.All(target => TargetSpec.Tasks.Contains(target.Task, StringComparer.Ordinal))
                ? read
                : throw new InputException(path, "is not the configuration of a run", "Give a folder made by train");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "does not exist", "Give a folder made by train", error);
        }
        catch (Exception error) when (error is YamlException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Give a folder made by train", error);
        }
    }

    /// <summary>This configuration as it stands in config.yaml.</summary>
    public override string ToString() =>
        new SerializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .WithQuotingNecessaryStrings()
            .DisableAliases()
            .Build()
            .Serialize(this);
}
