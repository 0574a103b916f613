using Histonic.Learning.Encoders;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Encoders;

/// <summary>Small encoders with random weights, and the papers' formula computed the long way.</summary>
internal static class RandomEncoders
{
    /// <summary>Two convolutions of a few filters each and a dense layer, or two, every number drawn from the generator.</summary>
    public static EncoderWeights Weights(
        Random random,
        int patchSize = 32,
        int pool = 2,
        bool norms = true,
        int hidden = 0,
        IReadOnlyList<int>? filters = null,
        float scale = 1
    )
    {
        var inputs = 3;
        List<ConvolutionLayer> layers = [];
        var side = patchSize / pool;
        foreach (var filter in filters ?? [4, 5])
        {
            var layer = new ConvolutionLayer(
                filter,
                inputs,
                3,
                2,
                Numbers(random, filter * inputs * 9, scale),
                Numbers(random, filter),
                norms ? Norm(random, filter) : null
            );
            layers.Add(layer);
            (inputs, side) = (filter, layer.Side(side));
        }

        return new EncoderWeights
        {
            PatchSize = patchSize,
            Pool = pool,
            LeakySlope = 0.2,
            Convolutions = layers,
            Dense =
                hidden == 0
                    ? [Dense(random, side * side * inputs, 6, norm: false)]
                    : [Dense(random, side * side * inputs, hidden, norm: true), Dense(random, hidden, 6, norm: false)],
        };
    }

    public static EncoderInfo Info(EncoderWeights weights, string name = "random") =>
        new()
        {
            Name = name,
            PatchSize = weights.PatchSize,
            PixelSize = new Microns(0.5),
            Channels = weights.Channels,
        };

    public static float[] Patches(Random random, int count, int patchSize) =>
        Numbers(random, count * 3 * patchSize * patchSize);

    /// <summary>The encoder by its definition: layer after layer, nothing folded, in double precision.</summary>
    public static double[] Embed(EncoderWeights weights, ReadOnlySpan<float> patch)
    {
        var (side, pool) = (weights.PatchSize / weights.Pool, weights.Pool);
        var x = new double[3, side, side];
        for (var i = 0; i < patch.Length; i++)
        {
            var (channel, row, column) = (
                i / weights.PatchSize / weights.PatchSize,
                i / weights.PatchSize % weights.PatchSize,
                i % weights.PatchSize
            );
            x[channel, row / pool, column / pool] += patch[i] / (double)(pool * pool);
        }

        foreach (var layer in weights.Convolutions)
            x = Convolve(layer, x, weights.LeakySlope);

        var (depth, height, width) = (x.GetLength(0), x.GetLength(1), x.GetLength(2));
        var flat = new double[height * width * depth];
        for (var row = 0; row < height; row++)
        for (var column = 0; column < width; column++)
        for (var channel = 0; channel < depth; channel++)
            flat[(((row * width) + column) * depth) + channel] = x[channel, row, column];
        foreach (var layer in weights.Dense)
            flat = Multiply(layer, flat, weights.LeakySlope);
        return flat;
    }

    private static double[] Multiply(DenseLayer layer, double[] inputs, double slope)
    {
        var outputs = new double[layer.Bias.Length];
        for (var output = 0; output < outputs.Length; output++)
        {
            double sum = layer.Bias[output];
            for (var input = 0; input < inputs.Length; input++)
                sum += layer.Kernel[(output * inputs.Length) + input] * inputs[input];
            outputs[output] = layer.Norm is { } norm
                ? (
                    ((sum >= 0 ? sum : sum * slope) - norm.Mean[output])
                    / Math.Sqrt(norm.Variance[output] + norm.Epsilon)
                    * norm.Gamma[output]
                ) + norm.Beta[output]
                : sum;
        }

        return outputs;
    }

    private static double[,,] Convolve(ConvolutionLayer layer, double[,,] x, double slope)
    {
        var side = layer.Side(x.GetLength(1));
        var result = new double[layer.Filters, side, side];
        for (var filter = 0; filter < layer.Filters; filter++)
        for (var row = 0; row < side; row++)
        for (var column = 0; column < side; column++)
        {
            double sum = layer.Bias[filter];
            for (var input = 0; input < layer.Inputs; input++)
            for (var dy = 0; dy < layer.KernelSize; dy++)
            for (var dx = 0; dx < layer.KernelSize; dx++)
            {
                var weight = layer.Kernel[
                    (((((filter * layer.Inputs) + input) * layer.KernelSize) + dy) * layer.KernelSize) + dx
                ];
                sum += weight * x[input, (row * layer.Stride) + dy, (column * layer.Stride) + dx];
            }

            var activated = sum >= 0 ? sum : sum * slope;
            result[filter, row, column] = layer.Norm is { } norm
                ? (
                    (activated - norm.Mean[filter])
                    / Math.Sqrt(norm.Variance[filter] + norm.Epsilon)
                    * norm.Gamma[filter]
                ) + norm.Beta[filter]
                : activated;
        }

        return result;
    }

    private static DenseLayer Dense(Random random, int inputs, int outputs, bool norm) =>
        new(Numbers(random, outputs * inputs), Numbers(random, outputs), norm ? Norm(random, outputs) : null);

    private static BatchNorm Norm(Random random, int channels) =>
        new(
            Numbers(random, channels),
            Numbers(random, channels),
            Numbers(random, channels),
            [.. Numbers(random, channels).Select(number => 0.2f + Math.Abs(number))]
        );

    private static float[] Numbers(Random random, int count, float scale = 1)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
            numbers[i] = ((random.NextSingle() * 2) - 1) * scale;
        return numbers;
    }
}
