namespace Histonic.Slides.Synthetic;

/// <summary>What one slide holds, counted.</summary>
/// <param name="TumourNuclei">Nuclei of the tumour, dividing and dying ones too.</param>
/// <param name="Mitoses">Mitotic figures.</param>
/// <param name="Pyknotic">Dying cells.</param>
/// <param name="Lymphocytes">Lymphocytes.</param>
/// <param name="Areas">mm² of each <see cref="TissueClass"/>.</param>
internal sealed record FigureCounts(int TumourNuclei, int Mitoses, int Pyknotic, int Lymphocytes, double[] Areas)
{
    /// <summary>The names of <see cref="Fields"/>.</summary>
    public static IReadOnlyList<string> Header { get; } =
    [
        "tumour_nuclei",
        "mitoses",
        "pyknotic",
        "lymphocytes",
        .. Enum.GetNames<TissueClass>().Skip(1).Select(name => $"{name.ToLowerInvariant()}_mm2"),
    ];

    /// <summary>Whether a figure is a mitosis.</summary>
    public static bool IsMitosis(FigureKind kind) =>
        kind is FigureKind.MitosisPlate or FigureKind.MitosisPair or FigureKind.MitosisClump;

    /// <summary>Counts a slide's figures whose centre lies within it.</summary>
    public static FigureCounts Of(TissuePlan plan)
    {
        var kinds = new int[Enum.GetValues<FigureKind>().Length];
        foreach (var figure in plan.Figures)
            if (figure is { X: >= 0, Y: >= 0 } && figure.X < plan.Size && figure.Y < plan.Size)
                kinds[(int)figure.Kind]++;
        var areas = new double[Enum.GetValues<TissueClass>().Length];
        var knot = Math.Pow(TissuePlan.KnotStep * CohortOptions.PixelSize.Value / 1000, 2);
        foreach (var tissue in plan.Classes)
            areas[(int)tissue] += knot;
        var mitoses =
            kinds[(int)FigureKind.MitosisPlate]
            + kinds[(int)FigureKind.MitosisPair]
            + kinds[(int)FigureKind.MitosisClump];
        var dying = kinds[(int)FigureKind.Pyknotic];
        return new FigureCounts(
            kinds[(int)FigureKind.Tumour] + mitoses + dying,
            mitoses,
            dying,
            kinds[(int)FigureKind.Lymphocyte],
            areas
        );
    }

    /// <summary>The counts and areas, for a row of a table.</summary>
    public IEnumerable<object?> Fields() =>
        [TumourNuclei, Mitoses, Pyknotic, Lymphocytes, .. Areas.Skip(1).Select(area => (object?)Math.Round(area, 4))];
}
