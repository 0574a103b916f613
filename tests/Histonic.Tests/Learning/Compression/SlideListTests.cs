using Histonic.Learning.Compression;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
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

    // a disk that a Mac wrote has a ._NAME beside each file
    [Fact]
    public void Hidden_files_are_no_slides()
    {
        foreach (var name in new[] { "a.svs", "._a.svs", ".b.tif" })
            File.WriteAllText(_folder[name], "");
        Directory.CreateDirectory(_folder[".trash"]);
        File.WriteAllText(_folder[".trash/c.svs"], "");

        Assert.Equal([_folder["a.svs"]], SlideList.Find([_folder.Path], nested: true).Select(slide => slide.Path));
    }

    [Fact]
    public void Slides_in_subfolders_are_taken_when_asked_for_and_told_of_else()
    {
        Directory.CreateDirectory(_folder["7d5c/deeper"]);
        foreach (var name in new[] { "7d5c/b.svs", "7d5c/deeper/c.svs" })
            File.WriteAllText(_folder[name], "");
        var notes = new List<string>();

        var error = Assert.Throws<InputException>(() => SlideList.Find([_folder.Path], note: notes.Add));
        Assert.Contains("2 in its subfolders. Add --nested", error.Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["a.svs"], "");
        Assert.Equal(["a.svs"], Names(SlideList.Find([_folder.Path], note: notes.Add)));
        Assert.Contains("2 more slides", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal(["a.svs", "b.svs", "c.svs"], Names(SlideList.Find([_folder.Path], nested: true, notes.Add)));
        Assert.Single(notes);
        Assert.Equal(_folder["7d5c/deeper/c.svs"], SlideFolder.Open(_folder.Path).Find("c"));

        static IEnumerable<string> Names(IEnumerable<SlideSource> slides) =>
            slides.Select(slide => Path.GetFileName(slide.Path));
    }

    [Fact]
    public void A_subfolder_that_may_not_be_listed_is_passed_over()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess,
            "needs an ordinary user of a Unix system"
        );
        File.WriteAllText(_folder["a.svs"], "");
        Directory.CreateDirectory(_folder["lost+found"]);
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_folder["lost+found"], UnixFileMode.None);
        try
        {
            Assert.Single(SlideList.Find([_folder.Path], note: _ => { }));
            Assert.Single(SlideList.Find([_folder.Path], nested: true));
        }
        finally
        {
            File.SetUnixFileMode(_folder["lost+found"], UnixFileMode.UserRead | UnixFileMode.UserExecute); // to be deleted
        }
    }

    [Fact]
    public void Of_slides_of_one_name_the_one_least_deep_is_found()
    {
        Directory.CreateDirectory(_folder["a"]);
        foreach (var name in new[] { "a/x.tif", "x.tif" })
            File.WriteAllText(_folder[name], "");

        Assert.Equal(_folder["x.tif"], SlideFolder.Open(_folder.Path).Find("x"));
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
