using CsCheck;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Grids;

namespace Histonic.Tests.Learning.Encoders;

public sealed class PatchPlanesTests
{
    [Fact]
    public void Every_byte_becomes_x_over_255_times_2_minus_1_in_its_colours_plane() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 3], Gen.Int[1, 1_000_000])
            .Sample(
                (side, count, seed) =>
                {
                    var rgb = new byte[count * side * side * 3];
                    new Random(seed).NextBytes(rgb);
                    var planes = new float[rgb.Length];

                    PatchPlanes.Write(rgb, side, planes);

                    for (var i = 0; i < rgb.Length; i++)
                    {
                        var (patch, pixel, colour) = (i / (side * side * 3), i / 3 % (side * side), i % 3);
                        var expected = (rgb[i] / 255.0 * 2) - 1;
                        Assert.Equal(expected, planes[(((patch * 3) + colour) * side * side) + pixel], 1e-6);
                    }
                }
            );

    [Fact]
    public void Pooled_planes_are_the_means_of_squares_of_planes() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 21], Gen.Int[1, 3], Gen.Int[1, 1_000_000])
            .Sample(
                (pool, pooledSide, count, seed) =>
                {
                    var side = pool * pooledSide;
                    var rgb = new byte[count * side * side * 3];
                    new Random(seed).NextBytes(rgb);
                    var planes = new float[rgb.Length];
                    PatchPlanes.Write(rgb, side, planes);
                    var (pooled, written) = (
                        new float[rgb.Length / (pool * pool)],
                        new float[rgb.Length / (pool * pool)]
                    );

                    PatchPlanes.Pool(planes, side, pool, pooled);
                    PatchPlanes.WritePooled(rgb, side, pool, written);

                    for (var i = 0; i < pooled.Length; i++)
                    {
                        var (plane, at) = Math.DivRem(i, pooledSide * pooledSide);
                        var (row, column) = Math.DivRem(at, pooledSide);
                        double sum = 0;
                        for (var v = 0; v < pool * pool; v++)
                        {
                            var (y, x) = ((row * pool) + (v / pool), (column * pool) + (v % pool));
                            sum += planes[(plane * side * side) + (y * side) + x];
                        }

                        Assert.Equal(sum / (pool * pool), pooled[i], 1e-6);
                        Assert.Equal(sum / (pool * pool), written[i], 1e-6);
                    }
                }
            );

    [Fact]
    public void Black_and_white_are_the_ends_of_the_range()
    {
        var planes = new float[2 * 2 * 3];
        PatchPlanes.Write([0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255], 2, planes);
        Assert.Equal([-1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1], planes);
    }

    [Fact]
    public void Turning_moves_every_pixel_where_the_grid_moves_its_cell() =>
        Gen.Select(Gen.Int[1, 35], Gen.Int[0, 7], Gen.Int[1, 1_000_000])
            .Sample(
                (side, symmetry, seed) =>
                {
                    var random = new Random(seed);
                    var planes = new float[2 * 3 * side * side];
                    for (var i = 0; i < planes.Length; i++)
                        planes[i] = random.NextSingle();
                    var turned = new float[planes.Length];

                    PatchPlanes.Turn(symmetry, planes, side, turned);

                    for (var i = 0; i < planes.Length; i++)
                    {
                        var (plane, row, column) = (i / (side * side), i / side % side, i % side);
                        var to = GridSymmetry.Turn(symmetry, new GridCell(row, column), side, side);
                        Assert.Equal(planes[i], turned[(plane * side * side) + (to.Row * side) + to.Column]);
                    }
                }
            );
}
