// Shapes: B patches, N pixels of a patch, C colours, P the side of a patch.
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>Moves the stains, the brightness and the contrast of each patch at random.</summary>
/// <remarks>
/// Stains (Tellez et al. 2019, after Ruifrok and Johnston 2001): each stain s of haematoxylin, eosin and DAB becomes
/// s · (1 + σ) + β, with σ and β uniform in ± <see cref="ColourAugmentationOptions.Stain"/>. Stains are taken in optical
/// density, −ln((x + 1) / 256) for a byte x, which white makes 0. Unmixing, moving and mixing again is one affine map of
/// the density, so a patch costs one logarithm, one 3 × 3 product and one exponential a pixel, and no stain is cut off at 0.
/// Contrast then works about the patch's mean, and brightness is added. Without any of them the bytes come back unchanged.
/// </remarks>
/// <param name="options">How far.</param>
public sealed class ColourAugmentation(ColourAugmentationOptions options)
{
    // rows: the optical density of red, green and blue that one unit of haematoxylin, eosin and DAB makes
    private static readonly double[,] _mix =
    {
        { 0.65, 0.70, 0.29 },
        { 0.07, 0.99, 0.11 },
        { 0.27, 0.57, 0.78 },
    };
    private static readonly double[,] _unmix = Inverse(_mix);

    private readonly ColourAugmentationOptions _options = options.Validated();

    /// <summary>Bytes to the encoder's numbers, without any change of colour: x / 255 · 2 − 1.</summary>
    /// <param name="rgbBPPC">B × P × P × 3 bytes.</param>
    /// <returns>B × 3 × P × P floats in [-1, 1], channels last in memory.</returns>
    public static Tensor Plain(Tensor rgbBPPC)
    {
        using var scope = NewDisposeScope();
        return rgbBPPC.to(ScalarType.Float32).mul_(2f / 255).sub_(1f).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Bytes to the encoder's numbers, each patch changed in its own way.</summary>
    /// <param name="rgbBPPC">B × P × P × 3 bytes.</param>
    /// <param name="random">Where the changes come from; the same for the same state, on every device.</param>
    /// <returns>B × 3 × P × P floats in [-1, 1], channels last in memory.</returns>
    public Tensor Apply(Tensor rgbBPPC, Random random)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        var batch = rgbBPPC.shape[0];
        var colourBNC = rgbBPPC.to(ScalarType.Float32).reshape(batch, -1, 3);
        if (_options.Stain > 0)
        {
            var (turnBCC, shiftBC) = DrawStains((int)batch, random, rgbBPPC.device);
            var meanB = colourBNC.mean([1, 2]).div_(255);
            var keepB = meanB.lt(_options.Darkest).logical_or(meanB.gt(_options.Brightest));
            turnBCC = where(keepB.view(-1, 1, 1), eye(3, device: rgbBPPC.device), turnBCC);
            shiftBC = where(keepB.view(-1, 1, 1), zeros_like(shiftBC), shiftBC);
            var densityBNC = colourBNC.add_(1).div_(256).log_();
            colourBNC = densityBNC.baddbmm(turnBCC, shiftBC).exp_().mul_(256).sub_(1).clamp_(0, 255);
        }

        if (_options.Contrast > 0 || _options.Brightness > 0)
        {
            var contrastB = Draws((int)batch, 1, _options.Contrast, random, rgbBPPC.device);
            var brightnessB = Draws((int)batch, 0, 255 * _options.Brightness, random, rgbBPPC.device);
            var meanB = colourBNC.mean([1, 2]).view(-1, 1, 1);
            colourBNC = colourBNC.mul_(contrastB).add_(meanB.mul(1 - contrastB).add_(brightnessB)).clamp_(0, 255);
        }

        return colourBNC.mul_(2f / 255).sub_(1f).view(rgbBPPC.shape).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    // log' = log · (unmix · diag(1 + σ) · mix) − β · mix, for rows of colours
    private (Tensor TurnBCC, Tensor ShiftBC) DrawStains(int batch, Random random, Device device)
    {
        var turns = new float[batch * 9];
        var shifts = new float[batch * 3];
        Span<double> scale = stackalloc double[3];
        for (var patch = 0; patch < batch; patch++)
        {
            for (var stain = 0; stain < 3; stain++)
            {
                scale[stain] = 1 + Draw(random, _options.Stain);
                var bias = Draw(random, _options.Stain);
                for (var to = 0; to < 3; to++)
                    shifts[(patch * 3) + to] -= (float)(bias * _mix[stain, to]);
            }

            for (var from = 0; from < 3; from++)
            {
                for (var to = 0; to < 3; to++)
                {
                    var sum = 0.0;
                    for (var stain = 0; stain < 3; stain++)
                        sum += _unmix[from, stain] * scale[stain] * _mix[stain, to];
                    turns[(patch * 9) + (from * 3) + to] = (float)sum;
                }
            }
        }

        return (tensor(turns, [batch, 3, 3], device: device), tensor(shifts, [batch, 1, 3], device: device));
    }

    private static Tensor Draws(int batch, double middle, double range, Random random, Device device)
    {
        var drawn = new float[batch];
        for (var i = 0; i < batch; i++)
            drawn[i] = (float)(middle + Draw(random, range));
        return tensor(drawn, [batch, 1, 1], device: device);
    }

    private static double Draw(Random random, double range) => ((random.NextDouble() * 2) - 1) * range;

    private static double[,] Inverse(double[,] m)
    {
        var inverse = new double[3, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var (a, b, c, d) = ((j + 1) % 3, (j + 2) % 3, (i + 1) % 3, (i + 2) % 3);
                inverse[i, j] = (m[a, c] * m[b, d]) - (m[a, d] * m[b, c]);
            }
        }

        var determinant = (m[0, 0] * inverse[0, 0]) + (m[0, 1] * inverse[1, 0]) + (m[0, 2] * inverse[2, 0]);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                inverse[i, j] /= determinant;
        }

        return inverse;
    }
}
