using Histonic.Learning.Compression;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Tests.Learning.Encoders;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Compression;

public sealed class NextSlideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OnnxEncoder _encoder;

    public NextSlideTests()
    {
        var weights = RandomEncoders.Weights(new Random(9), 32);
        OnnxEncoderFile.Write(_folder["e.onnx"], weights, RandomEncoders.Info(weights));
        _encoder = OnnxEncoder.Open(_folder["e.onnx"], 1);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SlideCompressor Compressor =>
        new(
            _encoder,
            CompressionOptions.For(_encoder.Info) with
            {
                Tissue = new() { MinArea = 0 },
                Threads = 2,
            }
        );

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_slide_that_was_prepared_is_taken_once()
    {
        var next = new NextSlide(Compressor);
        var slide = Slide("a");
        next.Begin(slide);

        using var taken = await next.TakeAsync(slide);

        Assert.Equal("a", taken?.Slide.Name);
        Assert.Equal(SlideFingerprint.Of(slide.Path), taken!.Fingerprint);
        Assert.Null(await next.TakeAsync(slide));
    }

    [Fact]
    public async Task Another_slide_than_the_prepared_one_is_not_it_and_the_prepared_one_is_given_up()
    {
        var next = new NextSlide(Compressor);
        var (slide, other) = (Slide("a"), Slide("b"));
        next.Begin(slide);

        Assert.Null(await next.TakeAsync(other));
        Assert.Null(await next.TakeAsync(slide));
    }

    [Fact]
    public async Task What_cannot_be_prepared_is_left_for_its_turn()
    {
        var next = new NextSlide(Compressor);
        var missing = new SlideSource(_folder["none.tif"]);
        next.Begin(missing);

        Assert.Null(await next.TakeAsync(missing));
    }

    // between its preparation and its turn may lie hours of another slide
    [Fact]
    public async Task A_slide_that_changed_after_it_was_prepared_is_refused()
    {
        var (compressor, slide) = (Compressor, Slide("a"));
        var next = new NextSlide(compressor);
        next.Begin(slide);
        using var taken = await next.TakeAsync(slide);
        TestSlides.WriteTiff(_folder["new.tif"], TestSlides.Pattern(200, 100), pixelSize: 0.5);
        File.Move(_folder["new.tif"], slide.Path, overwrite: true);

        var error = await Assert.ThrowsAsync<InputException>(() =>
            compressor.CompressAsync(slide, taken!, _folder["a.h5"], _ => { }, Stop)
        );

        Assert.Contains("changed while it was read", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["a.h5"]));
    }

    private SlideSource Slide(string name) =>
        new(TestSlides.WriteTiff(_folder[$"{name}.tif"], TestSlides.Pattern(256, 192), pixelSize: 0.5));
}
