namespace Histonic.Slides.Synthetic;

/// <summary>The tissue of one slide before it is painted: what lies where, on a lattice of knots, and every cell.</summary>
/// <remarks>Memory: 27 bytes a knot of 8 × 8 px, 36 bytes a figure (about one for every 600 px of tissue).</remarks>
internal sealed class TissuePlan
{
    /// <summary>The distance between knots in pixels.</summary>
    public const int KnotStep = 8;

    private const float BandMean = 210; // px
    private const int BucketRows = 64;
    private const float WideCords = 75; // how far cords push the front, px
    private const float FineCords = 35;

    private readonly SlideBiology _biology;
    private readonly Random _random;
    private readonly List<Figure> _figures = [];
    private readonly TissueClass[] _classes;
    private readonly Filling[] _fillings;
    private readonly float[] _tissue; // px from the outline, inside above 0
    private readonly bool[] _front; // knots where the tumour meets normal tissue
    private readonly float[] _fibre; // px across the fibres
    private readonly bool[] _taken; // knots under a gland, where no other cell may lie
    private readonly float _shiftX;
    private readonly float _shiftY;
    private int[][] _buckets = [];

    private TissuePlan(int size, SlideBiology biology, Random random)
    {
        (Size, _biology, _random) = (size, biology, random);
        Knots = (size / KnotStep) + 2;
        var count = Knots * Knots;
        _classes = new TissueClass[count];
        _fillings = new Filling[count];
        (_tissue, _fibre) = (new float[count], new float[count]);
        (Eosin, Hematoxylin, Streaks, Gaps) = (new float[count], new float[count], new float[count], new float[count]);
        (_taken, _front) = (new bool[count], new bool[count]);
        (_shiftX, _shiftY) = (random.Between(0, 256), random.Between(0, 256));
    }

    /// <summary>Gets the side of the slide in level-0 pixels.</summary>
    public int Size { get; }

    /// <summary>Gets the number of knots in a row and in a column; knot i lies at pixel 8 i.</summary>
    public int Knots { get; }

    /// <summary>Gets what is found at each knot.</summary>
    public ReadOnlySpan<TissueClass> Classes => _classes;

    /// <summary>Gets every figure, in the order of painting.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Gets the base of eosin at each knot.</summary>
    public float[] Eosin { get; }

    /// <summary>Gets the base of hematoxylin at each knot.</summary>
    public float[] Hematoxylin { get; }

    /// <summary>Gets how strong fibres are at each knot.</summary>
    public float[] Streaks { get; }

    /// <summary>Gets how strong sinusoids are at each knot.</summary>
    public float[] Gaps { get; }

    /// <summary>Gets the coordinate across the fibres at each knot, in pixels.</summary>
    public float[] Fibre => _fibre;

    /// <summary>Plans the tissue of one slide.</summary>
    /// <param name="size">The side of the slide in level-0 pixels.</param>
    /// <param name="biology">What it is like.</param>
    /// <param name="random">Where chance comes from.</param>
    public static TissuePlan Make(int size, SlideBiology biology, Random random)
    {
        var plan = new TissuePlan(size, biology, random);
        plan.LayRegions();
        plan.PlaceIslands();
        plan.SetBases();
        plan.PlaceNuclei();
        plan.SortIntoBuckets();
        return plan;
    }

    /// <summary>The class at a place.</summary>
    public TissueClass ClassAt(float x, float y) => _classes[KnotAt(x, y)];

    /// <summary>Which of the parts that decide labels a place is of.</summary>
    public TruthRegion RegionAt(float x, float y)
    {
        var knot = KnotAt(x, y);
        return _classes[knot] == TissueClass.Background ? TruthRegion.Elsewhere
            : _front[knot] ? TruthRegion.Front
            : _classes[knot] == TissueClass.Tumour ? TruthRegion.Tumour
            : TruthRegion.Elsewhere;
    }

    /// <summary>Gets how far inside the outline each knot lies, in pixels; outside below 0.</summary>
    public float[] Inside => _tissue;

    /// <summary>The figures that may reach into a range of rows, in the order of painting.</summary>
    /// <param name="top">The first row.</param>
    /// <param name="bottom">The row after the last.</param>
    /// <param name="found">Receives their indices.</param>
    public void FiguresIn(int top, int bottom, List<int> found)
    {
        found.Clear();
        for (
            var bucket = Math.Max(top / BucketRows, 0);
            bucket < _buckets.Length && bucket * BucketRows < bottom;
            bucket++
        )
        {
            foreach (var index in _buckets[bucket])
            {
                // a figure in several buckets is taken from the first that is asked for
                var first = Math.Max((int)(_figures[index].Y - Reach(_figures[index])) / BucketRows, 0);
                if (first == bucket || bucket == Math.Max(top / BucketRows, 0))
                    found.Add(index);
            }
        }

        found.Sort();
    }

    /// <summary>How far from its centre a figure paints, in pixels.</summary>
    public static float Reach(in Figure figure) =>
        figure.Kind switch
        {
            FigureKind.MitosisPlate or FigureKind.MitosisPair or FigureKind.MitosisClump => 20,
            FigureKind.Pyknotic => 13,
            FigureKind.Gland => (figure.Long * 1.3f) + 3,
            _ => (figure.Long * 1.35f) + 3,
        };

    private int KnotAt(float x, float y) =>
        (Math.Clamp((int)((y / KnotStep) + 0.5f), 0, Knots - 1) * Knots)
        + Math.Clamp((int)((x / KnotStep) + 0.5f), 0, Knots - 1);

    private void LayRegions()
    {
        var size = (float)Size;
        var centreX = size * _random.Between(0.47, 0.53);
        var centreY = size * _random.Between(0.47, 0.53);
        var radiusX = size * _random.Between(0.41, 0.46);
        var radiusY = size * _random.Between(0.41, 0.46);
        var lumps = Math.Max(size * 0.22f, 150);
        var direction = _random.Between(0, 2 * Math.PI);
        // the tumour is a large disc whose front crosses the tissue
        var tumourRadius = size * _random.Between(0.6, 0.9);
        var front = size * _random.Between(-0.12, 0.14);
        var tumourX = centreX + ((tumourRadius - front) * MathF.Cos(direction));
        var tumourY = centreY + ((tumourRadius - front) * MathF.Sin(direction));
        var band = BandMean * _random.Between(0.8, 1.35);

        for (var row = 0; row < Knots; row++)
        for (var column = 0; column < Knots; column++)
        {
            var knot = (row * Knots) + column;
            float x = column * KnotStep,
                y = row * KnotStep;
            var (dx, dy) = ((x - centreX) / radiusX, (y - centreY) / radiusY);
            var outline =
                1
                - MathF.Sqrt((dx * dx) + (dy * dy))
                + (0.1f * NoiseTables.Fractal((x / lumps) + _shiftX, (y / lumps) + _shiftY));
            _tissue[knot] = outline * Math.Min(radiusX, radiusY);
            if (_tissue[knot] > -2 * KnotStep)
                LayKnot(knot, x, y, tumourRadius - Distance(x, y, tumourX, tumourY), band);
        }
    }

    private void LayKnot(int knot, float x, float y, float inside, float band)
    {
        var desmoplastic = _biology.Pattern == GrowthPattern.Desmoplastic;
        var septum = 0.05f + (0.16f * (float)_biology.StromaShare);
        inside += 55 * NoiseTables.Smooth((x / 420) + _shiftY, (y / 420) + _shiftX);
        if (!desmoplastic)
        {
            _front[knot] = MathF.Abs(inside) < WideCords + FineCords;
            // cords of tumour push between the plates of normal cells
            inside += WideCords * NoiseTables.Smooth((x / 85) + _shiftX, (y / 85) + _shiftX);
            inside += FineCords * NoiseTables.Smooth((x / 34) + _shiftY, (y / 34) + _shiftY);
        }

        var ridge = NoiseTables.Smooth((x / 190) + _shiftX + 31, (y / 190) + _shiftY + 57);
        ridge += 0.35f * NoiseTables.Smooth((x / 70) + _shiftX + 3, (y / 70) + _shiftY + 7);
        var wave = NoiseTables.Smooth((x / 110) + _shiftY + 11, (y / 110) + _shiftX + 13);
        if (inside > 0)
        {
            var isSeptum = MathF.Abs(ridge) < septum && inside > 60;
            Set(knot, isSeptum ? TissueClass.Stroma : TissueClass.Tumour, isSeptum ? Filling.Fibrous : Filling.Nest);
            _fibre[knot] = (ridge * 150) + (wave * 8);
        }
        else if (desmoplastic && inside > -band * (1 + (0.35f * wave)))
        {
            Set(knot, TissueClass.Desmoplastic, Filling.Dense);
            _front[knot] = true;
            _fibre[knot] = inside + (wave * 26);
        }
        else
        {
            Set(knot, TissueClass.Normal, Filling.Parenchyma);
            // sinusoids: a web, where this is near 0
            var (u, v) = ((0.8f * x) + (0.6f * y), (0.8f * y) - (0.6f * x));
            _fibre[knot] =
                (34 * NoiseTables.Smooth((u / 47) + _shiftX, (v / 47) + _shiftY))
                + (20 * NoiseTables.Smooth((x / 27) + _shiftY, (y / 27) + _shiftX));
        }
    }

    private void PlaceIslands()
    {
        // in normal tissue, whatever the pattern
        PlaceLobules();
        PlacePortalTracts();
        PlaceAggregates();
        PlaceTumourGlands();
    }

    private void PlacePortalTracts()
    {
        foreach (var (x, y) in Lattice(540 * (float)_biology.IslandSpacing))
        {
            var radius = _random.Between(45, 85);
            if (_random.NextDouble() > 0.75 || !Room(x, y, radius, TissueClass.Normal))
                continue;
            Island(x, y, radius, TissueClass.Stroma, Filling.Fibrous);
            for (int ducts = 1 + _random.Next(2), i = 0; i < ducts; i++)
            {
                var angle = _random.Between(0, 2 * Math.PI);
                var distance = radius * 0.5f;
                Gland(
                    x + (distance * MathF.Cos(angle + (i * 2.4f))),
                    y + (distance * MathF.Sin(angle + (i * 2.4f))),
                    _random.Between(18, 25),
                    TissueClass.Gland
                );
            }
        }
    }

    private void PlaceLobules()
    {
        foreach (var (x, y) in Lattice(700 * (float)_biology.IslandSpacing))
        {
            var radius = _random.Between(100, 170);
            if (_random.NextDouble() > 0.6 || !Room(x, y, radius * 0.65f, TissueClass.Normal))
                continue;
            Island(x, y, radius, TissueClass.Stroma, Filling.Fibrous);
            // packed as in a honeycomb
            const float Spacing = 68;
            var turn = _random.Between(0, Math.PI);
            for (var row = -3; row <= 3; row++)
            for (var column = -3; column <= 3; column++)
            {
                var (u, v) = ((column + (row % 2 * 0.5f)) * Spacing, row * Spacing * 0.87f);
                var gx = x + (u * MathF.Cos(turn)) - (v * MathF.Sin(turn)) + _random.Between(-4, 4);
                var gy = y + (u * MathF.Sin(turn)) + (v * MathF.Cos(turn)) + _random.Between(-4, 4);
                var outer = _random.Between(28, 35);
                if (Distance(gx, gy, x, y) < radius - 12 && Room(gx, gy, outer * 0.75f, TissueClass.Stroma))
                    Gland(gx, gy, outer, TissueClass.Gland);
            }
        }
    }

    private void PlaceAggregates()
    {
        foreach (var (x, y) in Lattice(560 * (float)_biology.IslandSpacing))
        {
            var radius = _random.Between(70, 150);
            var chance = 0.25 + (0.5 * _biology.LymphocyteShare);
            if (_random.NextDouble() < chance && Room(x, y, radius * 0.8f, TissueClass.Normal))
                Island(x, y, radius, TissueClass.Lymphoid, Filling.Lymphoid);
        }

        // clusters of lymphocytes along the outer rim of the band
        if (_biology.Pattern == GrowthPattern.Desmoplastic)
        {
            foreach (var (x, y) in Lattice(260))
            {
                var knot = KnotAt(x, y);
                var chance = 0.3 + (0.5 * _biology.LymphocyteShare);
                if (_classes[knot] == TissueClass.Desmoplastic && _random.NextDouble() < chance)
                    Island(x, y, _random.Between(30, 65), TissueClass.Lymphoid, Filling.Lymphoid);
            }
        }
    }

    private void PlaceTumourGlands()
    {
        foreach (var (x, y) in Lattice(125))
        {
            var outer = _random.Between(36, 60);
            if (_random.NextDouble() < _biology.GlandShare && Room(x, y, outer * 0.9f, TissueClass.Tumour))
                Gland(x, y, outer, TissueClass.Tumour);
        }
    }

    private void SetBases()
    {
        for (var knot = 0; knot < _fillings.Length; knot++)
        {
            (Eosin[knot], Hematoxylin[knot], Streaks[knot], Gaps[knot]) = _fillings[knot] switch
            {
                Filling.Parenchyma => (0.62f, 0.06f, 0f, 0.88f),
                Filling.Fibrous => (0.46f, 0.03f, 0.62f, 0),
                Filling.Dense => (0.6f, 0.04f, 0.5f, 0),
                Filling.Nest => (0.4f, 0.2f, 0.1f, 0),
                Filling.Lymphoid => (0.32f, 0.14f, 0.1f, 0),
                _ => (0, 0, 0, 0),
            };
        }
    }

    private void PlaceNuclei()
    {
        foreach (var (x, y) in Lattice(44, jitter: 0.3f))
        {
            if (Free(x, y) == Filling.Parenchyma)
                Add(FigureKind.Hepatocyte, x, y, _random.Between(6.8, 8.6), 0.92, 0.8);
        }

        foreach (var (x, y) in Lattice(21))
        {
            var filling = Free(x, y);
            var chance = filling switch
            {
                Filling.Fibrous => 0.4,
                Filling.Dense => 0.34,
                Filling.Parenchyma => 0.025, // cells of the sinusoids
                _ => 0,
            };
            if (chance > 0 && _random.NextDouble() < chance)
            {
                Add(
                    FigureKind.Spindle,
                    x,
                    y,
                    _random.Between(10, 17),
                    _random.Between(0.18, 0.3),
                    _random.Between(0.75, 1.05),
                    AlongFibres(x, y) + _random.Between(-0.2, 0.2)
                );
            }
        }

        foreach (var (x, y) in Lattice(15.5f, jitter: 0.35f))
        {
            var share = _biology.LymphocyteShare;
            var chance = Free(x, y) switch
            {
                Filling.Lymphoid => 0.93,
                Filling.Dense => 0.03 + (0.12 * share * Patchy(x, y)),
                Filling.Fibrous => 0.02 + (0.09 * share * Patchy(x, y)),
                Filling.Parenchyma => 0.006 * share,
                Filling.Nest => 0.012 * share,
                _ => 0,
            };
            if (chance > 0 && _random.NextDouble() < chance)
                Add(
                    FigureKind.Lymphocyte,
                    x,
                    y,
                    _random.Between(5.3, 6.8),
                    _random.Between(0.86, 1),
                    _random.Between(1.15, 1.5)
                );
        }

        foreach (var (x, y) in Lattice((float)_biology.CellSpacing, jitter: 0.3f))
        {
            if (Free(x, y) == Filling.Nest)
                TumourCell(x, y, _random.Between(0, Math.PI));
        }
    }

    private void TumourCell(float x, float y, float angle)
    {
        var fate = _random.NextDouble();
        if (fate < _biology.MitoticShare)
        {
            var kind = _random.NextDouble() switch
            {
                < 0.45 => FigureKind.MitosisPlate,
                < 0.65 => FigureKind.MitosisPair,
                _ => FigureKind.MitosisClump,
            };
            Add(kind, x, y, _random.Between(9.5, 12.5), 1, _random.Between(1.7, 2.1), _random.Between(0, Math.PI));
        }
        else if (fate < _biology.MitoticShare + _biology.DyingShare)
        {
            Add(FigureKind.Pyknotic, x, y, _random.Between(3.8, 6.4), 0.9, _random.Between(1.5, 2));
        }
        else
        {
            // sizes differ widely: the mark of malignant cells
            var size = _biology.NucleusSize * Math.Exp(0.2 * Draws.Normal(_random));
            var limit = _biology.CellSpacing * 0.62;
            Add(
                FigureKind.Tumour,
                x,
                y,
                (float)Math.Clamp(size * 1.1, 6.5, limit),
                _random.Between(0.62, 0.95),
                _random.Between(0.62, 1.05),
                angle
            );
        }
    }

    private void Gland(float x, float y, float outer, TissueClass tissue)
    {
        var malignant = tissue == TissueClass.Tumour;
        var wall = malignant ? _random.Between(19, 25) : _random.Between(14, 17);
        var lumen = Math.Max(outer - wall, 4);
        Add(FigureKind.Gland, x, y, outer, lumen / outer, malignant ? 0.3 : 0.16);
        for (var row = Math.Max((int)((y - outer) / KnotStep) - 1, 0); row < Knots; row++)
        {
            if (row * KnotStep > y + outer + KnotStep)
                break;
            for (var column = Math.Max((int)((x - outer) / KnotStep) - 1, 0); column < Knots; column++)
            {
                if (column * KnotStep > x + outer + KnotStep)
                    break;
                if (Distance(column * KnotStep, row * KnotStep, x, y) > outer + 3)
                    continue;
                var knot = (row * Knots) + column;
                _taken[knot] = true;
                _classes[knot] = tissue;
            }
        }

        var ring = malignant ? lumen + (wall * 0.5f) : lumen + (wall * 0.58f);
        var spacing = malignant ? (float)_biology.CellSpacing * 0.72f : 11.5f;
        var count = Math.Max((int)(2 * Math.PI * ring / spacing), 5);
        var start = _random.Between(0, 6.28);
        for (var i = 0; i < count; i++)
        {
            var angle = start + (2 * MathF.PI * (i + _random.Between(-0.18, 0.18)) / count);
            var distance = ring + _random.Between(malignant ? -4 : -1.5, malignant ? 4 : 1.5);
            var (cx, cy) = (x + (distance * MathF.Cos(angle)), y + (distance * MathF.Sin(angle)));
            if (malignant)
                TumourCell(cx, cy, angle);
            else
                Add(FigureKind.Epithelial, cx, cy, _random.Between(6, 7.4), _random.Between(0.62, 0.78), 0.95, angle);
        }
    }

    private void Island(float x, float y, float radius, TissueClass tissue, Filling filling)
    {
        var reach = radius * 1.35f;
        var rough = _random.Between(0, 256);
        var from = Math.Max((int)((y - reach) / KnotStep), 0);
        for (var row = from; row < Knots && row * KnotStep < y + reach; row++)
        {
            var start = Math.Max((int)((x - reach) / KnotStep), 0);
            for (var column = start; column < Knots && column * KnotStep < x + reach; column++)
            {
                var knot = (row * Knots) + column;
                float kx = column * KnotStep,
                    ky = row * KnotStep;
                var distance = Distance(kx, ky, x, y);
                var edge = radius * (1 + (0.3f * NoiseTables.Smooth((kx / 48) + rough, (ky / 48) + rough)));
                if (distance > edge || _tissue[knot] <= 0 || _taken[knot] || _classes[knot] == TissueClass.Tumour)
                    continue;
                Set(knot, tissue, filling);
                if (filling == Filling.Fibrous)
                    _fibre[knot] = distance + (30 * NoiseTables.Smooth((kx / 60) + rough, (ky / 60) + rough));
            }
        }
    }

    private bool Room(float x, float y, float radius, TissueClass tissue)
    {
        for (var i = 0; i < 9; i++)
        {
            var angle = i * 0.785f;
            var reach = i == 8 ? 0 : radius;
            var (px, py) = (x + (reach * MathF.Cos(angle)), y + (reach * MathF.Sin(angle)));
            if (px < 0 || py < 0 || px >= Size || py >= Size)
                return false;
            var knot = KnotAt(px, py);
            if (_classes[knot] != tissue || _taken[knot])
                return false;
        }

        return true;
    }

    private Filling Free(float x, float y)
    {
        var knot = KnotAt(x, y);
        return _taken[knot] || _tissue[knot] < 9 ? Filling.None : _fillings[knot];
    }

    private float AlongFibres(float x, float y)
    {
        var column = Math.Clamp((int)((x / KnotStep) + 0.5f), 1, Knots - 2);
        var row = Math.Clamp((int)((y / KnotStep) + 0.5f), 1, Knots - 2);
        var knot = (row * Knots) + column;
        var across = MathF.Atan2(_fibre[knot + Knots] - _fibre[knot - Knots], _fibre[knot + 1] - _fibre[knot - 1]);
        return across + (MathF.PI / 2);
    }

    private float Patchy(float x, float y) =>
        Math.Clamp(0.7f + (1.6f * NoiseTables.Smooth((x / 130) + _shiftY + 71, (y / 130) + _shiftX + 29)), 0.1f, 2.2f);

    private List<(float X, float Y)> Lattice(float spacing, float jitter = 0.4f)
    {
        var places = new List<(float X, float Y)>((int)(Size / spacing * Size / spacing) + 1);
        var row = 0;
        for (var y = spacing * 0.5f; y < Size; y += spacing * 0.93f, row++)
        for (var x = spacing * (row % 2 == 0 ? 0.25f : 0.75f); x < Size; x += spacing)
        {
            // both draws are made for every place, so that one region's shape does not shift another's cells
            var dx = spacing * jitter * ((2 * _random.NextSingle()) - 1);
            var dy = spacing * jitter * ((2 * _random.NextSingle()) - 1);
            places.Add((x + dx, y + dy));
        }

        return places;
    }

    private void Add(FigureKind kind, float x, float y, float half, double aspect, double density, float angle = 0) =>
        _figures.Add(new Figure(kind, x, y, half, (float)(half * aspect), angle, (float)density, _random.Next(65536)));

    private void Set(int knot, TissueClass tissue, Filling filling) =>
        (_classes[knot], _fillings[knot]) = (_tissue[knot] > 0 ? tissue : TissueClass.Background, filling);

    private void SortIntoBuckets()
    {
        var buckets = new List<int>[(Size + BucketRows - 1) / BucketRows];
        for (var i = 0; i < buckets.Length; i++)
            buckets[i] = [];
        for (var i = 0; i < _figures.Count; i++)
        {
            var reach = Reach(_figures[i]);
            var first = Math.Max((int)(_figures[i].Y - reach) / BucketRows, 0);
            var last = Math.Min((int)(_figures[i].Y + reach) / BucketRows, buckets.Length - 1);
            for (var bucket = first; bucket <= last; bucket++)
                buckets[bucket].Add(i);
        }

        _buckets = [.. buckets.Select(bucket => bucket.ToArray())];
    }

    private static float Distance(float x, float y, float otherX, float otherY) =>
        MathF.Sqrt(((x - otherX) * (x - otherX)) + ((y - otherY) * (y - otherY)));

    private enum Filling : byte
    {
        None,
        Parenchyma,
        Fibrous,
        Dense,
        Nest,
        Lymphoid,
    }
}
