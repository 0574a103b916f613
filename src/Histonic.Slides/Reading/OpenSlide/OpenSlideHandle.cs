using Microsoft.Win32.SafeHandles;

namespace Histonic.Slides.Reading.OpenSlide;

/// <summary>A slide that OpenSlide holds open; closed when nobody uses it any more.</summary>
internal sealed class OpenSlideHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Creates a handle of nothing, for the call that opens a slide to fill.</summary>
    public OpenSlideHandle()
        : base(ownsHandle: true) { }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        OpenSlideLibrary.Close(handle);
        return true;
    }
}
