// Shapes: B patches, C colours, P the side of a patch, S the side after pooling, F features, D length of an embedding.
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders;

/// <summary>A patch encoder as it is trained: pooling, convolutions to features, a linear layer to the embedding.</summary>
/// <remarks>
/// Training feeds patches that are pooled already (<see cref="Features"/>): they are cut and changed at the resolution that the first
/// convolution sees.
/// </remarks>
public abstract class EncoderNetwork : nn.Module<Tensor, Tensor>
{
    internal const double LeakySlope = 0.2;
    internal const double BatchNormEpsilon = 1e-3;

    // Keras keeps 0.8 of the old statistics, libtorch takes in 0.2 of the new: the same thing
    internal const double BatchNormMomentum = 0.2;

    private protected EncoderNetwork(string name, EncoderShape shape)
        : base(name) => Shape = shape.Validated();

    /// <summary>Gets the shape of this encoder.</summary>
    public EncoderShape Shape { get; }

    /// <summary>Gets the number F of features before the last layer.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>Creates an encoder with random weights.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">Where its weights come from; libtorch's global generator is left alone.</param>
    public static EncoderNetwork Create(EncoderShape shape, Seed seed) =>
        shape.Architecture switch
        {
            EncoderArchitecture.Published => new PublishedEncoder(shape, seed),
            _ => new DeepEncoder(shape, seed),
        };

    /// <summary>Embeds patches.</summary>
    /// <param name="patchesBCPP">RGB in [-1, 1] (x / 255 · 2 − 1), B × 3 × P × P, in any memory layout.</param>
    /// <returns>Embeddings, B × D.</returns>
    public sealed override Tensor forward(Tensor patchesBCPP)
    {
        using var scope = NewDisposeScope();
        var pooledBCSS = Shape.Pool == 1 ? patchesBCPP : nn.functional.avg_pool2d(patchesBCPP, Shape.Pool);
        return Embed(Features(pooledBCSS)).MoveToOuterDisposeScope();
    }

    /// <summary>What the last layer sees.</summary>
    /// <param name="pooledBCSS">RGB in [-1, 1], B × 3 × S × S: patches after the pooling.</param>
    /// <returns>B × F.</returns>
    public abstract Tensor Features(Tensor pooledBCSS);

    /// <summary>The last layer.</summary>
    /// <param name="featuresBF">B × F.</param>
    /// <returns>Embeddings, B × D.</returns>
    public abstract Tensor Embed(Tensor featuresBF);

    /// <summary>The weights as data, for the ONNX file.</summary>
    public abstract EncoderWeights ToWeights();

    /// <summary>A 3 × 3 convolution of stride 2 without padding, with He-uniform weights and biases 0 (Keras' he_uniform).</summary>
    private protected static Conv2d Convolution(int inputs, int filters, Generator generator)
    {
        // TorchSharp 0.107 leaves a tensor of its initialisation behind; the scope takes it away
        using var scope = NewDisposeScope();
        var convolution = nn.Conv2d(inputs, filters, kernel_size: 3, stride: 2);
        WeightInitialization.HeUniform(convolution.weight, convolution.bias, generator);
        scope.Detach(convolution.parameters());
        return convolution;
    }

    private protected static BatchNorm2d Norm2d(int channels) =>
        nn.BatchNorm2d(channels, BatchNormEpsilon, BatchNormMomentum);

    private protected static BatchNorm1d Norm1d(int channels) =>
        nn.BatchNorm1d(channels, BatchNormEpsilon, BatchNormMomentum);

    /// <summary>The generator of this network's first weights.</summary>
    private protected static Generator WeightGenerator(Seed seed) =>
        new((ulong)(uint)seed.Number("encoder weights"), CPU);

    private protected static ConvolutionLayer ToLayer(Conv2d convolution, BatchNorm2d norm) =>
        new(
            (int)convolution.weight.shape[0],
            (int)convolution.weight.shape[1],
            KernelSize: 3,
            Stride: 2,
            Numbers(convolution.weight),
            Numbers(convolution.bias!),
            ToNorm(norm)
        );

    private protected static BatchNorm ToNorm(NormBase norm) =>
        new(
            Numbers(norm.weight!),
            Numbers(norm.bias!),
            Numbers(norm.running_mean!),
            Numbers(norm.running_var!),
            BatchNormEpsilon
        );

    private protected static float[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return [.. tensor.detach().cpu().contiguous().data<float>()];
    }
}
