using Histonic.Cli;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class CompressPatchesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Patches_lie_where_their_names_tell_and_cells_without_one_stay_empty()
    {
        Patch("tumour/p7_x101_y51.png", 200);
        Patch("normal/p7_x1_y1.png", 10);
        Patch("normal/p7_x1_y101.png", 90);
        Patch("normal/p8_x1_y1.png", 90);

        var (exit, _, messages) = await Run();

        Assert.True(exit == ExitCode.Done, messages);
        var grid = CompressedSlideFile.Read(_folder["out/p7.h5"]);
        Assert.Equal((3, 3), (grid.Rows, grid.Columns));
        Assert.Equal([new GridCell(0, 0), new GridCell(1, 2), new GridCell(2, 0)], grid.Cells);
        Assert.Equal((101, 51), grid.Geometry.Origin(1, 2));
        Assert.Equal([1f, 0, 0, 0, 0, 1, 1, 0, 0], grid.Tissue);
        Assert.Equal(50 * 4.0, grid.Geometry.PatchSize * grid.Geometry.PixelSize.Value, 9);
        // one picture, one embedding, wherever it lies
        Assert.Equal(
            grid.Embedding(2).ToArray(),
            CompressedSlideFile.Read(_folder["out/p8.h5"]).Embedding(0).ToArray()
        );
        Assert.NotEqual(grid.Embedding(0).ToArray(), grid.Embedding(1).ToArray());
        Assert.Equal(
            [$"p7,p7,3,{1 / 3.0:R},1", "p8,p8,1,0,0"],
            CsvTable.Read(_folder["out/labels.csv"]).Rows.Select(row => string.Join(',', row.Fields))
        );
    }

    [Theory]
    [InlineData("normal/p7_x30_y1.png", "not a whole number of patches")]
    [InlineData("normal/p7_x101_y51.png", "lies where")]
    [InlineData("normal/p7.png", "does not tell slide and place")]
    public async Task What_cannot_be_laid_out_is_named(string second, string told)
    {
        Patch("tumour/p7_x101_y51.png", 200);
        Patch("normal/p7_x1_y1.png", 10);
        Patch(second, 10);

        var (exit, _, messages) = await Run();

        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
    }

    private Task<(int Exit, string Results, string Messages)> Run() =>
        CommandLineTests.Run(
            $"compress-patches {_folder["set"]} --encoder histonic-synth --share-of tumour --mpp 4 --out {_folder["out"]}"
        );

    private void Patch(string name, byte grey)
    {
        var pixels = new byte[50 * 50 * 3];
        Array.Fill(pixels, grey);
        PictureFile.WritePng(_folder[$"set/{name}"], new RgbImage(50, 50, pixels));
    }
}
