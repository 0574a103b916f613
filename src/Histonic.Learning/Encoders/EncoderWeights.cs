namespace Histonic.Learning.Encoders;

/// <summary>The papers' encoder as data (papers.md 1.2).</summary>
/// <remarks>
/// Patch in [-1, 1] → average pooling → [convolution 3×3 stride 2 → LeakyReLU 0.2 → batch normalisation] × 4 → flatten → dense;
/// other encoders have more convolutions, or hidden dense layers (each with LeakyReLU and batch normalisation) before the last.
/// Without layers it is mean-RGB: three numbers, the mean of every colour.
/// </remarks>
public sealed record EncoderWeights
{
    /// <summary>Gets the side P of a patch as it comes in.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Gets the side of the squares that are averaged first; 1 for none. The papers: 2.</summary>
    public int Pool { get; init; } = 2;

    /// <summary>Gets the slope of LeakyReLU below zero.</summary>
    public double LeakySlope { get; init; } = 0.2;

    /// <summary>Gets the convolutions, in order. Each takes what the one before gives; the first takes 3 colours.</summary>
    public required IReadOnlyList<ConvolutionLayer> Convolutions { get; init; }

    /// <summary>Gets the dense layers, in order; only the last has no batch normalisation. Empty for mean-RGB only.</summary>
    public required IReadOnlyList<DenseLayer> Dense { get; init; }

    /// <summary>Gets the length C of an embedding.</summary>
    public int Channels => Dense.Count == 0 ? 3 : Dense[^1].Bias.Length;

    /// <summary>Gets the side of the last convolution's output.</summary>
    public int LastSide => Convolutions.Aggregate(PatchSize / Pool, (side, layer) => layer.Side(side));

    /// <summary>The means of the three colours.</summary>
    /// <param name="patchSize">The side P of a patch.</param>
    public static EncoderWeights MeanRgb(int patchSize) =>
        new()
        {
            PatchSize = patchSize,
            Pool = 1,
            Convolutions = [],
            Dense = [],
        };

    /// <summary>Returns these weights if every layer fits the one before.</summary>
    /// <exception cref="InvalidOperationException">One does not; the message says which and how.</exception>
    public EncoderWeights Validated()
    {
        Check(Pool >= 1 && PatchSize % Pool == 0, $"a patch of {PatchSize} pixels cannot be pooled by {Pool}");
        var (inputs, side) = (3, PatchSize / Pool);
        foreach (var (index, layer) in Convolutions.Index())
        {
            var name = $"convolution {index + 1}";
            Check(layer.Inputs == inputs, $"{name} takes {layer.Inputs} channels, and {inputs} come in");
            Check(layer.KernelSize <= side, $"{name} has a kernel of {layer.KernelSize}, wider than the {side} pixels");
            Check(layer.Stride >= 1, $"{name} has a stride of {layer.Stride}");
            var numbers = layer.Filters * inputs * layer.KernelSize * layer.KernelSize;
            Check(layer.Kernel.Length == numbers, $"{name} has {layer.Kernel.Length} weights instead of {numbers}");
            Check(layer.Bias.Length == layer.Filters, $"{name} has {layer.Bias.Length} biases, not {layer.Filters}");
            CheckNorm(layer.Norm, layer.Filters, name);
            (inputs, side) = (layer.Filters, layer.Side(side));
        }

        Check(Dense.Count > 0 || Convolutions.Count == 0, "there are convolutions, but no dense layer");
        var flat = side * side * inputs;
        foreach (var (index, dense) in Dense.Index())
        {
            var outputs = dense.Bias.Length;
            Check(
                dense.Kernel.Length == (long)flat * outputs,
                $"dense layer {index + 1} has {dense.Kernel.Length} weights instead of {flat} × {outputs}"
            );
            var last = index == Dense.Count - 1;
            Check(last == dense.Norm is null, "every dense layer but the last needs a batch normalisation");
            CheckNorm(dense.Norm, outputs, $"dense layer {index + 1}");
            flat = outputs;
        }

        return this;
    }

    private static void CheckNorm(BatchNorm? norm, int channels, string name)
    {
        if (norm is null)
            return;
        float[][] parts = [norm.Gamma, norm.Beta, norm.Mean, norm.Variance];
        Check(
            Array.TrueForAll(parts, part => part.Length == channels),
            $"the batch normalisation of {name} is not of {channels} channels"
        );
    }

    private static void Check(bool fits, string finding)
    {
        if (!fits)
            throw new InvalidOperationException(finding);
    }
}
