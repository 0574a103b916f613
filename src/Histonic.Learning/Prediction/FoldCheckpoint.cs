using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>The state of a fold's training after an epoch, so that one that was stopped goes on to the same network: checkpoint.safetensors.</summary>
/// <remarks>
/// network.* are the weights as they are, best.* those of the epoch kept so far, first.I and second.I Adam's moments, chance the state of
/// dropout's generator. The metadata hold the epochs and which of them is kept. Batches and crops are drawn anew from the seed.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="interval">How much time goes by before the state is written again: what a stop may cost.</param>
internal sealed class FoldCheckpoint(string path, TimeSpan interval)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private long _written = Stopwatch.GetTimestamp();

    /// <summary>Gets whether there is one to go on from.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Gets whether it is time to write.</summary>
    public bool IsDue => Stopwatch.GetElapsedTime(_written) >= interval;

    /// <summary>Writes the state, whole or not at all.</summary>
    /// <param name="network">The network.</param>
    /// <param name="adam">Its optimizer.</param>
    /// <param name="best">The weights kept so far; may be none.</param>
    /// <param name="chance">Where dropout draws from.</param>
    /// <param name="epochs">The epochs so far.</param>
    /// <param name="chosen">Which of them is kept; null when none is yet.</param>
    public void Write(
        SlideNetwork network,
        AdamOptimizer adam,
        BestWeights best,
        Generator chance,
        IReadOnlyList<TrainedEpoch> epochs,
        TrainedEpoch? chosen
    )
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Safetensors.Write(
            path,
            [
                .. network.state_dict().Select(entry => ($"network.{entry.Key}", entry.Value)),
                .. best.Kept.Select(entry => ($"best.{entry.Key}", entry.Value)),
                .. Moments(adam),
                ("chance", chance.get_state()),
            ],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["epochs"] = JsonSerializer.Serialize(epochs, _json),
                ["chosen"] = JsonSerializer.Serialize(chosen?.Epoch),
                ["steps"] = JsonSerializer.Serialize(adam.Steps),
                ["histonic_version"] = ProductVersion.Current,
            }
        );
        _written = Stopwatch.GetTimestamp();
    }

    /// <summary>Puts the state back.</summary>
    /// <param name="network">Receives the weights.</param>
    /// <param name="adam">Receives the moments.</param>
    /// <param name="best">Receives the weights kept so far.</param>
    /// <param name="chance">Receives the state of dropout's generator.</param>
    /// <returns>The epochs so far, and the one that is kept.</returns>
    /// <exception cref="InputException">The file is damaged, or of another network.</exception>
    public (IReadOnlyList<TrainedEpoch> Epochs, TrainedEpoch? Chosen) Restore(
        SlideNetwork network,
        AdamOptimizer adam,
        BestWeights best,
        Generator chance
    )
    {
        using var file = SafetensorsFile.Open(path);
        try
        {
            using var scope = NewDisposeScope();
            using var still = no_grad();
            List<TrainedEpoch> epochs = [];
            foreach (var epoch in JsonSerializer.Deserialize<TrainedEpoch[]>(file.Metadata["epochs"], _json)!)
                epochs.Add(epoch.After(epochs));
            var kept = JsonSerializer.Deserialize<int?>(file.Metadata["chosen"]);
            foreach (var (name, value) in network.state_dict())
                value.copy_(file.Read($"network.{name}"));
            if (kept is not null)
                best.Set(network.state_dict().Keys.Select(name => (name, file.Read($"best.{name}"))));
            foreach (var (name, moment) in Moments(adam))
                moment.copy_(file.Read(name));
            chance.set_state(file.Read("chance"));
            adam.Steps = JsonSerializer.Deserialize<long>(file.Metadata["steps"]);
            return (epochs, kept is { } number ? epochs[number - 1] : null);
        }
        catch (Exception error)
            when (error
                    is JsonException
                        or KeyNotFoundException
                        or ArgumentOutOfRangeException
                        or NullReferenceException
            )
        {
            throw new InputException(path, "is not a whole checkpoint", "Delete it: its fold is trained again", error);
        }
    }

    /// <summary>Removes the file: the fold is done.</summary>
    public void Delete() => File.Delete(path);

    private static IEnumerable<(string Name, Tensor Value)> Moments(AdamOptimizer adam) =>
        adam
            .First.Select((moment, i) => ($"first.{i}", moment))
            .Concat(adam.Second.Select((moment, i) => ($"second.{i}", moment)));
}
