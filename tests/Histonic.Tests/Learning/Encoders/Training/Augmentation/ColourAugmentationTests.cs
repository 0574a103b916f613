using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Augmentation;

[NoTensorLeaks]
public sealed class ColourAugmentationTests
{
    private static readonly ColourAugmentationOptions _stainOnly = new()
    {
        Stain = 0.05,
        Brightness = 0,
        Contrast = 0,
    };

    [Fact]
    public void Without_any_strength_bytes_become_the_encoders_numbers()
    {
        using var scope = NewDisposeScope();
        var rgb = Patches(2);
        var plain = ColourAugmentation.Plain(rgb);
        var none = new ColourAugmentation(ColourAugmentationOptions.Named["none"]).Apply(rgb, new Random(1));
        Assert.Equal([2, 3, 8, 8], plain.shape);
        Assert.Equal(Numbers(plain), Numbers(none));
        var first = rgb[0, 0, 1].data<byte>().ToArray();
        for (var colour = 0; colour < 3; colour++)
            Assert.Equal((first[colour] / 255.0 * 2) - 1, plain[0, colour, 0, 1].item<float>(), 1e-6);
    }

    [Fact]
    public void Stains_move_as_the_formula_says()
    {
        using var scope = NewDisposeScope();
        var rgb = Patches(1);
        var actual = new ColourAugmentation(_stainOnly).Apply(rgb, new Random(7));

        // the same draws, through unmixing, moving and mixing as the papers write it
        var random = new Random(7);
        var mix = tensor(
            new[,]
            {
                { 0.65, 0.70, 0.29 },
                { 0.07, 0.99, 0.11 },
                { 0.27, 0.57, 0.78 },
            }
        );
        var sigma = new double[3];
        var beta = new double[3];
        for (var stain = 0; stain < 3; stain++)
        {
            sigma[stain] = ((random.NextDouble() * 2) - 1) * 0.05;
            beta[stain] = ((random.NextDouble() * 2) - 1) * 0.05;
        }

        var density = -((rgb[0].to(ScalarType.Float64) + 1) / 256).log();
        var stains = density.matmul(mix.inverse());
        var moved = (stains * (1 + tensor(sigma))) + tensor(beta);
        var expected = (((-moved.matmul(mix)).exp() * 256) - 1).clamp(0, 255);
        Assert.True(((expected / 255 * 2) - 1 - actual[0].permute(1, 2, 0)).abs().max().item<double>() < 1e-4);
        Assert.True((actual - ColourAugmentation.Plain(rgb)).abs().max().item<float>() > 0.01f);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(250)]
    public void Empty_and_black_patches_keep_their_stains(int value)
    {
        using var scope = NewDisposeScope();
        var rgb = full([1, 8, 8, 3], value, dtype: ScalarType.Byte);
        var actual = new ColourAugmentation(_stainOnly).Apply(rgb, new Random(1));
        Assert.True((actual - ColourAugmentation.Plain(rgb)).abs().max().item<float>() < 1e-4f);
    }

    [Fact]
    public void Each_patch_is_changed_in_its_own_way_repeatably_and_stays_in_range()
    {
        using var scope = NewDisposeScope();
        var rgb = Patches(1).expand(6, -1, -1, -1).contiguous();
        var strong = new ColourAugmentation(ColourAugmentationOptions.Named["strong"]);
        var first = strong.Apply(rgb, new Random(3));
        Assert.Equal(Numbers(first), Numbers(strong.Apply(rgb, new Random(3))));
        Assert.InRange(first.max().item<float>(), -1, 1);
        Assert.InRange(first.min().item<float>(), -1, 1);
        for (var i = 1; i < 6; i++)
            Assert.True((first[i] - first[0]).abs().max().item<float>() > 0.01f);
    }

    private static Tensor Patches(int count)
    {
        var bytes = new byte[count * 8 * 8 * 3];
        new Random(1).NextBytes(bytes);
        return tensor(bytes, [count, 8, 8, 3]);
    }

    private static float[] Numbers(Tensor tensor) => [.. tensor.contiguous().data<float>()];
}
