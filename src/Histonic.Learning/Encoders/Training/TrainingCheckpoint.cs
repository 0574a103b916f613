using System.Text.Json;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training;

/// <summary>The state of a training after an epoch: checkpoint.safetensors.</summary>
/// <remarks>
/// network.* are the weights as they are, best.* the best so far, first.P.I and second.P.I the moments of player P's parameter I. The
/// metadata hold the epochs so far and the configuration. Nothing else is needed: batches, noise and changes follow from the seed.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="configuration">The options that a training must share to go on from here, as text.</param>
internal sealed class TrainingCheckpoint(string path, string configuration)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Gets whether there is one.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Writes the state, whole or not at all.</summary>
    public void Write(
        nn.Module network,
        IReadOnlyList<AdamOptimizer> optimizers,
        IReadOnlyDictionary<string, Tensor> best,
        IReadOnlyList<EpochRecord> epochs
    ) =>
        Safetensors.Write(
            path,
            [
                .. network.state_dict().Select(entry => ($"network.{entry.Key}", entry.Value)),
                .. best.Select(entry => ($"best.{entry.Key}", entry.Value)),
                .. Moments(optimizers),
            ],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["configuration"] = configuration,
                ["epochs"] = JsonSerializer.Serialize(epochs, _json),
                ["steps"] = JsonSerializer.Serialize(optimizers.Select(optimizer => optimizer.Steps)),
                ["histonic_version"] = ProductVersion.Current,
            }
        );

    /// <summary>Puts the state back.</summary>
    /// <returns>The epochs so far.</returns>
    /// <exception cref="InputException">The file is damaged, or was written with other options.</exception>
    public IReadOnlyList<EpochRecord> Restore(
        nn.Module network,
        IReadOnlyList<AdamOptimizer> optimizers,
        Dictionary<string, Tensor> best
    )
    {
        using var file = SafetensorsFile.Open(path);
        CheckConfiguration(file.Metadata.GetValueOrDefault("configuration", ""));
        using var scope = NewDisposeScope();
        using var still = no_grad();
        foreach (var (name, value) in network.state_dict())
        {
            value.copy_(file.Read($"network.{name}"));
            best[name] = file.Read($"best.{name}").to(value.device).DetachFromDisposeScope();
        }

        foreach (var (name, moment) in Moments(optimizers))
            moment.copy_(file.Read(name));
        try
        {
            var steps = JsonSerializer.Deserialize<long[]>(file.Metadata["steps"])!;
            foreach (var (player, optimizer) in optimizers.Index())
                optimizer.Steps = steps[player];
            return JsonSerializer.Deserialize<List<EpochRecord>>(file.Metadata["epochs"], _json)!;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new InputException(path, "is not a whole checkpoint", "Train again without --resume", error);
        }
    }

    private static IEnumerable<(string Name, Tensor Value)> Moments(IReadOnlyList<AdamOptimizer> optimizers) =>
        optimizers.SelectMany(
            (optimizer, player) =>
                optimizer
                    .First.Select((moment, i) => ($"first.{player}.{i}", moment))
                    .Concat(optimizer.Second.Select((moment, i) => ($"second.{player}.{i}", moment)))
        );

    private void CheckConfiguration(string own)
    {
        if (string.Equals(own, configuration, StringComparison.Ordinal))
            return;
        var (old, now) = (own.Split('\n'), configuration.Split('\n'));
        var differing = now.Except(old, StringComparer.Ordinal).FirstOrDefault(line => line.Trim().Length > 0);
        throw new InputException(
            path,
            $"was written with other options{(differing is null ? "" : $" (now \"{differing.Trim()}\")")}",
            "Give the same options, or another --out"
        );
    }
}
