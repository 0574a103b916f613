using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Histonic.Learning.Encoders.Training;

/// <summary>The settings of a training as YAML: what <c>encoder train FILE.yaml</c> reads and config.yaml holds.</summary>
/// <remarks>What a file does not say keeps its default. Locations are relative to the file's folder. Unknown keys are at fault.</remarks>
public static class EncoderTrainingFile
{
    private static readonly IDeserializer _reader = new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .Build();

    private static readonly ISerializer _writer = new SerializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull | DefaultValuesHandling.OmitEmptyCollections)
        .DisableAliases()
        .Build();

    /// <summary>Reads settings.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is missing, not YAML, or holds an unknown key or a value that cannot work.</exception>
    public static EncoderTrainingOptions Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", "Check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check your rights to it", error);
        }
        catch (OptionException error)
        {
            throw new InputException(path, $"holds a setting that cannot work ({error.Message})", "Correct it", error);
        }
        catch (YamlException error)
        {
            throw new InputException(
                $"{path}, line {error.Start.Line}",
                Finding(error.InnerException?.Message ?? error.Message),
                "docs/training-encoders.md lists the keys",
                error
            );
        }
    }

    /// <summary>What the reader of YAML found, without its types' names.</summary>
    private static string Finding(string message) =>
        message.Split('\'') switch
        {
            ["Property ", var key, var rest, ..] when rest.StartsWith(" not found", StringComparison.Ordinal) =>
                $"there is no setting '{key}'",
            ["Expected ", "SequenceStart", ..] => "a list is needed here: lines that begin with '- '",
            ["Expected ", "MappingStart", ..] => "settings are needed here: lines of the form 'name: value'",
            ["Expected ", "Scalar", ..] => "one value is needed here",
            _ => $"does not fit ({message})",
        };

    /// <summary>Writes settings, whole or not at all; locations with their full paths.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, EncoderTrainingOptions options) =>
        AtomicFile.WriteText(path, $"# histonic {ProductVersion.Current}\n" + Text(options));

    /// <summary>The words of an option's value, as the command line and YAML have it: MeanRgb is mean-rgb.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value is TrainingObjective.MeanRgb ? "mean-rgb" : value.ToString().ToLowerInvariant();

    /// <summary>The value of an option's words.</summary>
    /// <exception cref="OptionException">There is no such value; the message lists those there are.</exception>
    public static T Parse<T>(string option, string word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(Word(value), word, StringComparison.Ordinal))
                return value;
        }

        throw new OptionException(option, word, string.Join(", ", Enum.GetValues<T>().Select(Word)));
    }

    /// <summary>Understands settings.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="folder">What locations are relative to.</param>
    /// <exception cref="YamlException">It is not YAML, or holds an unknown key.</exception>
    /// <exception cref="OptionException">A value cannot work.</exception>
    internal static EncoderTrainingOptions Parse(string text, string folder) =>
        (_reader.Deserialize<Content?>(text) ?? new Content()).ToOptions(folder);

    /// <summary>The settings that a training must share to go on from another's checkpoint.</summary>
    internal static string Essential(EncoderTrainingOptions options) =>
        Text(
            options with
            {
                Epochs = 1,
                MaxSteps = null,
                PixelBudget = 0,
                Threads = 1,
                Device = "cpu",
                Licence = "",
                DataNote = null,
                Name = "",
                Tasks = [.. options.Tasks.Select(task => task with { Origin = null })],
            }
        );

    private static string Text(EncoderTrainingOptions options) => _writer.Serialize(Content.Of(options));

    private sealed class Content
    {
        public string? Objective { get; set; }
        public string? Name { get; set; }
        public List<TaskContent>? Tasks { get; set; }
        public EncoderContent? Encoder { get; set; }
        public string? GroupRegex { get; set; }
        public string? Split { get; set; }
        public string? SplitsFile { get; set; }
        public int? Epochs { get; set; }
        public int? MaxSteps { get; set; }
        public int? StepsPerEpoch { get; set; }
        public int? Batch { get; set; }
        public double? LearningRate { get; set; }
        public double? LeastLearningRate { get; set; }
        public int? Patience { get; set; }
        public double? Clip { get; set; }
        public string? LossWeights { get; set; }
        public string? Augmentation { get; set; }
        public double? VaeGamma { get; set; }
        public double? DecoderWidth { get; set; }
        public double? Neighbours { get; set; }
        public int? MemoryMb { get; set; }
        public int? Threads { get; set; }
        public string? Device { get; set; }
        public int? Seed { get; set; }
        public string? Licence { get; set; }
        public string? DataNote { get; set; }

        public static Content Of(EncoderTrainingOptions options) =>
            new()
            {
                Objective = Word(options.Objective),
                Name = options.Name,
                Tasks = [.. options.Tasks.Select(TaskContent.Of)],
                Encoder = EncoderContent.Of(options.Encoder),
                GroupRegex = options.GroupRegex,
                Split = FormattableString.Invariant(
                    $"{options.Split.Train}/{options.Split.Validation}/{options.Split.Test}"
                ),
                SplitsFile = options.SplitsFile is { } file ? Path.GetFullPath(file) : null,
                Epochs = options.Epochs,
                MaxSteps = options.MaxSteps,
                StepsPerEpoch = options.StepsPerEpoch,
                Batch = options.Batch,
                LearningRate = options.StartRate,
                LeastLearningRate = options.LeastLearningRate,
                Patience = options.Patience,
                Clip = options.ClipNorm,
                LossWeights = Word(options.Weighting),
                Augmentation = options.Augmentation.ToString(),
                VaeGamma = options.VaeGamma,
                DecoderWidth = options.DecoderWidth,
                Neighbours = options.NeighbourShare,
                MemoryMb = (int)(options.PixelBudget >> 20),
                Threads = options.Threads,
                Device = options.Device,
                Seed = options.Seed.Value,
                Licence = options.Licence,
                DataNote = options.DataNote,
            };

        public EncoderTrainingOptions ToOptions(string folder)
        {
            var standard = new EncoderTrainingOptions
            {
                Tasks =
                [
                    .. (Tasks ?? []).Select(task =>
                        task?.ToTask(folder)
                        ?? throw new OptionException("tasks", "an empty entry", "entries with a name and a location")
                    ),
                ],
            };
            return standard with
            {
                Objective = Objective is { } objective
                    ? Parse<TrainingObjective>("objective", objective)
                    : standard.Objective,
                Name = Name ?? standard.Name,
                Encoder = Encoder?.ToShape() ?? standard.Encoder,
                GroupRegex = GroupRegex,
                Split = Split is { } split ? SplitShares.Parse(split) : standard.Split,
                SplitsFile = SplitsFile is { } file ? Path.GetFullPath(file, folder) : null,
                Epochs = Epochs ?? standard.Epochs,
                MaxSteps = MaxSteps,
                StepsPerEpoch = StepsPerEpoch,
                Batch = Batch ?? standard.Batch,
                LearningRate = LearningRate,
                LeastLearningRate = LeastLearningRate ?? standard.LeastLearningRate,
                Patience = Patience ?? standard.Patience,
                ClipNorm = Clip,
                Weighting = LossWeights is { } weights
                    ? Parse<LossWeighting>("loss_weights", weights)
                    : standard.Weighting,
                Augmentation = Augmentation is { } augmentation
                    ? AugmentationOptions.Parse(augmentation)
                    : standard.Augmentation,
                VaeGamma = VaeGamma ?? standard.VaeGamma,
                DecoderWidth = DecoderWidth ?? standard.DecoderWidth,
                NeighbourShare = Neighbours ?? standard.NeighbourShare,
                PixelBudget = MemoryMb is { } megabytes ? (long)megabytes << 20 : standard.PixelBudget,
                Threads = Threads ?? standard.Threads,
                Device = Device ?? standard.Device,
                Seed = Seed is { } seed ? new Seed(seed) : standard.Seed,
                Licence = Licence ?? standard.Licence,
                DataNote = DataNote,
            };
        }
    }

    private sealed class TaskContent
    {
        public string? Name { get; set; }
        public string? Location { get; set; }
        public double? Mpp { get; set; }
        public string? Annotations { get; set; }
        public string? Rest { get; set; }
        public string? Origin { get; set; }
        public double? Share { get; set; }
        public double? Weight { get; set; }
        public Dictionary<string, double>? ClassShares { get; set; }
        public Dictionary<string, string?>? Classes { get; set; }

        public static TaskContent Of(TaskSource task) =>
            new()
            {
                Name = task.Name,
                Location = Path.GetFullPath(task.Location),
                Mpp = task.PixelSize?.Value,
                Annotations = task.Annotations is { } annotations ? Path.GetFullPath(annotations) : null,
                Rest = task.Rest,
                Origin = task.Origin,
                Share = task.Share,
                Weight = task.Weight,
                ClassShares = new(task.ClassShares, StringComparer.Ordinal),
                Classes = task.Classes.ToDictionary(one => one.Key, string? (one) => one.Value, StringComparer.Ordinal),
            };

        public TaskSource ToTask(string folder) =>
            new(
                Name ?? throw new OptionException("the name of a task", null, "given"),
                Path.GetFullPath(
                    Location ?? throw new OptionException($"the location of task {Name}", null, "given"),
                    folder
                ),
                Mpp switch
                {
                    null => null,
                    > 0.01 and < 100 => new Microns(Mpp.Value),
                    _ => throw new OptionException($"the mpp of task {Name}", Mpp, "between 0.01 and 100 µm per pixel"),
                }
            )
            {
                Annotations = Annotations is { } annotations ? Path.GetFullPath(annotations, folder) : null,
                Rest = Rest,
                Origin = Origin,
                Share = Share ?? 1,
                Weight = Weight ?? 1,
                ClassShares = ClassShares ?? new(StringComparer.Ordinal),
                Classes = (Classes ?? []).ToDictionary(one => one.Key, one => one.Value ?? "", StringComparer.Ordinal),
            };
    }

    private sealed class EncoderContent
    {
        public string? Architecture { get; set; }
        public int? Patch { get; set; }
        public double? Mpp { get; set; }
        public int? Width { get; set; }
        public int? Embedding { get; set; }

        public static EncoderContent Of(EncoderShape shape) =>
            new()
            {
                Architecture = Word(shape.Architecture),
                Patch = shape.PatchSize,
                Mpp = shape.PixelSize.Value,
                Width = shape.Width,
                Embedding = shape.Channels,
            };

        public EncoderShape ToShape()
        {
            var standard = new EncoderShape();
            return new EncoderShape
            {
                Architecture = Architecture is { } word
                    ? Parse<EncoderArchitecture>("architecture", word)
                    : standard.Architecture,
                PatchSize = Patch ?? standard.PatchSize,
                PixelSize = Mpp is { } mpp ? new Microns(mpp) : standard.PixelSize,
                Width = Width ?? standard.Width,
                Channels = Embedding ?? standard.Channels,
            };
        }
    }
}
