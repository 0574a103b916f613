using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Learning.Compression;

/// <summary>An open slide of which it is known where its patches lie.</summary>
/// <param name="slide">The slide; closed with this.</param>
/// <param name="fingerprint">What its file was when it was opened (see <see cref="SlideFingerprint"/>).</param>
/// <param name="mask">Its tissue.</param>
/// <param name="plan">Its patches.</param>
/// <param name="taken">How long it took to find that out.</param>
internal sealed class PreparedSlide(ISlide slide, string fingerprint, TissueMask mask, PatchPlan plan, TimeSpan taken)
    : IDisposable
{
    public ISlide Slide => slide;

    public string Fingerprint => fingerprint;

    public PatchPlan Plan => plan;

    public TimeSpan Taken => taken;

    /// <summary>Gets how its tissue was found.</summary>
    public string TissueMethod { get; } = mask.Method;

    /// <summary>Gets what a user should know of the search for tissue.</summary>
    public IReadOnlyList<string> Warnings { get; } = mask.Warnings;

    public void Dispose() => slide.Dispose();
}
