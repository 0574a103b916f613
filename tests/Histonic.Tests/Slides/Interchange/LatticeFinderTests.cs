using CsCheck;
using Histonic.Slides;
using Histonic.Slides.Interchange;

namespace Histonic.Tests.Slides.Interchange;

public sealed class LatticeFinderTests
{
    /// <summary>Whatever cells hold tissue, in whatever order and unit: the lattice they were laid on comes back.</summary>
    [Fact]
    public void Patches_of_a_lattice_come_back_to_their_cells()
    {
        Gen.Select(
                Gen.Int[64, 1200],
                Gen.OneOf(Gen.Const(1.0), Gen.Const(0.25), Gen.Const(0.2431), Gen.Const(2.0)),
                Gen.Int[0, 5000],
                Gen.Int[0, 5000],
                Gen.Int[3, 40],
                Gen.Int[3, 40],
                Gen.Int[5, 100],
                Gen.Int
            )
            .Sample(
                (side, unit, left, top, rows, columns, percent, seed) =>
                {
                    var random = new Random(seed);
                    var cells = Enumerable
                        .Range(0, rows * columns)
                        .Select(i => new GridCell(i / columns, i % columns))
                        .Where(_ => random.Next(100) < percent)
                        // neighbours, without which nobody could tell the step
                        .Concat([
                            new GridCell(0, 0),
                            new GridCell(0, 1),
                            new GridCell(1, 0),
                            new GridCell(rows - 1, columns - 1),
                        ])
                        .Distinct()
                        .ToArray();
                    random.Shuffle(cells);

                    // coordinates are whole pixels of level 0 brought to the unit, as STAMP's are
                    var lattice = LatticeFinder.Find(
                        "a.h5",
                        Array.ConvertAll(cells, cell => (left + (cell.Column * side)) * unit),
                        Array.ConvertAll(cells, cell => (top + (cell.Row * side)) * unit),
                        null,
                        unit,
                        snap: false
                    );

                    Assert.Equal(side * unit, lattice.Step, 1e-3 * unit * side);
                    Assert.Equal(0, lattice.Moved);
                    var (firstRow, firstColumn) = (top / side, left / side);
                    var found = lattice
                        .Cells.Zip(lattice.Patches)
                        .ToDictionary(pair => pair.Second, pair => pair.First);
                    for (var i = 0; i < cells.Length; i++)
                    {
                        Assert.Equal(cells[i].Row - cells[0].Row, found[i].Row - found[0].Row);
                        Assert.Equal(cells[i].Column - cells[0].Column, found[i].Column - found[0].Column);
                    }

                    Assert.Equal(
                        (left + (cells[0].Column * side)) * unit,
                        lattice.X + (found[0].Column * lattice.Step),
                        1.5 * unit
                    );
                    Assert.InRange(firstRow, 0, int.MaxValue);
                    Assert.InRange(firstColumn, 0, int.MaxValue);
                },
                iter: 300
            );
    }

    [Fact]
    public void Coordinates_rounded_from_a_step_that_is_no_whole_number_are_one_lattice()
    {
        const double Step = 527.3;
        var cells = Enumerable.Range(0, 60).Select(i => new GridCell(i / 10, i % 10 * 19)).ToArray();

        var lattice = LatticeFinder.Find(
            "a.h5",
            [.. cells.Select(cell => Math.Round(cell.Column * Step)), Math.Round(Step)],
            [.. cells.Select(cell => Math.Round(cell.Row * Step)), 0],
            null,
            1,
            snap: false
        );

        Assert.Equal(Step, lattice.Step, 0.1);
        Assert.Equal(cells[^1], lattice.Cells[^1]);
    }

    [Fact]
    public void A_contour_with_an_origin_of_its_own_is_refused_or_moved_to_the_nearest_cell()
    {
        double[] x = [0, 100, 200, 0, 100, 230, 330, 430, 230, 330],
            y = [0, 0, 0, 100, 100, 440, 440, 440, 540, 540];

        var error = Assert.Throws<InputException>(() => LatticeFinder.Find("a.h5", x, y, null, 1, snap: false));
        var lattice = LatticeFinder.Find("a.h5", x, y, null, 1, snap: true);

        Assert.Contains("off the lattice of steps of 100", error.Message, StringComparison.Ordinal);
        Assert.Contains("--snap", error.Message, StringComparison.Ordinal);
        Assert.Equal(100, lattice.Step, 1e-6);
        Assert.Equal(5, lattice.Moved);
        Assert.Equal(10, lattice.Cells.Distinct().Count());
    }

    [Theory]
    [InlineData(new double[] { 0, 0, 100 }, new double[] { 0, 0, 0 }, "has two patches at (0, 0)")]
    [InlineData(new double[] { 7 }, new double[] { 3 }, "do not tell the step")]
    [InlineData(new double[] { 0, double.NaN }, new double[] { 0, 0 }, "that are no numbers")]
    [InlineData(new double[] { 0, -500 }, new double[] { 0, 0 }, "outside the slide")]
    public void Coordinates_of_no_lattice_are_told(double[] x, double[] y, string finding)
    {
        var error = Assert.Throws<InputException>(() => LatticeFinder.Find("a.h5", x, y, null, 1, snap: false));

        Assert.Equal("a.h5", error.Subject);
        Assert.Contains(finding, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_patch_and_none_have_a_lattice_where_the_step_is_told()
    {
        var one = LatticeFinder.Find("a.h5", [1024], [512], 512, 1, snap: false);
        var none = LatticeFinder.Find("a.h5", [], [], 512, 1, snap: false);

        Assert.Equal([new GridCell(1, 2)], one.Cells);
        Assert.Empty(none.Cells);
    }
}
