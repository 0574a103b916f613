using System.Globalization;
using Histonic.Learning.Compression;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Compression;

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nobody_is_in_together_and_the_file_goes()
    {
        const int Each = 40;
        File.WriteAllText(_folder["count"], "0");

        Parallel.For(
            0,
            4,
            _ =>
            {
                for (var i = 0; i < Each; i++)
                {
                    using var alone = FolderLock.Take(_folder.Path);
                    var count = int.Parse(File.ReadAllText(_folder["count"]), CultureInfo.InvariantCulture);
                    File.WriteAllText(_folder["count"], (count + 1).ToString(CultureInfo.InvariantCulture));
                }
            }
        );

        Assert.Equal((4 * Each).ToString(CultureInfo.InvariantCulture), File.ReadAllText(_folder["count"]));
        Assert.Equal([_folder["count"]], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void The_file_of_a_killed_process_is_no_obstacle()
    {
        File.WriteAllText(_folder[".histonic.lock"], "");

        FolderLock.Take(_folder.Path).Dispose();

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_folder_in_its_place_is_told()
    {
        Directory.CreateDirectory(_folder[".histonic.lock"]);

        var error = Assert.Throws<InputException>(() => FolderLock.Take(_folder.Path));

        Assert.Contains(".histonic.lock", error.Subject, StringComparison.Ordinal);
    }
}
