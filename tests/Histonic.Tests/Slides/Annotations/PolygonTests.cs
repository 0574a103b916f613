using CsCheck;
using Histonic.Slides.Annotations;

namespace Histonic.Tests.Slides.Annotations;

public sealed class PolygonTests
{
    /// <summary>Corners at growing angles about a middle, at distances from 0.2 to 1 times 100: simple, and seldom convex.</summary>
    private static readonly Gen<SlidePoint[]> _stars = Gen.Double[0.2, 1]
        .Array[3, 60]
        .Select(distances => Star(distances, 100));

    /// <summary>Places on a fine lattice that is shifted against that of <see cref="_corners"/>: none lies on the height of a corner.</summary>
    private static readonly Gen<SlidePoint> _points = Lattice(0.00037);

    private static readonly Gen<SlidePoint> _corners = Lattice(0);

    [Fact]
    public void A_point_is_inside_where_the_outline_winds_around_it() =>
        Gen.Select(_stars, _points.Array[50])
            .Sample(
                (star, points) =>
                {
                    var polygon = new Polygon([star]);
                    return points.All(point => polygon.Contains(point) == Math.Abs(Winding(star, point)) > 0.5);
                }
            );

    [Fact]
    public void A_hole_is_outside() =>
        Gen.Select(_stars, Gen.Double[0.1, 0.9], _points.Array[50])
            .Sample(
                (star, size, points) =>
                {
                    // a star shrunk towards its middle lies inside it
                    SlidePoint[] hole =
                    [
                        .. star.Select(point => new SlidePoint(point.X * size, point.Y * size)).Reverse(),
                    ];
                    var polygon = new Polygon([star, hole]);
                    return points.All(point =>
                        polygon.Contains(point)
                        == (Math.Abs(Winding(star, point)) > 0.5 && Math.Abs(Winding(hole, point)) < 0.5)
                    );
                }
            );

    [Fact]
    public void Where_an_outline_crosses_itself_every_second_region_is_inside() =>
        Gen.Select(_corners.Array[3, 30], _points.Array[50])
            .Sample(
                (ring, points) =>
                {
                    var polygon = new Polygon([ring]);
                    return points.All(point => polygon.Contains(point) == (CrossingsBelow(ring, point) % 2 == 1));
                }
            );

    [Fact]
    public void Polygons_that_share_edges_share_no_points() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9]).Array[40])
            .Sample(
                (x, y, points) =>
                {
                    // four triangles about a point of a square, asked at whole places, where edges and corners are
                    SlidePoint[] corners = [new(0, 0), new(10, 0), new(10, 10), new(0, 10)];
                    var triangles = corners
                        .Select(
                            (corner, i) =>
                                new Polygon([
                                    [corner, corners[(i + 1) % 4], new SlidePoint(x, y)],
                                ])
                        )
                        .ToList();
                    return points.All(point =>
                        triangles.Count(triangle => triangle.Contains(new SlidePoint(point.Item1, point.Item2))) == 1
                    );
                }
            );

    [Fact]
    public void The_area_is_that_of_the_raster() =>
        Gen.Select(_stars, Gen.Double[0.1, 0.9])
            .Sample(
                (star, size) =>
                {
                    SlidePoint[] hole = [.. star.Select(point => new SlidePoint(point.X * size, point.Y * size))];
                    var polygon = new Polygon([star, hole]);
                    var inside = 0;
                    for (var y = -100; y < 100; y++)
                    {
                        for (var x = -100; x < 100; x++)
                            inside += polygon.Contains(new SlidePoint(x + 0.5, y + 0.5)) ? 1 : 0;
                    }

                    // pixels are missed along the edges only
                    return Math.Abs(inside - polygon.Area) <= (Length(star) + Length(hole)) * 0.75;
                },
                iter: 30
            );

    [Fact]
    public void The_inner_point_is_inside() =>
        Gen.Select(_stars, Gen.Double[0.1, 0.9], Gen.Double[-1000, 1000])
            .Sample(
                (star, size, shift) =>
                {
                    SlidePoint[] Moved(double by) =>
                        [.. star.Select(point => new SlidePoint((point.X * by) + shift, (point.Y * by) - shift))];
                    var polygon = new Polygon([Moved(1), Moved(size)]);
                    return polygon.InnerPoint() is { } point && polygon.Contains(point);
                }
            );

    [Fact]
    public void A_polygon_without_area_has_no_inner_point() =>
        Assert.Null(
            new Polygon([
                [new(0, 5), new(10, 5), new(20, 5)],
            ]).InnerPoint()
        );

    private static Gen<SlidePoint> Lattice(double shift) =>
        Gen.Select(Gen.Int[-110_000, 110_000], Gen.Int[-110_000, 110_000])
            .Select((x, y) => new SlidePoint((x / 1000.0) + shift, (y / 1000.0) + shift));

    private static SlidePoint[] Star(double[] distances, double radius) =>
        [
            .. distances.Select(
                (distance, i) =>
                {
                    var (sin, cos) = Math.SinCos(2 * Math.PI * i / distances.Length);
                    return new SlidePoint(radius * distance * cos, radius * distance * sin);
                }
            ),
        ];

    /// <summary>The sum of the angles that the edges span at a point, in whole turns.</summary>
    private static double Winding(SlidePoint[] ring, SlidePoint at) =>
        ring.Select(
                (from, i) =>
                {
                    var to = ring[(i + 1) % ring.Length];
                    var (ax, ay, bx, by) = (from.X - at.X, from.Y - at.Y, to.X - at.X, to.Y - at.Y);
                    return Math.Atan2((ax * by) - (ay * bx), (ax * bx) + (ay * by));
                }
            )
            .Sum() / (2 * Math.PI);

    /// <summary>How many edges a ray downwards crosses, each found as the solution of two linear equations.</summary>
    private static int CrossingsBelow(SlidePoint[] ring, SlidePoint at) =>
        ring.Where(
                (from, i) =>
                {
                    var to = ring[(i + 1) % ring.Length];
                    var share = (at.X - from.X) / (to.X - from.X);
                    return share is >= 0 and < 1 && from.Y + (share * (to.Y - from.Y)) > at.Y;
                }
            )
            .Count();

    private static double Length(SlidePoint[] ring) =>
        ring.Select(
                (from, i) =>
                    Math.Sqrt(
                        Math.Pow(from.X - ring[(i + 1) % ring.Length].X, 2)
                            + Math.Pow(from.Y - ring[(i + 1) % ring.Length].Y, 2)
                    )
            )
            .Sum();
}
