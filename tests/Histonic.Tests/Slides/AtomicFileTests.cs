using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_partial_file_tells_its_target_and_its_writer()
    {
        var partial = AtomicFile.PartialOf("/a.b/TCGA-01.5F-2.h5");

        Assert.True(AtomicFile.IsPartial(partial, out var path, out var writer));
        Assert.Equal("/a.b/TCGA-01.5F-2.h5", path);
        Assert.Equal(ProcessToken.Current, writer);
        Assert.NotEqual(partial, AtomicFile.PartialOf("/a.b/TCGA-01.5F-2.h5"));
    }

    [Theory]
    [InlineData("a.h5")]
    [InlineData("a.partial")]
    [InlineData("a.h5.4711.partial")]
    [InlineData("a-1.partial")]
    public void Other_files_are_no_partial_ones(string path) => Assert.False(AtomicFile.IsPartial(path, out _, out _));

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        AtomicFile.WriteText(_folder["a"], "old");

        var error = Assert.Throws<InputException>(() =>
            AtomicFile.Write(
                _folder["a"],
                partial =>
                {
                    File.WriteAllText(partial, "half");
                    throw new IOException("gone");
                }
            )
        );

        Assert.Equal(_folder["a"], error.Subject);
        Assert.Equal([_folder["a"]], Directory.GetFiles(_folder.Path));
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
    }

    [Fact]
    public void A_full_disk_is_told_from_other_faults()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full, on which nothing has space");

        var full = Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "text"));
        var other = Assert.ThrowsAny<IOException>(() => File.WriteAllText(_folder["none/a"], "text"));

        Assert.True(DiskFull.Caused(new InputException("a", "b", "c", full)));
        Assert.False(DiskFull.Caused(other));
        Assert.False(DiskFull.Caused(null));
        Assert.Equal(DiskFull.Remedy, AtomicFile.NotWritten("a", full).Remedy);
    }
}
