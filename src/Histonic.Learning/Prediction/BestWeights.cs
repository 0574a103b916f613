using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>A copy of a network's weights and statistics.</summary>
internal sealed class BestWeights : IDisposable
{
    private Dictionary<string, Tensor> _kept = [];

    /// <summary>Gets the weights kept, by their names; none at first.</summary>
    public IReadOnlyDictionary<string, Tensor> Kept => _kept;

    /// <summary>Takes copies of weights from elsewhere.</summary>
    public void Set(IEnumerable<(string Name, Tensor Value)> weights)
    {
        Dispose();
        _kept = weights.ToDictionary(
            entry => entry.Name,
            entry => entry.Value.clone().DetachFromDisposeScope(),
            StringComparer.Ordinal
        );
    }

    public void Keep(nn.Module network)
    {
        Dispose();
        using var still = no_grad();
        _kept = network
            .state_dict()
            .ToDictionary(
                entry => entry.Key,
                entry => entry.Value.clone().DetachFromDisposeScope(),
                StringComparer.Ordinal
            );
    }

    public void Restore(nn.Module network)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in network.state_dict())
            target.copy_(_kept[name]);
    }

    public void Dispose()
    {
        foreach (var tensor in _kept.Values)
            tensor.Dispose();
        _kept = [];
    }
}
