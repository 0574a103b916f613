using System.Numerics;

namespace Histonic.Slides.Synthetic;

/// <summary>Paints a planned slide: amounts of hematoxylin and eosin first, then the light that passes them.</summary>
/// <remarks>
/// Strips of 64 rows are painted one after the other; beside the picture itself it holds two strips of amounts, 0.5 kB for
/// each column of the slide twice over.
/// </remarks>
internal sealed class TissuePainter
{
    private const int StripRows = 64;
    private const float PerPixel = 1f / TissuePlan.KnotStep;
    private const int Halo = 2; // rows above and below, for the blur
    private const int LevelsPerDensity = 1024;
    private const float MaxDensity = 4;

    private readonly TissuePlan _plan;
    private readonly SlideLook _look;
    private readonly int _seed;
    private readonly int _stride;
    private readonly float[] _hematoxylin;
    private readonly float[] _eosin;
    private readonly float[] _blurred;
    private readonly float[][] _light; // per colour: optical density → grey level
    private readonly float[] _kernel;
    private readonly List<int> _figures = [];

    private TissuePainter(TissuePlan plan, SlideLook look, int seed)
    {
        (_plan, _look, _seed) = (plan, look, seed);
        _stride = plan.Size + (2 * Halo);
        var count = _stride * (StripRows + (2 * Halo));
        (_hematoxylin, _eosin, _blurred) = (new float[count], new float[count], new float[count]);
        _light = [.. look.White.Select(white => Table(white, look.Gamma))];
        _kernel = Kernel(look.Blur);
    }

    /// <summary>Paints a slide.</summary>
    /// <param name="plan">What lies where.</param>
    /// <param name="look">How it is stained and scanned.</param>
    /// <param name="seed">Chooses the textures and the camera's noise.</param>
    /// <param name="cancellationToken">Stops it between strips.</param>
    /// <returns>Size × size × 3 bytes, red first, row by row.</returns>
    public static byte[] Paint(TissuePlan plan, SlideLook look, int seed, CancellationToken cancellationToken)
    {
        var painter = new TissuePainter(plan, look, seed);
        var rgb = GC.AllocateUninitializedArray<byte>(checked(plan.Size * plan.Size * 3));
        for (var top = 0; top < plan.Size; top += StripRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            painter.PaintStrip(top, Math.Min(StripRows, plan.Size - top), rgb);
        }

        return rgb;
    }

    private void PaintStrip(int top, int rows, byte[] rgb)
    {
        for (var y = -Halo; y < rows + Halo; y++)
            PaintGround(top + y, y + Halo);
        _plan.FiguresIn(top - Halo, top + rows + Halo, _figures);
        foreach (var index in _figures)
            PaintFigure(_plan.Figures[index], top - Halo, rows + (2 * Halo));
        Blur(_hematoxylin, rows);
        Blur(_eosin, rows);
        for (var y = 0; y < rows; y++)
            Develop(top + y, y + Halo, rgb.AsSpan((top + y) * _plan.Size * 3, _plan.Size * 3));
    }

    private void PaintGround(int y, int row)
    {
        var hematoxylin = _hematoxylin.AsSpan(row * _stride, _stride);
        var eosin = _eosin.AsSpan(row * _stride, _stride);
        hematoxylin.Clear();
        eosin.Clear();
        y = Math.Clamp(y, 0, _plan.Size - 1);
        var knots = _plan.Knots;
        var above = y / TissuePlan.KnotStep * knots;
        var down = y % TissuePlan.KnotStep / (float)TissuePlan.KnotStep;
        float[] streaks = NoiseTables.Streaks,
            grain = NoiseTables.Grain,
            blotches = NoiseTables.Blotches;
        var grainRow = ((y + _seed) & 255) << 8;
        var blotchRow = ((y + (_seed >> 8)) & 255) << 8;

        for (var column = 0; column < knots - 2; column++)
        {
            var knot = above + column;
            var pink = Lerp(_plan.Eosin, knot, knots, down);
            var pinkNext = Lerp(_plan.Eosin, knot + 1, knots, down);
            if (pink == 0 && pinkNext == 0)
                continue;
            var blue = Lerp(_plan.Hematoxylin, knot, knots, down);
            var blueStep = (Lerp(_plan.Hematoxylin, knot + 1, knots, down) - blue) * PerPixel;
            var streak = Lerp(_plan.Streaks, knot, knots, down);
            var streakStep = (Lerp(_plan.Streaks, knot + 1, knots, down) - streak) * PerPixel;
            var gap = Lerp(_plan.Gaps, knot, knots, down);
            var gapStep = (Lerp(_plan.Gaps, knot + 1, knots, down) - gap) * PerPixel;
            var fibre = Lerp(_plan.Fibre, knot, knots, down);
            var fibreStep = (Lerp(_plan.Fibre, knot + 1, knots, down) - fibre) * PerPixel;
            var pinkStep = (pinkNext - pink) * PerPixel;
            var inside = Lerp(_plan.Inside, knot, knots, down);
            var insideStep = (Lerp(_plan.Inside, knot + 1, knots, down) - inside) * PerPixel;
            var x = column * TissuePlan.KnotStep;
            for (var i = 0; i < TissuePlan.KnotStep; i++, x++)
            {
                var grainHere = grain[grainRow + ((x + (_seed >> 4)) & 255)];
                var blotch = blotches[blotchRow + ((x + _seed) & 255)];
                var across = (int)((fibre + 40000 + (1.2f * blotch)) * 8) & 4095;
                var open = gap * Math.Clamp(1.35f - (0.42f * MathF.Abs(fibre + (4.5f * blotch))), 0, 1);
                var body = (1 - open) * Math.Clamp(0.5f + (0.3f * (inside + (3 * blotch))), 0, 1);
                var texture = 1 + (streak * streaks[across]) + (0.16f * grainHere) + (0.1f * blotch);
                eosin[x + Halo] = Math.Max(pink * texture * body, 0);
                hematoxylin[x + Halo] = Math.Max(blue * (1 + (0.5f * grainHere) + (0.3f * blotch)) * body, 0);
                pink += pinkStep;
                blue += blueStep;
                streak += streakStep;
                gap += gapStep;
                fibre += fibreStep;
                inside += insideStep;
            }
        }
    }

    private void PaintFigure(in Figure figure, int top, int rows)
    {
        var reach = TissuePlan.Reach(figure);
        var left = Math.Max((int)(figure.X - reach), 0);
        var right = Math.Min((int)(figure.X + reach) + 1, _plan.Size);
        var first = Math.Max((int)(figure.Y - reach), top);
        var last = Math.Min((int)(figure.Y + reach) + 1, top + rows);
        var (sin, cos) = MathF.SinCos(figure.Angle);
        for (var y = first; y < last; y++)
        {
            var dy = y - figure.Y;
            var at = ((y - top) * _stride) + Halo;
            // the table's row is bound to the figure, so that its texture moves with it
            var texture = ((y - (int)figure.Y + (figure.Variant >> 8)) & 255) << 8;
            var shift = figure.Variant - (int)figure.X;
            switch (figure.Kind)
            {
                case FigureKind.Gland:
                    GlandRow(figure, left, right, dy, at, texture, shift);
                    break;
                case FigureKind.MitosisPlate:
                case FigureKind.MitosisPair:
                case FigureKind.MitosisClump:
                    MitosisRow(figure, left, right, dy, at, texture, shift, sin, cos);
                    break;
                case FigureKind.Pyknotic:
                    PyknoticRow(figure, left, right, dy, at, texture, shift);
                    break;
                default:
                    NucleusRow(figure, left, right, dy, at, texture, shift, sin, cos);
                    break;
            }
        }
    }

    private void NucleusRow(
        in Figure figure,
        int left,
        int right,
        float dy,
        int at,
        int texture,
        int shift,
        float sin,
        float cos
    )
    {
        // outline: how far it strays from an ellipse; rim: the membrane; chromatin: how coarse
        var (outline, rim, chromatin, nucleolus) = figure.Kind switch
        {
            FigureKind.Tumour => (0.34f, 0.35f, 0.55f, 0.7f),
            FigureKind.Hepatocyte => (0.1f, 0.3f, 0.22f, 0.7f),
            FigureKind.Epithelial => (0.15f, 0.2f, 0.25f, 0f),
            FigureKind.Lymphocyte => (0.12f, 0.1f, 0.22f, 0f),
            _ => (0.3f, 0.1f, 0.2f, 0f),
        };
        float[] blotches = NoiseTables.Blotches,
            grain = NoiseTables.Grain;
        var slow = (((((int)dy + 600) >> 1) + (figure.Variant >> 4)) & 255) << 8;
        var (perLong, perShort) = (1 / figure.Long, 1 / figure.Short);
        var shortest = figure.Short;
        // a nucleolus or two off the centre
        var spotU = ((figure.Variant & 15) - 7.5f) * 0.045f * figure.Long;
        var spotV = (((figure.Variant >> 4) & 15) - 7.5f) * 0.045f * figure.Short;
        var spotSize = 1 / (figure.Kind == FigureKind.Tumour ? 4.2f : 2.6f);
        for (var x = left; x < right; x++)
        {
            var dx = x - figure.X;
            var u = (dx * cos) + (dy * sin);
            var v = (dy * cos) - (dx * sin);
            var square = (u * u * perLong * perLong) + (v * v * perShort * perShort);
            if (square > 1.9f)
                continue;
            var radius = MathF.Sqrt(square) * (1 + (outline * blotches[slow + (((x + shift) >> 1) & 255)]));
            var alpha = Math.Clamp(((1 - radius) * shortest) + 0.5f, 0, 1);
            if (alpha == 0)
                continue;
            var body =
                1
                + (
                    chromatin
                    * (grain[texture + ((x + shift) & 255)] + (0.6f * blotches[texture + ((x + shift + 90) & 255)]))
                );
            var edge = 1 - (MathF.Abs(1 - radius - (1.3f / shortest)) * shortest * 0.6f);
            if (edge > 0)
                body += rim * edge;
            if (nucleolus > 0)
            {
                var spot = 1 - ((((u - spotU) * (u - spotU)) + ((v - spotV) * (v - spotV))) * spotSize * spotSize);
                if (spot > 0)
                    body += nucleolus * spot;
            }

            Cover(at + x, alpha, figure.Density * Math.Max(body, 0.25f), 0.5f);
        }
    }

    private void MitosisRow(
        in Figure figure,
        int left,
        int right,
        float dy,
        int at,
        int texture,
        int shift,
        float sin,
        float cos
    )
    {
        float[] blotches = NoiseTables.Blotches,
            grain = NoiseTables.Grain;
        var apart = figure.Kind == FigureKind.MitosisPair ? 5.5f + ((figure.Variant & 7) * 0.35f) : 0;
        var bend = (((figure.Variant >> 3) & 15) - 7.5f) * 0.004f;
        var width = 2.4f + (((figure.Variant >> 7) & 7) * 0.25f);
        for (var x = left; x < right; x++)
        {
            var dx = x - figure.X;
            var square = (dx * dx) + (dy * dy);
            if (square > 400)
                continue;
            // the cell has rounded up: pale cytoplasm without a nuclear membrane
            var pale = Math.Clamp((16.5f - MathF.Sqrt(square)) * 0.4f, 0, 1) * 0.75f;
            _hematoxylin[at + x] += pale * (0.09f - _hematoxylin[at + x]);
            _eosin[at + x] += pale * (0.27f - _eosin[at + x]);

            var ragged = blotches[texture + ((x + shift) & 255)] + (0.5f * grain[texture + ((x + shift) & 255)]);
            var u = (dx * cos) + (dy * sin);
            var v = (dy * cos) - (dx * sin) + (bend * u * u);
            var distance = figure.Kind switch
            {
                FigureKind.MitosisPlate => Outside(u, v, figure.Long, width),
                FigureKind.MitosisPair => Outside(u, MathF.Abs(v) - apart, figure.Long * 0.82f, width * 0.85f),
                _ => MathF.Sqrt((u * u) + (1.7f * v * v)) - (figure.Long * 0.72f * (1 + (0.3f * ragged))),
            };
            var alpha = Math.Clamp(0.5f - distance - (2.2f * ragged), 0, 1);
            if (alpha > 0)
                Cover(at + x, alpha, figure.Density * (1 + (0.15f * ragged)), 0.3f);
        }
    }

    private void PyknoticRow(in Figure figure, int left, int right, float dy, int at, int texture, int shift)
    {
        var blotches = NoiseTables.Blotches;
        // some have broken into a large and a small drop
        var broken = (figure.Variant & 3) == 0;
        var (apartX, apartY) = (((figure.Variant >> 2) & 15) - 7.5f, ((figure.Variant >> 6) & 15) - 7.5f);
        for (var x = left; x < right; x++)
        {
            var dx = x - figure.X;
            var distance = MathF.Sqrt((dx * dx) + (dy * dy));
            if (distance > 13)
                continue;
            // a gap round a shrunken cell, dense pink within, smooth drops at its centre
            var waver = 2.5f * blotches[texture + ((x + shift) & 255)];
            var gap = Math.Clamp((11.5f - distance + waver) * 0.5f, 0, 1) * 0.6f;
            _hematoxylin[at + x] *= 1 - gap;
            _eosin[at + x] += gap * (0.2f - _eosin[at + x]);
            var cell = Math.Clamp((figure.Long + 3.5f - distance + waver) * 0.6f, 0, 1);
            _eosin[at + x] += cell * (0.78f - _eosin[at + x]);
            var alpha = Math.Clamp(figure.Long - distance + 0.5f + (0.25f * waver), 0, 1);
            if (broken)
            {
                var (px, py) = (dx - apartX, dy - apartY);
                var second = (figure.Long * 0.55f) - MathF.Sqrt((px * px) + (py * py)) + 0.5f;
                alpha = Math.Max(alpha, Math.Clamp(second, 0, 1));
            }

            if (alpha > 0)
                Cover(at + x, alpha, figure.Density, 0.2f);
        }
    }

    private void GlandRow(in Figure figure, int left, int right, float dy, int at, int texture, int shift)
    {
        float[] blotches = NoiseTables.Blotches,
            grain = NoiseTables.Grain;
        // The outline wavers slowly: its noise is read at a third of the pixels' pace.
        var slowRow = (((int)((dy + 300) * 0.33f) + (figure.Variant >> 8)) & 255) << 8;
        for (var x = left; x < right; x++)
        {
            var dx = x - figure.X;
            var waver = 1 + (0.2f * blotches[slowRow + (((int)((dx + 300) * 0.33f) + figure.Variant) & 255)]);
            var distance = MathF.Sqrt((dx * dx) + (dy * dy)) * waver;
            var alpha = Math.Clamp((figure.Long - distance) * 0.7f, 0, 1);
            if (alpha == 0)
                continue;
            var here = grain[texture + ((x + shift) & 255)];
            var lumen = Math.Clamp((figure.Short - distance) * 0.6f, 0, 1);
            var pink = (0.44f + (0.08f * here)) * (1 - (0.94f * lumen));
            var blue = figure.Density * (1 + (0.3f * here)) * (1 - lumen) * 0.8f;
            // the basement membrane: a thin pink line
            var edge = 1 - MathF.Abs(figure.Long - 1.5f - distance);
            if (edge > 0)
                pink += 0.25f * edge;
            _eosin[at + x] += alpha * (pink - _eosin[at + x]);
            _hematoxylin[at + x] += alpha * (blue - _hematoxylin[at + x]);
        }
    }

    private void Cover(int index, float alpha, float density, float pinkLeft)
    {
        _hematoxylin[index] += alpha * (Math.Max(density, _hematoxylin[index]) - _hematoxylin[index]);
        _eosin[index] *= 1 - (alpha * (1 - pinkLeft));
    }

    /// <summary>How far a point lies outside a bar with round ends; inside below 0.</summary>
    private static float Outside(float u, float v, float half, float halfWidth)
    {
        var beyond = Math.Max(MathF.Abs(u) - (half - halfWidth), 0);
        return MathF.Sqrt((beyond * beyond) + (v * v)) - halfWidth;
    }

    private void Blur(float[] plane, int rows)
    {
        var (far, near, centre) = (_kernel[0], _kernel[1], _kernel[2]);
        var lanes = Vector<float>.Count;
        for (var row = Halo; row < rows + Halo; row++)
        {
            var at = row * _stride;
            var x = 0;
            for (; x <= _stride - lanes; x += lanes)
            {
                var sum =
                    (new Vector<float>(plane, at + x) * centre)
                    + ((new Vector<float>(plane, at + x - _stride) + new Vector<float>(plane, at + x + _stride)) * near)
                    + (
                        (
                            new Vector<float>(plane, at + x - (2 * _stride))
                            + new Vector<float>(plane, at + x + (2 * _stride))
                        ) * far
                    );
                sum.CopyTo(_blurred, at + x);
            }

            for (; x < _stride; x++)
                _blurred[at + x] =
                    (plane[at + x] * centre)
                    + ((plane[at + x - _stride] + plane[at + x + _stride]) * near)
                    + ((plane[at + x - (2 * _stride)] + plane[at + x + (2 * _stride)]) * far);
        }

        for (var row = Halo; row < rows + Halo; row++)
        {
            var at = row * _stride;
            var x = Halo;
            for (; x <= _stride - Halo - lanes; x += lanes)
            {
                var sum =
                    (new Vector<float>(_blurred, at + x) * centre)
                    + ((new Vector<float>(_blurred, at + x - 1) + new Vector<float>(_blurred, at + x + 1)) * near)
                    + ((new Vector<float>(_blurred, at + x - 2) + new Vector<float>(_blurred, at + x + 2)) * far);
                sum.CopyTo(plane, at + x);
            }

            for (; x < _stride - Halo; x++)
                plane[at + x] =
                    (_blurred[at + x] * centre)
                    + ((_blurred[at + x - 1] + _blurred[at + x + 1]) * near)
                    + ((_blurred[at + x - 2] + _blurred[at + x + 2]) * far);
        }
    }

    private void Develop(int y, int row, Span<byte> rgb)
    {
        var hematoxylin = _hematoxylin.AsSpan((row * _stride) + Halo, _plan.Size);
        var eosin = _eosin.AsSpan((row * _stride) + Halo, _plan.Size);
        var noise = NoiseTables.Normal;
        var strength = (float)_look.Noise;
        var start = (int)((uint)((y * 0x9E3779B1L) + _seed) * 2654435761u >> 16);
        for (var colour = 0; colour < 3; colour++)
        {
            var light = _light[colour];
            var perBlue = (float)_look.Hematoxylin[colour] * LevelsPerDensity;
            var perPink = (float)_look.Eosin[colour] * LevelsPerDensity;
            var from = start + (colour * 21001);
            for (int x = 0, i = colour; x < hematoxylin.Length; x++, i += 3)
            {
                var density = Math.Min((int)((hematoxylin[x] * perBlue) + (eosin[x] * perPink)), light.Length - 1);
                var level = light[density] + (strength * noise[(from + x) & 65535]);
                rgb[i] = (byte)Math.Clamp((int)level, 0, 255);
            }
        }
    }

    private static float Lerp(float[] plane, int knot, int knots, float down) =>
        plane[knot] + (down * (plane[knot + knots] - plane[knot]));

    private static float[] Table(double white, double gamma)
    {
        var table = new float[(int)(LevelsPerDensity * MaxDensity)];
        for (var i = 0; i < table.Length; i++)
            table[i] = (float)((white * Math.Exp(-gamma * i / LevelsPerDensity)) + 0.5);
        return table;
    }

    private static float[] Kernel(double sigma)
    {
        var near = Math.Exp(-0.5 / (sigma * sigma));
        var far = Math.Exp(-2 / (sigma * sigma));
        var sum = 1 + (2 * near) + (2 * far);
        return [(float)(far / sum), (float)(near / sum), (float)(1 / sum)];
    }
}
