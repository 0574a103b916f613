namespace Histonic.Learning.Encoders.Onnx;

/// <summary>The papers' encoder with every batch normalisation folded into the layer after it.</summary>
/// <remarks>
/// With y = s·x + t in front, K * y + b = (K·s) * x + (b + Σ K·t). Exact, since without padding every kernel weight always
/// meets an input. Computed in double precision.
/// </remarks>
/// <param name="Convolutions">The kernel (O × I × height × width) and bias of every convolution.</param>
/// <param name="Dense">
/// The kernel (outputs × inputs) and bias of every dense layer; the first one's inputs in the order channel, row, column, as ONNX flattens.
/// </param>
internal sealed record FoldedEncoder(
    IReadOnlyList<(float[] Kernel, float[] Bias)> Convolutions,
    IReadOnlyList<(float[] Kernel, float[] Bias)> Dense
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

        List<(float[], float[])> dense = [];
        var depth = weights.Convolutions.Count == 0 ? 3 : weights.Convolutions[^1].Filters;
        var pixels = weights.LastSide * weights.LastSide;
        foreach (var (index, layer) in weights.Dense.Index())
        {
            var kernel = index == 0 ? ChannelFirst(layer.Kernel, layer.Bias.Length, pixels, depth) : layer.Kernel;
            dense.Add(Fold(kernel, layer.Bias, depth, pixels, before));
            (before, depth, pixels) = (layer.Norm, layer.Bias.Length, 1);
        }

        return new FoldedEncoder(convolutions, dense);
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
