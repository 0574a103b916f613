using Histonic.Learning.Compression;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Compression;

public sealed class FailureTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Several_that_write_at_once_lose_no_row()
    {
        Parallel.For(
            0,
            40,
            i => Table().Put(new SlideFailure($"slides/{i}.svs", "open", $"reason \"{i}\", with\ntwo lines"))
        );

        var rows = Table().Read();
        Assert.Equal(40, rows.Count);
        Assert.All(rows, row => Assert.Equal($"slides/{row.Key}.svs", row.Value.Slide));
    }

    [Fact]
    public void A_slide_has_one_row_and_the_last_row_takes_the_file_with_it()
    {
        Table().Put(new SlideFailure("x/a.svs", "open", "first"));
        Table().Put(new SlideFailure("y/a.svs", "encode", "second"));
        Assert.Equal("second", Assert.Single(Table().Read()).Value.Reason);

        Table().Remove("b");
        Assert.True(File.Exists(_folder["failures.csv"]));
        Table().Remove("a");

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_shard_has_a_table_of_its_own()
    {
        new FailureTable(_folder.Path, new Shard(2, 3)).Put(new SlideFailure("a.svs", "open", "reason"));

        Assert.Equal([_folder["failures-2-of-3.csv"]], Directory.GetFiles(_folder.Path));
    }

    private FailureTable Table() => new(_folder.Path, Shard.Whole);
}
