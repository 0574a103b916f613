using Histonic.Slides;
using Histonic.Slides.Grids;

namespace Histonic.Tests.Slides.Grids;

public sealed class GridSymmetryTests
{
    // numpy: f(rot90(m, k)) of m = [[0, 1, 2], [3, 4, 5]], with f nothing, fliplr or flipud
    [Theory]
    [InlineData(0, 2, "012345")]
    [InlineData(1, 3, "251403")]
    [InlineData(2, 2, "543210")]
    [InlineData(3, 3, "304152")]
    [InlineData(4, 2, "210543")]
    [InlineData(5, 2, "345012")]
    [InlineData(6, 3, "031425")]
    [InlineData(7, 3, "524130")]
    public void A_symmetry_turns_counter_clockwise_then_flips_as_numpy_does(int symmetry, int rows, string expected)
    {
        var size = GridSymmetry.Size(symmetry, 2, 3);
        var turned = new char[6];
        for (var i = 0; i < 6; i++)
        {
            var cell = GridSymmetry.Turn(symmetry, new GridCell(i / 3, i % 3), 2, 3);
            turned[(cell.Row * size.Columns) + cell.Column] = (char)('0' + i);
        }

        Assert.Equal(rows, size.Rows);
        Assert.Equal(expected, new string(turned));
    }
}
