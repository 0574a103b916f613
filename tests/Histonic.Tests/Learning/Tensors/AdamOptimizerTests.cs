using Histonic.Learning.Tensors;
using Histonic.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Tensors;

[NoTensorLeaks]
public sealed class AdamOptimizerTests
{
    [Fact]
    public void It_makes_the_steps_of_libtorchs_Adam()
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = Twins();
        using var adam = new AdamOptimizer([ours]);
        using var reference = optim.Adam([theirs], 0.01);
        var targetF = linspace(-1, 2, 12);
        for (var step = 0; step < 20; step++)
        {
            adam.Step((ours - targetF).pow(4).sum(), 0.01, clipNorm: null);
            reference.zero_grad();
            (theirs - targetF).pow(4).sum().backward();
            reference.step();
        }

        Assert.True((ours - theirs).abs().max().item<float>() < 1e-6f);
        Assert.True((ours - targetF).abs().max().item<float>() > 1e-3f, "it must still be on its way");
    }

    [Fact]
    public void Decay_is_libtorchs_weight_decay_and_spares_the_others()
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = Twins();
        var (free, _) = Twins();
        var (plain, _) = Twins();
        using var adam = new AdamOptimizer([ours, free], [ours], decay: 0.1);
        using var without = new AdamOptimizer([plain]);
        using var reference = optim.Adam([theirs], 0.01, weight_decay: 0.1);
        for (var step = 0; step < 10; step++)
        {
            adam.Step(ours.pow(4).sum() + free.pow(4).sum(), 0.01, clipNorm: null);
            without.Step(plain.pow(4).sum(), 0.01, clipNorm: null);
            reference.zero_grad();
            theirs.pow(4).sum().backward();
            reference.step();
        }

        Assert.True((ours - theirs).abs().max().item<float>() < 1e-6f);
        Assert.Equal(0, (plain - free).abs().max().item<float>());
        Assert.True((ours - free).abs().max().item<float>() > 1e-3f);
    }

    [Fact]
    public void A_long_gradient_is_cut_to_the_given_length_and_keeps_its_direction()
    {
        using var scope = NewDisposeScope();
        var (parameter, _) = Twins();
        using var adam = new AdamOptimizer([parameter]);
        var slopeF = linspace(1, 12, 12);
        adam.Step((parameter * slopeF).sum(), 0.01, clipNorm: 0.5);
        var gradient = parameter.grad!;
        Assert.Equal(0.5, gradient.norm().item<float>(), 1e-4);
        Assert.True((gradient / gradient.norm() - (slopeF / slopeF.norm())).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void A_short_gradient_is_left_alone()
    {
        using var scope = NewDisposeScope();
        var (parameter, _) = Twins();
        using var adam = new AdamOptimizer([parameter]);
        var slopeF = linspace(1, 12, 12);
        adam.Step((parameter * slopeF).sum(), 0.01, clipNorm: 1e3);
        Assert.True((parameter.grad! - slopeF).abs().max().item<float>() < 1e-6f);
    }

    [Fact]
    public void Gradients_of_an_earlier_loss_do_not_leak_into_the_next_step()
    {
        using var scope = NewDisposeScope();
        var (parameter, _) = Twins();
        using var adam = new AdamOptimizer([parameter]);
        (parameter * 100).sum().backward();
        adam.Step(parameter.sum(), 0.01, clipNorm: null);
        Assert.True((parameter.grad! - 1).abs().max().item<float>() < 1e-6f);
    }

    private static (Parameter Ours, Parameter Theirs) Twins() =>
        (nn.Parameter(linspace(-3, 3, 12)), nn.Parameter(linspace(-3, 3, 12)));
}
