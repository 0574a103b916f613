namespace Histonic.Slides.Synthetic.Digits;

/// <summary>One digit, drawn with a pen into 28 × 28 pixels: strokes whose course, slant, proportion and width vary as in handwriting.</summary>
internal sealed class DigitPen
{
    // each digit's strokes through these points, in a box of width and height 1, y downwards
    private static readonly double[][][] _strokes =
    [
        [
            [.5, 0, .2, .1, .08, .35, .08, .65, .2, .9, .5, 1, .8, .9, .92, .65, .92, .35, .8, .1, .5, 0],
        ],
        [
            [.32, .2, .55, 0, .55, 1],
        ],
        [
            [.15, .25, .25, .07, .5, 0, .75, .07, .85, .28, .75, .5, .45, .75, .12, 1, .9, 1],
        ],
        [
            [.15, .1, .45, 0, .75, .08, .82, .25, .7, .42, .42, .48, .75, .55, .87, .75, .72, .94, .42, 1, .12, .9],
        ],
        [
            [.6, 0, .1, .65, .92, .65],
            [.68, .3, .68, 1],
        ],
        [
            [.82, 0, .25, 0, .2, .45, .5, .38, .8, .5, .86, .72, .7, .95, .4, 1, .12, .9],
        ],
        [
            [.75, .03, .45, .15, .22, .45, .15, .72, .28, .95, .55, 1, .8, .88, .82, .65, .6, .5, .35, .55, .18, .7],
        ],
        [
            [.1, .02, .88, .02, .5, .5, .38, 1],
        ],
        [
            [.5, .48, .22, .35, .2, .15, .5, 0, .8, .15, .78, .35, .5, .48],
            [.5, .48, .18, .65, .15, .88, .5, 1, .85, .88, .82, .65, .5, .48],
        ],
        [
            [.84, .3, .65, .48, .35, .5, .17, .33, .22, .1, .5, 0, .78, .1, .84, .3, .78, .7, .55, 1],
        ],
    ];

    private readonly List<(double X0, double Y0, double X1, double Y1)> _lines = [];
    private readonly double _radius;

    private DigitPen(double radius) => _radius = radius;

    /// <summary>Draws a digit.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="random">Decides its hand.</param>
    public static DigitPen Draw(int digit, Random random)
    {
        var pen = new DigitPen(random.Between(1.2, 2.1));
        var (width, height) = (random.Between(13, 19), random.Between(18, 20.5));
        var slant = Math.Clamp(0.14 * Draws.Normal(random), -0.3, 0.4);
        var turn = Math.Clamp(0.08 * Draws.Normal(random), -0.2, 0.2);
        var (sine, cosine) = Math.SinCos(turn);
        foreach (var stroke in _strokes[digit])
        {
            var points = new (double X, double Y)[stroke.Length / 2];
            for (var i = 0; i < points.Length; i++)
            {
                // about the middle of the box, with an unsteady hand
                var x = ((stroke[2 * i] - 0.5) * width) + (0.45 * Draws.Normal(random));
                var y = ((stroke[(2 * i) + 1] - 0.5) * height) + (0.45 * Draws.Normal(random));
                x -= slant * y;
                points[i] = (
                    ((DigitShapes.SourceSide - 1) / 2.0) + (cosine * x) - (sine * y),
                    ((DigitShapes.SourceSide - 1) / 2.0) + (sine * x) + (cosine * y)
                );
            }

            for (var i = 1; i < points.Length; i++)
                pen._lines.Add((points[i - 1].X, points[i - 1].Y, points[i].X, points[i].Y));
        }

        return pen;
    }

    /// <summary>The grey value of a pixel, 0 to 255: the stroke's share of it, by its distance from the stroke's middle.</summary>
    public int At(int x, int y)
    {
        var nearest = double.MaxValue;
        foreach (var (x0, y0, x1, y1) in _lines)
        {
            var (dx, dy) = (x1 - x0, y1 - y0);
            var length = (dx * dx) + (dy * dy);
            var along = length > 0 ? Math.Clamp((((x - x0) * dx) + ((y - y0) * dy)) / length, 0, 1) : 0;
            nearest = Math.Min(nearest, double.Hypot(x - x0 - (along * dx), y - y0 - (along * dy)));
        }

        return (int)(255 * Math.Clamp(_radius - nearest + 0.5, 0, 1));
    }
}
