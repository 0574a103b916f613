using Histonic.Slides.Reading.OpenSlide;

namespace Histonic.Tests.Slides.Reading.OpenSlide;

public sealed class OpenSlideLibraryTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData(3600, false)]
    [InlineData(3800, true)]
    [InlineData(3804, true)]
    [InlineData(4000, false)]
    [InlineData(4202, false)]
    public void The_version_of_pixman_that_garbles_tiles_is_told(int? version, bool faulty)
    {
        var fault = OpenSlideLibrary.FaultOf(version);

        Assert.Equal(faulty, fault is not null);
        if (faulty)
            Assert.Contains("garbled", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void This_machines_pixman_is_asked()
    {
        Assert.SkipUnless(OpenSlideLibrary.IsInstalled, "needs OpenSlide (Debian: libopenslide0)");

        Assert.Null(OpenSlideLibrary.Fault);
    }
}
