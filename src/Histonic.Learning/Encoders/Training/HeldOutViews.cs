// Shapes: B patches, C colours, S the side of a view.
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training;

/// <summary>Held-out patches as the network sees them: cut from the middle and not changed, or changed in a fixed way.</summary>
/// <param name="pixels">The patches' pixels.</param>
/// <param name="augmenter">Cuts them.</param>
/// <param name="shape">The encoder's shape.</param>
/// <param name="device">Where the network is.</param>
internal sealed class HeldOutViews(PatchPixels pixels, PatchAugmenter augmenter, EncoderShape shape, Device device)
{
    private const int Batch = 64;

    /// <summary>Shows patches to a network, batch after batch, without gradients.</summary>
    /// <param name="samples">The patches.</param>
    /// <param name="show">Receives a batch's views, B × 3 × S × S, and the index of its first patch. Its tensors are disposed afterwards.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Show(
        IReadOnlyList<PatchSample> samples,
        Action<Tensor, int> show,
        CancellationToken cancellationToken
    ) => Show(samples.Count, (i, view) => augmenter.CutMiddle(pixels.Of(samples[i]), view), show, cancellationToken);

    /// <summary>Shows views cut and changed as planned: the same plan gives the same views.</summary>
    /// <param name="views">The views. A batch holds an even number of them.</param>
    /// <param name="show">Receives a batch's views, B × 3 × S × S, and the index of its first one. Its tensors are disposed afterwards.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Show(
        IReadOnlyList<PlannedPatch> views,
        Action<Tensor, int> show,
        CancellationToken cancellationToken
    ) =>
        Show(
            views.Count,
            (i, view) => augmenter.CutAnywhere(pixels.Of(views[i].Sample), views[i].Place, views[i].Change, view),
            show,
            cancellationToken
        );

    private void Show(int total, Cut cut, Action<Tensor, int> show, CancellationToken cancellationToken)
    {
        var (side, each) = (shape.InputSide, augmenter.Length);
        using var still = no_grad();
        for (var first = 0; first < total; first += Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(Batch, total - first);
            var views = new float[count * each];
            for (var i = 0; i < count; i++)
                cut(first + i, views.AsSpan(i * each, each));
            show(tensor(views, [count, side, side, 3], device: device).permute(0, 3, 1, 2), first);
        }
    }

    private delegate void Cut(int index, Span<float> view);
}
