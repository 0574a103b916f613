using CsCheck;
using Histonic.Learning.Prediction;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Prediction;

public sealed class DistanceMapTests
{
    private const int Rows = 7;
    private const int Columns = 9;

    [Fact]
    public void Weights_are_the_squared_distances_to_the_nearest_background_found_by_looking_at_all() =>
        Gen
            .Bool.Array[Rows * Columns]
            .Where(tissue => tissue.Contains(true))
            .Sample(tissue =>
            {
                var cells = Cells(tissue);
                var squared = cells.Select(cell => Nearest(tissue, cell)).ToArray();

                var map = DistanceMap.Of(cells, Rows, Columns);
                var weights = map.Weights;

                Assert.Equal(squared.Length, weights.Count);
                for (var i = 0; i < squared.Length; i++)
                    Assert.Equal(squared[i] / squared.Sum(), weights[i], 12);
                Assert.Equal(cells[Array.IndexOf(squared, squared.Max())], map.Deepest);
            });

    [Fact]
    public void Cells_are_drawn_as_often_as_they_weigh()
    {
        var map = DistanceMap.Of(Cells([.. Enumerable.Repeat(true, Rows * Columns)]), Rows, Columns);
        var random = new Random(3);
        var counts = new double[Rows * Columns];
        const int Draws = 40_000;
        for (var i = 0; i < Draws; i++)
        {
            var cell = map.Draw(random);
            counts[(cell.Row * Columns) + cell.Column]++;
        }

        Assert.All(counts.Zip(map.Weights), pair => Assert.Equal(pair.Second, pair.First / Draws, 0.01));
    }

    [Fact]
    public void Spaced_cells_are_spread_over_the_raster_without_repeats()
    {
        var map = DistanceMap.Of(Cells([.. Enumerable.Repeat(true, Rows * Columns)]), Rows, Columns);

        Assert.Equal(
            [3, 9, 15, 22, 28, 34, 40, 47, 53, 59],
            map.Spaced(10).Select(cell => (cell.Row * Columns) + cell.Column)
        );
        Assert.Equal(Rows * Columns, map.Spaced(1000).Distinct().Count());
    }

    private static GridCell[] Cells(bool[] tissue) =>
        [
            .. Enumerable
                .Range(0, tissue.Length)
                .Where(i => tissue[i])
                .Select(i => new GridCell(i / Columns, i % Columns)),
        ];

    private static double Nearest(bool[] tissue, GridCell cell)
    {
        var least = double.PositiveInfinity;
        for (var row = -1; row <= Rows; row++)
        {
            for (var column = -1; column <= Columns; column++)
            {
                var inside = row is >= 0 and < Rows && column is >= 0 and < Columns && tissue[(row * Columns) + column];
                if (!inside)
                    least = Math.Min(least, Math.Pow(row - cell.Row, 2) + Math.Pow(column - cell.Column, 2));
            }
        }

        return least;
    }
}
