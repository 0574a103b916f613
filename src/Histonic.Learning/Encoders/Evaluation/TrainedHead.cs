// Shapes: N patches, D length of an embedding, K classes.
using System.Text.Json;
using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>The head of a task that was trained together with an encoder: encoder.safetensors beside encoder.onnx holds it.</summary>
internal static class TrainedHead
{
    private const string FileName = "encoder.safetensors";
    private static readonly JsonSerializerOptions _reading = new() { PropertyNameCaseInsensitive = true };

    /// <summary>What the head says of embeddings; null where there is none for this task with these classes.</summary>
    /// <param name="encoder">The path of the encoder's file, or its built-in name.</param>
    /// <param name="info">What the encoder says of itself.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="classes">The classes' names in order.</param>
    /// <param name="validation">The validation patches as the encoder gives them, not scaled.</param>
    /// <param name="test">The test patches, likewise.</param>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static ProbeRun? Run(
        string encoder,
        EncoderInfo info,
        string task,
        IReadOnlyList<string> classes,
        LabelledEmbeddings validation,
        LabelledEmbeddings test
    )
    {
        var path = Path.Combine(Path.GetDirectoryName(encoder) ?? "", FileName);
        var known =
            info.Tasks.TryGetValue(task, out var trained) && trained.SequenceEqual(classes, StringComparer.Ordinal);
        if (!known || !File.Exists(encoder) || !File.Exists(path))
            return null;
        using var file = SafetensorsFile.Open(path);
        if (Index(file, info, task, classes) is not { } index)
            return null;
        using var scope = NewDisposeScope();
        using var head = DenseHead.Create(info.Channels, classes.Count, new Seed(0), "replaced by the trained weights");
        using (no_grad())
        {
            foreach (var (name, value) in head.state_dict())
                value.copy_(file.Read($"heads.{index}.{name}"));
        }

        head.eval();
        return new ProbeRun(Probabilities(validation), Probabilities(test), null);

        double[] Probabilities(LabelledEmbeddings embeddings)
        {
            using var inner = NewDisposeScope();
            using var still = no_grad();
            var logitsNK = head.call(tensor(embeddings.Values, [embeddings.Count, embeddings.Channels]));
            return [.. nn.functional.softmax(logitsNK.to(ScalarType.Float64), 1).contiguous().data<double>()];
        }
    }

    /// <summary>The place of the task among the heads of the file, if the file belongs to this encoder.</summary>
    private static int? Index(SafetensorsFile file, EncoderInfo info, string task, IReadOnlyList<string> classes)
    {
        if (
            !file.Metadata.TryGetValue("tasks", out var text)
            || !file.Metadata.TryGetValue("name", out var name)
            || !string.Equals(name, info.Name, StringComparison.Ordinal)
        )
            return null;
        var heads = JsonSerializer.Deserialize<List<HeadTask>>(text, _reading) ?? [];
        var index = heads.FindIndex(head => string.Equals(head.Name, task, StringComparison.Ordinal));
        var fits =
            index >= 0
            && heads[index].Classes.SequenceEqual(classes, StringComparer.Ordinal)
            && file.Shapes.TryGetValue($"heads.{index}.linear.weight", out var shape)
            && shape.SequenceEqual([classes.Count, DenseHead.Width])
            && file.Shapes.TryGetValue($"heads.{index}.dense.weight", out var first)
            && first.SequenceEqual([DenseHead.Width, info.Channels]);
        return fits ? index : null;
    }

    private sealed record HeadTask(string Name, IReadOnlyList<string> Classes);
}
