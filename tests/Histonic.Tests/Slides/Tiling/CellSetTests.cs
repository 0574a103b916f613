using CsCheck;
using Histonic.Slides;
using Histonic.Slides.Tiling;

namespace Histonic.Tests.Slides.Tiling;

public sealed class CellSetTests
{
    [Fact]
    public void It_lists_the_chosen_cells_in_raster_order() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 200], Gen.Int[0, 20], Gen.Int[0, 1_000_000])
            .Sample(
                (rows, columns, share, seed) =>
                {
                    var random = new Random(seed);
                    var cells = new List<GridCell>();
                    var set = new CellSet(
                        rows,
                        columns,
                        (row, column) =>
                        {
                            // some rows are empty
                            var chosen = random.Next(20) < share * (row % 3);
                            if (chosen)
                                cells.Add(new GridCell(row, column));
                            return chosen;
                        }
                    );

                    Assert.Equal(cells, set);
                    Assert.Equal(cells, Enumerable.Range(0, set.Count).Select(i => set[i]));
                    Assert.Throws<ArgumentOutOfRangeException>(() => set[set.Count]);
                    Assert.Throws<ArgumentOutOfRangeException>(() => set[-1]);
                }
            );
}
