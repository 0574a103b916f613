using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Tensors;

/// <summary>Adam (Kingma and Ba 2015) with the defaults of the paper: β₁ 0.9, β₂ 0.999, ε 1e-8.</summary>
/// <remarks>
/// TorchSharp's Adam keeps its moments to itself, or writes them in a binary form of its own. A checkpoint needs them as tensors, so that
/// a training that goes on makes the same steps as one that was never stopped.
/// </remarks>
internal sealed class AdamOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private static readonly Scalar _keptFirst = Beta1.ToScalar();
    private static readonly Scalar _newFirst = (1 - Beta1).ToScalar();
    private static readonly Scalar _keptSecond = Beta2.ToScalar();
    private static readonly Scalar _newSecond = (1 - Beta2).ToScalar();
    private static readonly Scalar _epsilon = Epsilon.ToScalar();

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly HashSet<Parameter> _decayed;
    private readonly Scalar _decay;

    /// <summary>Creates moments of 0.</summary>
    /// <param name="parameters">What is optimised.</param>
    /// <param name="decayed">Those of the parameters that <paramref name="decay"/> holds small.</param>
    /// <param name="decay">What times the parameter is added to its gradient: the slope of half as much times its square (L2).</param>
    public AdamOptimizer(IReadOnlyList<Parameter> parameters, IEnumerable<Parameter>? decayed = null, double decay = 0)
    {
        _parameters = parameters;
        _decayed = [.. decayed ?? []];
        _decay = decay.ToScalar();
        using var still = no_grad();
        First = [.. parameters.Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];
        Second = [.. parameters.Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];
    }

    /// <summary>Gets the moving mean of each parameter's gradient.</summary>
    public IReadOnlyList<Tensor> First { get; }

    /// <summary>Gets the moving mean of its square.</summary>
    public IReadOnlyList<Tensor> Second { get; }

    /// <summary>Gets or sets how many steps were made.</summary>
    public long Steps { get; set; }

    /// <summary>Takes the gradient of a loss and makes a step.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="clipNorm">The length that the gradient is cut back to; null: never.</param>
    /// <param name="finish">Adds to the gradients what the loss does not reach; null: nothing.</param>
    public void Step(Tensor loss, double rate, double? clipNorm, Action? finish = null)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in _parameters)
            parameter.grad?.zero_();
        loss.backward();
        finish?.Invoke();
        if (clipNorm is { } most)
            nn.utils.clip_grad_norm_(_parameters, most);
        Steps++;
        using Scalar correction = Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        using Scalar size = -rate / (1 - Math.Pow(Beta1, Steps));
        using var still = no_grad();
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (_parameters[i].grad is not { } gradient)
                continue;
            if (_decayed.Contains(_parameters[i]))
                gradient.add_(_parameters[i], _decay);
            First[i].mul_(_keptFirst).add_(gradient, _newFirst);
            Second[i].mul_(_keptSecond).addcmul_(gradient, gradient, _newSecond);
            var spread = Second[i].sqrt().div_(correction).add_(_epsilon, TorchScalars.One);
            _parameters[i].addcdiv_(First[i], spread, size);
        }
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose()
    {
        foreach (var moment in First.Concat(Second))
            moment.Dispose();
        _decay.Dispose();
    }
}
