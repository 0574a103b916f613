namespace Histonic.Slides.Synthetic;

/// <summary>Cuts labelled patches from one small synthetic slide.</summary>
internal sealed class PatchCutter
{
    private const int Side = 1024;
    private const int Patch = PatchSetOptions.PatchSize;
    private const int Step = 48; // between tried places, px
    private const int Knots = Patch / TissuePlan.KnotStep;

    // A mitotic figure this near a patch's edge, in pixels, may show in it or not: no patch with one there is labelled.
    private const float Doubt = 14;

    // How far, in pixels, a figure that gives a patch its label may lie from the patch's centre, each way.
    private const float OffCentre = 42;

    private readonly TissuePlan _plan;
    private readonly byte[] _rgb;
    private readonly Random _random;
    private readonly HashSet<PatchClass> _wanted;
    private readonly PatchSetOptions _options;
    private readonly string _slide;
    private readonly Dictionary<PatchClass, int> _taken = [];
    private readonly List<LabelledPatch> _patches = [];

    private PatchCutter(
        string slide,
        TissuePlan plan,
        byte[] rgb,
        Random random,
        HashSet<PatchClass> wanted,
        PatchSetOptions options
    ) => (_slide, _plan, _rgb, _random, _wanted, _options) = (slide, plan, rgb, random, wanted, options);

    /// <summary>Makes a slide and cuts what is wanted from it.</summary>
    /// <param name="slide">The slide's number; with the seed it determines everything.</param>
    /// <param name="wanted">The classes that still need patches.</param>
    /// <param name="options">How many at most, and how varied.</param>
    /// <param name="laboratory">Where the slide was made; null: in a laboratory of its own.</param>
    /// <param name="seed">Where chance comes from.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static IReadOnlyList<LabelledPatch> Cut(
        int slide,
        HashSet<PatchClass> wanted,
        PatchSetOptions options,
        SlideLook? laboratory,
        Seed seed,
        CancellationToken cancellationToken
    )
    {
        var random = seed.For($"field {slide}");
        var pattern = slide % 2 == 0 ? GrowthPattern.Desmoplastic : GrowthPattern.Replacement;
        var biology = SlideBiology.Draw(random, pattern, random.Between(-1, 1), Draws.Normal(random)) with
        {
            IslandSpacing = 0.55, // rare tissue is what most slides would be made for
        };
        var plan = TissuePlan.Make(Side, biology, random);
        var look = SlideLook.Draw(seed.For($"field {slide} look"), options.Nuisance);
        if (laboratory is not null)
            look = look.Of(laboratory);
        var rgb = TissuePainter.Paint(plan, look, seed.Number($"field {slide} texture"), cancellationToken);
        rgb = JpegTrip.Through(rgb, Side, look.Quality);
        var cutter = new PatchCutter($"F{slide + 1:D5}", plan, rgb, random, wanted, options);
        cutter.CutMitoses();
        cutter.CutTissues();
        return cutter._patches;
    }

    private void CutMitoses()
    {
        var figures = _plan.Figures.Where(figure => _plan.ClassAt(figure.X, figure.Y) == TissueClass.Tumour).ToArray();
        _random.Shuffle(figures);
        var positive = new PatchClass("mitosis", "mitosis");
        foreach (var figure in figures.Where(figure => FigureCounts.IsMitosis(figure.Kind)))
            Take(positive, (int)(figure.X + OffCentreBy()), (int)(figure.Y + OffCentreBy()));

        // three in six of the others have a dying cell near the centre, one a lymphocyte, two plain tumour nuclei
        var negative = new PatchClass("mitosis", "lookalike");
        var kinds = new Dictionary<FigureKind, Queue<Figure>>();
        foreach (var kind in (FigureKind[])[FigureKind.Pyknotic, FigureKind.Lymphocyte, FigureKind.Tumour])
            kinds[kind] = new Queue<Figure>(figures.Where(figure => figure.Kind == kind).Take(200));
        for (var turn = 0; kinds.Values.Any(queue => queue.Count > 0); turn++)
        {
            var kind = (turn % 6) switch
            {
                0 or 2 or 4 => FigureKind.Pyknotic,
                3 => FigureKind.Lymphocyte,
                _ => FigureKind.Tumour,
            };
            while (kinds[kind].TryDequeue(out var figure))
            {
                var (x, y) = ((int)(figure.X + OffCentreBy()), (int)(figure.Y + OffCentreBy()));
                if (!HoldsMitosis(x, y) && Share(x, y, TissueClass.Tumour) >= 0.4 && Take(negative, x, y))
                    break;
            }
        }
    }

    private void CutTissues()
    {
        var places = new List<(int X, int Y)>();
        for (var y = Patch / 2; y < Side - (Patch / 2); y += Step)
        for (var x = Patch / 2; x < Side - (Patch / 2); x += Step)
            places.Add((x + _random.Next(Step), y + _random.Next(Step)));
        var shuffled = places.ToArray();
        _random.Shuffle(shuffled);

        var normals = 0;
        foreach (var (x, y) in shuffled)
        {
            if (TissueAt(x, y) is not { } tissue)
                continue;
            if (tissue is TissueClass.Stroma && Share(x, y, TissueClass.Tumour) > 0.2)
                continue;
            Take(new PatchClass("tissue", tissue.ToString().ToLowerInvariant()), x, y);
            if (tissue is TissueClass.Tumour)
                Take(new PatchClass("tumour", "tumour"), x, y);
            if (tissue is TissueClass.Lymphoid or TissueClass.Gland or TissueClass.Stroma)
                Take(new PatchClass("tumour", "normal"), x, y);
            else if (tissue is TissueClass.Normal && normals++ * 2 < _options.PerSlide)
                Take(new PatchClass("tumour", "normal"), x, y); // half of them at most, to leave room for the rest
            if (tissue is TissueClass.Tumour or TissueClass.Gland)
                Take(new PatchClass("epithelium", "epithelium"), x, y);
            if (tissue is TissueClass.Stroma or TissueClass.Desmoplastic)
                Take(new PatchClass("epithelium", "stroma"), x, y);
        }
    }

    /// <summary>The class that clearly prevails in a patch; null where none does.</summary>
    private TissueClass? TissueAt(int x, int y)
    {
        foreach (
            var (tissue, least) in ((TissueClass, double)[])
                [
                    (TissueClass.Background, 0.9),
                    (TissueClass.Normal, 0.85),
                    (TissueClass.Tumour, 0.8),
                    (TissueClass.Desmoplastic, 0.7),
                    (TissueClass.Lymphoid, 0.6),
                    (TissueClass.Stroma, 0.55),
                    (TissueClass.Gland, 0.4),
                ]
        )
        {
            if (Share(x, y, tissue) >= least)
                return tissue;
        }

        return null;
    }

    private double Share(int x, int y, TissueClass tissue)
    {
        var count = 0;
        for (var row = 0; row < Knots; row++)
        for (var column = 0; column < Knots; column++)
            if (
                _plan.ClassAt(
                    x - (Patch / 2) + (column * TissuePlan.KnotStep) + 4,
                    y - (Patch / 2) + (row * TissuePlan.KnotStep) + 4
                ) == tissue
            )
                count++;
        return count / (double)(Knots * Knots);
    }

    private bool HoldsMitosis(int x, int y) =>
        _plan.Figures.Any(figure =>
            FigureCounts.IsMitosis(figure.Kind)
            && MathF.Abs(figure.X - x) < (Patch / 2) + Doubt
            && MathF.Abs(figure.Y - y) < (Patch / 2) + Doubt
        );

    private float OffCentreBy() => _random.Between(-OffCentre, OffCentre);

    private bool Take(PatchClass name, int x, int y)
    {
        var (left, top) = (x - (Patch / 2), y - (Patch / 2));
        var number = _taken.GetValueOrDefault(name);
        if (number >= _options.PerSlide || left < 0 || top < 0 || left + Patch > Side || top + Patch > Side)
            return false;
        if (!_wanted.Contains(name))
            return false;
        _taken[name] = number + 1;
        var rgb = new byte[Patch * Patch * 3];
        for (var row = 0; row < Patch; row++)
            _rgb.AsSpan((((top + row) * Side) + left) * 3, Patch * 3).CopyTo(rgb.AsSpan(row * Patch * 3));
        _patches.Add(new LabelledPatch(name, $"{_slide}_{number}", rgb));
        return true;
    }
}
