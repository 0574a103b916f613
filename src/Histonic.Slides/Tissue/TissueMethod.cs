namespace Histonic.Slides.Tissue;

/// <summary>How tissue is told from glass, or who told.</summary>
public abstract record TissueMethod
{
    private TissueMethod() { }

    /// <summary>Gets the word that a mask of this method records.</summary>
    public abstract string Name { get; }

    /// <summary>Gets whether pixels are looked at, so that pen, blur, dirt and holes are a matter for us.</summary>
    public bool LooksAtPixels => this is Otsu or Hsv;

    /// <summary>Stain has colour, glass has none; Otsu's threshold parts them.</summary>
    public sealed record Otsu : TissueMethod
    {
        /// <inheritdoc/>
        public override string Name => "otsu-saturation";
    }

    /// <summary>Tissue is what has its colour within a range.</summary>
    /// <param name="Range">The range.</param>
    public sealed record Hsv(HsvRange Range) : TissueMethod
    {
        /// <inheritdoc/>
        public override string Name => $"hsv {Range}";
    }

    /// <summary>Somebody else found the tissue.</summary>
    /// <param name="Path">A mask, or a folder of masks that bear their slides' names; see <see cref="TissueMaskFile"/>.</param>
    public sealed record Given(string Path) : TissueMethod
    {
        /// <inheritdoc/>
        public override string Name => "mask";
    }

    /// <summary>The whole slide is taken for tissue.</summary>
    public sealed record Everything : TissueMethod
    {
        /// <inheritdoc/>
        public override string Name => "none";
    }
}
