namespace Histonic.Learning.Encoders.Onnx;

/// <summary>The papers' encoder with every batch normalisation folded into the layer after it.</summary>
/// <remarks>
/// With y = s·x + t in front, K * y + b = (K·s) * x + (b + Σ K·t). Exact, since without padding every kernel weight always
/// meets an input. Computed in double precision.
/// </remarks>
/// <param name="Convolutions">The kernel (O × I × height × width) and bias of every convolution.</param>
/// <param name="Dense">C × (D · H · W) weights, the inputs in the order channel, row, column, as ONNX flattens.</param>
/// <param name="DenseBias">C numbers.</param>
internal sealed record FoldedEncoder(
    IReadOnlyList<(float[] Kernel, float[] Bias)> Convolutions,
    float[] Dense,
    float[] DenseBias
)
{
    public static FoldedEncoder Of(EncoderWeights weights)
    {
        List<(float[], float[])> convolutions = [];
        BatchNorm? before = null;
        foreach (var layer in weights.Convolutions)
        {
            var area = layer.KernelSize * layer.KernelSize;
            convolutions.Add(Fold(layer.Kernel, layer.Bias, layer.Inputs, area, before));
            before = layer.Norm;
        }

        var dense = weights.Dense!;
        var depth = weights.Convolutions.Count == 0 ? 3 : weights.Convolutions[^1].Filters;
        var pixels = weights.LastSide * weights.LastSide;
        var channelFirst = ChannelFirst(dense.Kernel, weights.Channels, pixels, depth);
        var (kernel, bias) = Fold(channelFirst, dense.Bias, depth, pixels, before);
        return new FoldedEncoder(convolutions, kernel, bias);
    }

    private static (float[] Kernel, float[] Bias) Fold(
        float[] kernel,
        float[] bias,
        int inputs,
        int area,
        BatchNorm? before
    )
    {
        if (before is null)
            return (kernel, bias);
        var (folded, shifted) = (new float[kernel.Length], new float[bias.Length]);
        var at = 0;
        for (var output = 0; output < bias.Length; output++)
        {
            double sum = bias[output];
            for (var input = 0; input < inputs; input++)
            {
                var (scale, shift) = before.At(input);
                for (var pixel = 0; pixel < area; pixel++, at++)
                {
                    folded[at] = (float)(kernel[at] * scale);
                    sum += kernel[at] * shift;
                }
            }

            shifted[output] = (float)sum;
        }

        return (folded, shifted);
    }

    private static float[] ChannelFirst(float[] kernel, int outputs, int pixels, int depth)
    {
        var result = new float[kernel.Length];
        for (var output = 0; output < outputs; output++)
        {
            var row = output * pixels * depth;
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                for (var channel = 0; channel < depth; channel++)
                    result[row + (channel * pixels) + pixel] = kernel[row + (pixel * depth) + channel];
            }
        }

        return result;
    }
}
