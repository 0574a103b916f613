using Histonic.Slides.Grids;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>What a network is shown of a slide, and in which looks.</summary>
internal abstract class SlideInput
{
    /// <summary>The number of floats of one look; networks whose looks differ in length take shorter ones with zeros behind.</summary>
    public abstract int LengthOf(SlideGrid slide, in SlideView view);

    /// <summary>A look to train on.</summary>
    public abstract SlideView Draw(SlideGrid slide, Random random);

    /// <summary>The one look that tells most: what validation takes.</summary>
    public abstract SlideView Best(SlideGrid slide);

    /// <summary>The looks whose outputs are averaged in a test.</summary>
    public abstract IEnumerable<SlideView> All(SlideGrid slide);

    /// <summary>Looks that together show every cell, and all of them as they are shown in a test.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="symmetries">Whether the grid is also turned and mirrored, where the network tells turned grids apart.</param>
    public virtual IEnumerable<SlideView> Cover(SlideGrid slide, bool symmetries) =>
        All(slide).Where(view => symmetries || view.Symmetry == 0);

    /// <summary>The cells that a look shows, as indices.</summary>
    public virtual IEnumerable<int> Shown(SlideGrid slide, SlideView view) => Enumerable.Range(0, slide.Cells.Count);

    /// <summary>Writes a look.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="view">How it is looked at.</param>
    /// <param name="scaling">How embeddings are scaled.</param>
    /// <param name="target">Receives <see cref="LengthOf"/> floats; zero before.</param>
    public abstract void Fill(SlideGrid slide, in SlideView view, FeatureScaling scaling, Span<float> target);

    /// <summary>Gives the floats of several looks the shape the network takes.</summary>
    public abstract Tensor Shape(Tensor flat, int count);

    /// <summary>The looks at several slides as one tensor.</summary>
    public Tensor Stack(IReadOnlyList<(SlideGrid Slide, SlideView View)> looks, FeatureScaling scaling)
    {
        using var scope = NewDisposeScope();
        var length = looks.Max(look => LengthOf(look.Slide, look.View));
        var flat = zeros((long)looks.Count * length);
        var floats = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(flat.bytes);
        for (var i = 0; i < looks.Count; i++)
            Fill(looks[i].Slide, looks[i].View, scaling, floats.Slice(i * length, length));
        return Shape(flat, looks.Count).MoveToOuterDisposeScope();
    }
}
