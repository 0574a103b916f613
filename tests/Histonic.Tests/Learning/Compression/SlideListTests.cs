using Histonic.Learning.Compression;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Compression;

public sealed class SlideListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_gives_its_slides_in_the_order_of_their_names()
    {
        foreach (var name in new[] { "b.svs", "a.TIFF", "c.jpg", "notes.txt", "labels.csv" })
            File.WriteAllText(_folder[name], "");

        var slides = SlideList.Find([_folder.Path]);

        Assert.Equal(["a.TIFF", "b.svs", "c.jpg"], slides.Select(slide => Path.GetFileName(slide.Path)));
    }

    [Fact]
    public void A_list_names_files_beside_it_and_their_pixel_sizes()
    {
        File.WriteAllText(_folder["list.csv"], "slide,mpp\nx/a.svs,0.25\nb.svs,\n");

        var slides = SlideList.Find([_folder["list.csv"]]);

        Assert.Equal([_folder["x/a.svs"], _folder["b.svs"]], slides.Select(slide => slide.Path));
        Assert.Equal([new Microns(0.25), null], slides.Select(slide => slide.PixelSize));
    }

    [Fact]
    public void A_slide_named_twice_is_one()
    {
        File.WriteAllText(_folder["a.svs"], "");
        Assert.Single(SlideList.Find([_folder["a.svs"], _folder.Path]));
    }

    [Fact]
    public void Two_slides_of_one_name_are_refused()
    {
        var error = Assert.Throws<InputException>(() => SlideList.Find(["x/a.svs", "y/a.tif"]));
        Assert.Contains("a.h5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_slides_is_refused() =>
        Assert.Throws<InputException>(() => SlideList.Find([_folder.Path]));

    [Theory]
    [InlineData("name\na.svs\n", "slide")]
    [InlineData("slide,mpp\na.svs,wide\n", "line 2")]
    [InlineData("slide,mpp\na.svs,-1\n", "line 2")]
    [InlineData("slide,mpp\n,0.5\n", "line 2")]
    [InlineData("slide\n", "no slide")]
    public void A_list_that_cannot_be_is_refused_with_its_place(string content, string place)
    {
        File.WriteAllText(_folder["list.csv"], content);

        var error = Assert.Throws<InputException>(() => SlideList.Find([_folder["list.csv"]]));

        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shards_together_hold_every_slide_once()
    {
        var items = Enumerable.Range(0, 10).ToList();

        var parts = Enumerable.Range(1, 3).SelectMany(i => Shard.Parse($"{i}/3").Of(items));

        Assert.Equal(items, parts.Order());
    }

    [Theory]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("1")]
    [InlineData("a/b")]
    [InlineData("-1/3")]
    public void A_shard_that_cannot_be_is_refused(string text) =>
        Assert.Throws<OptionException>(() => Shard.Parse(text));
}
