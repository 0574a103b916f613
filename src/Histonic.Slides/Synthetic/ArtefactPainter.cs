namespace Histonic.Slides.Synthetic;

/// <summary>Spoils a painted slide, and tells where. Each artefact draws from a generator of its own.</summary>
/// <remarks>Memory: one byte a pixel.</remarks>
internal sealed class ArtefactPainter
{
    private const int Knot = TissuePlan.KnotStep;

    /// <summary>The ink's light, of 255, in red, green and blue: from and to.</summary>
    private static readonly (SlideArtefacts Artefact, int[] From, int[] To)[] _inks =
    [
        (SlideArtefacts.PenBlue, [20, 45, 140], [60, 100, 210]),
        (SlideArtefacts.PenGreen, [20, 110, 50], [80, 165, 105]),
        (SlideArtefacts.PenBlack, [18, 18, 18], [48, 46, 50]),
        (SlideArtefacts.PenRed, [185, 22, 32], [225, 62, 75]),
    ];

    private readonly TissuePlan _plan;
    private readonly SlideLook _look;
    private readonly byte[] _rgb;
    private readonly byte[] _cover;
    private readonly int _size;

    private ArtefactPainter(TissuePlan plan, SlideLook look, byte[] rgb)
    {
        (_plan, _look, _rgb, _size) = (plan, look, rgb, plan.Size);
        _cover = new byte[_size * _size];
    }

    /// <summary>Paints artefacts over a slide.</summary>
    /// <param name="plan">What lies where.</param>
    /// <param name="look">How it is stained and scanned.</param>
    /// <param name="rgb">Its pixels; changed in place.</param>
    /// <param name="artefacts">Which.</param>
    /// <param name="generator">Makes the generator of one artefact from its name.</param>
    /// <returns>A byte a pixel: the artefacts that cover it, as bits.</returns>
    public static byte[] Paint(
        TissuePlan plan,
        SlideLook look,
        byte[] rgb,
        SlideArtefacts artefacts,
        Func<string, Random> generator
    )
    {
        var painter = new ArtefactPainter(plan, look, rgb);
        if (artefacts.HasFlag(SlideArtefacts.Fat))
            painter.PaintFat(generator(ArtefactNames.Of(SlideArtefacts.Fat)));
        if (artefacts.HasFlag(SlideArtefacts.Blur))
            painter.PaintBlur(generator(ArtefactNames.Of(SlideArtefacts.Blur)));
        // these lie on the cover glass
        if (artefacts.HasFlag(SlideArtefacts.Dust))
            painter.PaintDust(generator(ArtefactNames.Of(SlideArtefacts.Dust)));
        foreach (var (artefact, from, to) in _inks)
        {
            if (artefacts.HasFlag(artefact))
                painter.PaintPen(generator(ArtefactNames.Of(artefact)), artefact, from, to);
        }

        return painter._cover;
    }

    private void PaintFat(Random random)
    {
        for (var i = 0; i < 2; i++)
        {
            var (x, y, radius) = Region(random, 0.12, 0.2);
            var (rough, spacing) = (random.Between(0, 256), random.Between(105, 155));
            var cells = new VacuoleLattice(spacing, random.Next());
            var from = random.Next(65536);
            ForEachWithin(
                x,
                y,
                radius * 1.4f,
                (px, py, distance) =>
                {
                    var edge = radius * (1 + (0.35f * NoiseTables.Smooth((px / 150f) + rough, (py / 150f) + rough)));
                    if (distance > edge || _plan.ClassAt(px, py) == TissueClass.Background)
                        return;
                    var at = (py * _size) + px;
                    var wall = Math.Clamp(2.2f - cells.ToWall(px, py), 0, 1);
                    for (var colour = 0; colour < 3; colour++)
                    {
                        var level =
                            (_look.White[colour] * Math.Exp(-_look.Gamma * 0.6 * wall * _look.Eosin[colour]))
                            + (_look.Noise * NoiseTables.Normal[(from + (at * 3) + colour) & 65535]);
                        _rgb[(at * 3) + colour] = (byte)Math.Clamp(level + 0.5, 0, 255);
                    }

                    _cover[at] |= (byte)SlideArtefacts.Fat;
                }
            );
        }
    }

    private void PaintBlur(Random random)
    {
        var (x, y, radius) = Region(random, 0.17, 0.27);
        var box = (int)random.Between(9, 17); // three boxes make a Gaussian of about this standard deviation
        var soft = 40f;
        var (left, top) = (Math.Max((int)(x - radius - soft), 0), Math.Max((int)(y - radius - soft), 0));
        var (right, bottom) = (
            Math.Min((int)(x + radius + soft) + 1, _size),
            Math.Min((int)(y + radius + soft) + 1, _size)
        );
        var (width, height) = (right - left, bottom - top);
        var plane = new float[width * height];
        for (var colour = 0; colour < 3; colour++)
        {
            for (var i = 0; i < plane.Length; i++)
                plane[i] = _rgb[(((((i / width) + top) * _size) + (i % width) + left) * 3) + colour];
            for (var pass = 0; pass < 3; pass++)
            {
                for (var row = 0; row < height; row++)
                    BoxMean(plane, row * width, 1, width, box);
                for (var column = 0; column < width; column++)
                    BoxMean(plane, column, width, height, box);
            }

            for (var i = 0; i < plane.Length; i++)
            {
                var (px, py) = ((i % width) + left, (i / width) + top);
                var blend = Math.Clamp(0.5f + ((radius - Distance(px, py, x, y)) / soft), 0, 1);
                var at = (py * _size) + px;
                _rgb[(at * 3) + colour] = (byte)(
                    _rgb[(at * 3) + colour] + (blend * (plane[i] - _rgb[(at * 3) + colour])) + 0.5f
                );
                if (blend > 0.5f)
                    _cover[at] |= (byte)SlideArtefacts.Blur;
            }
        }
    }

    private void PaintDust(Random random)
    {
        for (int specks = 15 + random.Next(25), i = 0; i < specks; i++)
        {
            var (x, y) = (random.Between(0, _size), random.Between(0, _size));
            var (radius, flat, turn) = (random.Between(5, 38), random.Between(0.5, 1), random.Between(0, Math.PI));
            var (sin, cos) = MathF.SinCos(turn);
            var grey = random.Between(15, 60);
            ForEachWithin(
                x,
                y,
                radius + 3,
                (px, py, _) =>
                {
                    var (dx, dy) = (px - x, py - y);
                    var (u, v) = ((dx * cos) + (dy * sin), ((dy * cos) - (dx * sin)) / flat);
                    Darken(px, py, Math.Clamp((radius - MathF.Sqrt((u * u) + (v * v))) * 0.5f, 0, 1), grey);
                }
            );
        }

        for (var i = 0; i < 3; i++)
        {
            var path = Curve(
                (random.Between(0, _size), random.Between(0, _size)),
                random.Between(0, 2 * Math.PI),
                random.Between(150, 400),
                random
            );
            var grey = random.Between(30, 80);
            var half = random.Between(3, 6);
            Trace(path, half + 3, (px, py, distance) => Darken(px, py, Math.Clamp(half - distance, 0, 1), grey));
        }
    }

    private void Darken(int x, int y, float alpha, float grey)
    {
        if (alpha <= 0)
            return;
        var at = (y * _size) + x;
        for (var i = at * 3; i < (at * 3) + 3; i++)
            _rgb[i] = (byte)(_rgb[i] + (alpha * (Math.Min(grey, _rgb[i]) - _rgb[i])) + 0.5f);
        if (alpha > 0.5f)
            _cover[at] |= (byte)SlideArtefacts.Dust;
    }

    private void PaintPen(Random random, SlideArtefacts artefact, int[] from, int[] to)
    {
        var lightness = random.NextDouble();
        var density = new float[3];
        for (var colour = 0; colour < 3; colour++)
            density[colour] = (float)-Math.Log((from[colour] + (lightness * (to[colour] - from[colour]))) / 255);
        // from the glass at the rim into the tissue
        var angle = random.Between(0, 2 * Math.PI);
        var half = Math.Min(random.Between(70, 180), _size / 20f);
        var start = (
            X: (_size / 2f) + (0.52f * _size * MathF.Cos(angle)),
            Y: (_size / 2f) + (0.52f * _size * MathF.Sin(angle))
        );
        var path = Curve(start, angle + MathF.PI + random.Between(-0.6, 0.6), random.Between(0.4, 0.7) * _size, random);
        var (streakX, streakY) = (random.Between(0, 256), random.Between(0, 256));
        Trace(
            path,
            half + 8,
            (px, py, distance) =>
            {
                var alpha = Math.Clamp(0.5f + ((half - distance) / 12), 0, 1);
                if (alpha <= 0)
                    return;
                var amount = alpha * (1 + (0.18f * NoiseTables.Fractal((px / 60f) + streakX, (py / 60f) + streakY)));
                var at = (py * _size) + px;
                for (var colour = 0; colour < 3; colour++)
                {
                    var i = (at * 3) + colour;
                    _rgb[i] = (byte)((_rgb[i] * MathF.Exp(-density[colour] * amount)) + 0.5f);
                }

                if (alpha > 0.5f)
                    _cover[at] |= (byte)artefact;
            }
        );
    }

    /// <summary>A place in the tissue and a radius, as shares of the slide's side.</summary>
    private (float X, float Y, float Radius) Region(Random random, double least, double most)
    {
        for (var tries = 0; ; tries++)
        {
            var (x, y) = (random.Between(0.15, 0.85) * _size, random.Between(0.15, 0.85) * _size);
            var radius = random.Between(least, most) * _size;
            if (tries == 100 || _plan.ClassAt(x, y) != TissueClass.Background)
                return (x, y, radius);
        }
    }

    /// <summary>A line that bends gently, as points.</summary>
    private static (float X, float Y)[] Curve((float X, float Y) start, float angle, float length, Random random)
    {
        const int Points = 40;
        var bend = random.Between(-1.2, 1.2) / Points;
        var path = new (float X, float Y)[Points + 1];
        path[0] = start;
        for (var i = 1; i <= Points; i++, angle += bend)
            path[i] = (
                path[i - 1].X + (length / Points * MathF.Cos(angle)),
                path[i - 1].Y + (length / Points * MathF.Sin(angle))
            );
        return path;
    }

    /// <summary>Visits the pixels near a line with their distance from it, which is interpolated between knots.</summary>
    private void Trace((float X, float Y)[] path, float reach, Action<int, int, float> visit)
    {
        var left = Math.Max((int)(path.Min(point => point.X) - reach) / Knot, 0);
        var top = Math.Max((int)(path.Min(point => point.Y) - reach) / Knot, 0);
        var columns = Math.Min((int)(path.Max(point => point.X) + reach) / Knot, _size / Knot) - left + 2;
        var rows = Math.Min((int)(path.Max(point => point.Y) + reach) / Knot, _size / Knot) - top + 2;
        if (columns < 2 || rows < 2)
            return;
        var knots = new float[columns * rows];
        for (var i = 0; i < knots.Length; i++)
            knots[i] = FromLine(path, ((i % columns) + left) * Knot, ((i / columns) + top) * Knot);
        for (var y = top * Knot; y < Math.Min((top + rows - 1) * Knot, _size); y++)
        {
            for (var x = left * Knot; x < Math.Min((left + columns - 1) * Knot, _size); x++)
            {
                var at = (((y / Knot) - top) * columns) + (x / Knot) - left;
                var (u, v) = (x % Knot / (float)Knot, y % Knot / (float)Knot);
                var upper = knots[at] + (u * (knots[at + 1] - knots[at]));
                var lower = knots[at + columns] + (u * (knots[at + columns + 1] - knots[at + columns]));
                var distance = upper + (v * (lower - upper));
                if (distance < reach)
                    visit(x, y, distance);
            }
        }
    }

    private static float FromLine((float X, float Y)[] path, float x, float y)
    {
        var least = float.MaxValue;
        for (var i = 1; i < path.Length; i++)
        {
            var (dx, dy) = (path[i].X - path[i - 1].X, path[i].Y - path[i - 1].Y);
            var along = Math.Clamp(
                (((x - path[i - 1].X) * dx) + ((y - path[i - 1].Y) * dy)) / ((dx * dx) + (dy * dy)),
                0,
                1
            );
            least = Math.Min(least, Distance(x, y, path[i - 1].X + (along * dx), path[i - 1].Y + (along * dy)));
        }

        return least;
    }

    private void ForEachWithin(float x, float y, float radius, Action<int, int, float> visit)
    {
        for (var py = Math.Max((int)(y - radius), 0); py < Math.Min((int)(y + radius) + 1, _size); py++)
        {
            for (var px = Math.Max((int)(x - radius), 0); px < Math.Min((int)(x + radius) + 1, _size); px++)
            {
                var distance = Distance(px, py, x, y);
                if (distance <= radius)
                    visit(px, py, distance);
            }
        }
    }

    /// <summary>Replaces values along a line by the mean of those up to half a box away; beyond the ends the last value holds.</summary>
    private static void BoxMean(float[] values, int start, int step, int count, int box)
    {
        var line = new float[count];
        for (var i = 0; i < count; i++)
            line[i] = values[start + (i * step)];
        var half = box / 2;
        double sum = 0;
        for (var i = -half; i <= half; i++)
            sum += line[Math.Clamp(i, 0, count - 1)];
        for (var i = 0; i < count; i++)
        {
            values[start + (i * step)] = (float)(sum / ((2 * half) + 1));
            sum += line[Math.Min(i + half + 1, count - 1)] - line[Math.Max(i - half, 0)];
        }
    }

    private static float Distance(float x, float y, float otherX, float otherY) =>
        MathF.Sqrt(((x - otherX) * (x - otherX)) + ((y - otherY) * (y - otherY)));
}
