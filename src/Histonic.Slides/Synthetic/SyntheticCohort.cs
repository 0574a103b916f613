using System.Globalization;
using System.Text.Json.Nodes;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Synthetic;

/// <summary>Makes a cohort: slides like those of colorectal liver metastases, with labels that their cells bear out.</summary>
/// <remarks>
/// The folder gets slides/NAME.tif, labels.csv (slide, patient, proliferation, pattern, time, event), truth/NAME.png (classes
/// at 8 µm/px, see <see cref="TissueClass"/>), truth/classes.csv, truth/regions likewise for the parts that decide the labels (<see cref="TruthRegion"/>), truth/truth.csv (all that was drawn) and cohort.json;
/// with artefacts also truth/artefacts/NAME.png (their bits, see <see cref="SlideArtefacts"/>, on the same raster) and truth/artefacts/bits.csv.
/// Memory: 3.4 bytes a pixel (with artefacts 4.4) for each slide that is in the making, and no more than <see cref="CohortOptions.Threads"/> are.
/// </remarks>
public static class SyntheticCohort
{
    /// <summary>How many level-0 pixels one pixel of a truth mask spans.</summary>
    public const int MaskDownsample = 16;

    // Raised whenever the same seed makes other pixels or labels, so that old and new slides are never mixed.
    private const int GeneratorVersion = 1;

    /// <summary>Writes a cohort, or what is missing of it.</summary>
    /// <param name="folder">A new or empty folder, or one that holds part of the same cohort.</param>
    /// <param name="options">What it is like.</param>
    /// <param name="seed">Where all of it comes from.</param>
    /// <param name="monitor">Told of each slide.</param>
    /// <param name="cancellationToken">Stops it; slides that are done stay, and the next call goes on from there.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="OptionException">An option cannot work.</exception>
    /// <exception cref="InputException">The folder holds something else, or cannot be written.</exception>
    public static CohortSummary Write(
        string folder,
        CohortOptions options,
        Seed seed,
        IWorkMonitor monitor,
        CancellationToken cancellationToken = default
    )
    {
        options = options.Validated();
        var slides = SlidePlan.Draw(seed, options);
        if (options.Artefacts.HasFlag(SlideArtefacts.Pale))
            slides =
            [
                .. slides.Select((slide, i) => slide with { Look = slide.Look.Faded(seed.For($"slide {i} pale")) }),
            ];
        SyntheticFolder.Open(folder, "cohort.json", Identity(options, seed), Account(options));

        var counts = new FigureCounts[slides.Count];
        int done = 0,
            made = 0;
        try
        {
            Parallel.For(
                0,
                slides.Count,
                new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken },
                i =>
                {
                    var slide = slides[i];
                    var plan = slide.LayOut(seed, options.SlideSize);
                    counts[i] = FigureCounts.Of(plan);
                    var picture = Path.Combine(folder, "slides", $"{slide.Name}.tif");
                    var mask = Path.Combine(folder, "truth", $"{slide.Name}.png");
                    var artefacts = Path.Combine(folder, "truth", "artefacts", $"{slide.Name}.png");
                    if (
                        !File.Exists(mask)
                        || !File.Exists(picture)
                        || (options.Artefacts != SlideArtefacts.None && !File.Exists(artefacts))
                    )
                    {
                        var rgb = TissuePainter.Paint(
                            plan,
                            slide.Look,
                            seed.Number($"slide {i} texture"),
                            cancellationToken
                        );
                        var cover =
                            options.Artefacts == SlideArtefacts.None
                                ? null
                                : ArtefactPainter.Paint(
                                    plan,
                                    slide.Look,
                                    rgb,
                                    options.Artefacts,
                                    name => seed.For($"slide {i} {name}")
                                );
                        PyramidWriter.Write(
                            picture,
                            new RgbImage(options.SlideSize, options.SlideSize, rgb),
                            CohortOptions.PixelSize,
                            slide.Look.Quality
                        );
                        if (cover is not null)
                            WriteCover(artefacts, cover, options.SlideSize);
                        WriteMask(mask, plan.Size, (x, y) => (byte)plan.ClassAt(x, y));
                        Interlocked.Increment(ref made);
                    }

                    // cohorts of earlier versions get it too
                    var regions = Path.Combine(folder, "truth", "regions", $"{slide.Name}.png");
                    if (!File.Exists(regions))
                        WriteMask(regions, plan.Size, (x, y) => (byte)plan.RegionAt(x, y));

                    monitor.Report(
                        new WorkProgress("synth cohort", Interlocked.Increment(ref done), slides.Count, "slides")
                    );
                }
            );
        }
        catch (AggregateException errors)
            when (errors.InnerExceptions.OfType<HistonicException>().FirstOrDefault() is { } first)
        {
            throw first is InputException input
                ? new InputException(input.Subject, input.Finding, input.Remedy, errors)
                : first;
        }

        WriteTables(folder, slides, counts);
        if (options.Artefacts != SlideArtefacts.None)
        {
            CsvTable.Write(
                Path.Combine(folder, "truth", "artefacts", "bits.csv"),
                ["bit", "artefact"],
                Enum.GetValues<SlideArtefacts>()
                    .Where(one => one != SlideArtefacts.None && options.Artefacts.HasFlag(one))
                    .Select(one => (IReadOnlyList<object?>)[(int)one, ArtefactNames.Of(one)])
            );
        }

        var patients = slides.Select(slide => slide.Patient).Distinct().ToArray();
        return new CohortSummary(slides.Count, made, patients.Length, patients.Count(patient => patient.Died));
    }

    private static JsonObject Identity(CohortOptions options, Seed seed)
    {
        var identity = new JsonObject
        {
            ["generator"] = GeneratorVersion,
            ["seed"] = seed.Value,
            ["slide_size"] = options.SlideSize,
            ["effect_size"] = options.EffectSize,
            ["censoring"] = options.Censoring,
            ["label_noise"] = options.LabelNoise,
            ["density_weight"] = options.DensityWeight,
            ["nuisance"] = options.Nuisance,
            ["multiple_slides"] = options.MultipleSlides,
        };
        if (options.Artefacts != SlideArtefacts.None)
            identity["artefacts"] = options.Artefacts.ToString();
        return identity;
    }

    private static JsonObject Account(CohortOptions options) =>
        new()
        {
            ["slides"] = options.Slides,
            ["mpp"] = CohortOptions.PixelSize.Value,
            ["histonic_version"] = ProductVersion.Current,
            ["log_hazard"] = new JsonObject
            {
                ["proliferation"] = PatientTruth.ProliferationEffect * options.EffectSize,
                ["replacement"] = PatientTruth.ReplacementEffect * options.EffectSize,
                ["weibull_shape"] = PatientTruth.WeibullShape,
                ["weibull_scale_months"] = PatientTruth.WeibullScale,
            },
        };

    private static void WriteMask(string path, int size, Func<float, float, byte> valueAt)
    {
        var side = (size + MaskDownsample - 1) / MaskDownsample;
        var pixels = new byte[side * side];
        for (var i = 0; i < pixels.Length; i++)
        {
            var x = ((i % side) + 0.5f) * MaskDownsample;
            var y = ((i / side) + 0.5f) * MaskDownsample;
            pixels[i] = valueAt(x, y);
        }

        PictureFile.WriteGreyPng(path, side, side, pixels);
    }

    /// <summary>Writes which artefacts cover at least half of each mask pixel.</summary>
    private static void WriteCover(string path, byte[] cover, int size)
    {
        var side = (size + MaskDownsample - 1) / MaskDownsample;
        var pixels = new byte[side * side];
        Span<int> counts = stackalloc int[8];
        for (var i = 0; i < pixels.Length; i++)
        {
            counts.Clear();
            var (top, left) = (i / side * MaskDownsample, i % side * MaskDownsample);
            var (bottom, right) = (Math.Min(top + MaskDownsample, size), Math.Min(left + MaskDownsample, size));
            for (var at = top * size; at < bottom * size; at += size)
            {
                foreach (var bits in cover.AsSpan(at + left, right - left))
                {
                    for (var bit = 0; bit < counts.Length; bit++)
                        counts[bit] += (bits >> bit) & 1;
                }
            }

            for (var bit = 0; bit < counts.Length; bit++)
            {
                if (counts[bit] * 2 >= (bottom - top) * (right - left))
                    pixels[i] |= (byte)(1 << bit);
            }
        }

        PictureFile.WriteGreyPng(path, side, side, pixels);
    }

    private static void WriteTables(string folder, IReadOnlyList<SlidePlan> slides, FigureCounts[] counts)
    {
        WriteClasses<TissueClass>(Path.Combine(folder, "truth", "classes.csv"));
        WriteClasses<TruthRegion>(Path.Combine(folder, "truth", "regions", "classes.csv"));
        CsvTable.Write(
            Path.Combine(folder, "truth", "truth.csv"),
            [
                .. FigureCounts.Header.Prepend("slide"),
                .. (string[])
                    [
                        "patient",
                        "mitosis_sd",
                        "density_sd",
                        "log_hazard",
                        "survival_months",
                        "follow_up_months",
                        "hematoxylin_strength",
                        "eosin_strength",
                        "gamma",
                        "blur_px",
                        "noise",
                        "jpeg_quality",
                    ],
            ],
            slides.Select((slide, i) => Row(slide, counts[i]))
        );
        CsvTable.Write(
            Path.Combine(folder, "labels.csv"),
            ["slide", "patient", "proliferation", "pattern", "time", "event"],
            slides.Select(slide =>
                (IReadOnlyList<object?>)
                    [
                        slide.Name,
                        slide.Patient.Name,
                        Math.Round(slide.Patient.Proliferation, 4),
                        slide.Patient.Pattern.ToString().ToLowerInvariant(),
                        slide.Patient.Months,
                        slide.Patient.Died ? 1 : 0,
                    ]
            )
        );
    }

    private static void WriteClasses<T>(string path)
        where T : struct, Enum =>
        CsvTable.Write(
            path,
            ["value", "class"],
            Enum.GetValues<T>()
                .Select(one =>
                    (IReadOnlyList<object?>)
                        [Convert.ToInt32(one, CultureInfo.InvariantCulture), one.ToString().ToLowerInvariant()]
                )
        );

    private static IReadOnlyList<object?> Row(SlidePlan slide, FigureCounts counts) =>
        [
            slide.Name,
            .. counts.Fields(),
            slide.Patient.Name,
            .. new[]
            {
                slide.Patient.Mitosis,
                slide.Patient.Density,
                slide.Patient.LogHazard,
                slide.Patient.SurvivalMonths,
                slide.Patient.FollowUpMonths,
                slide.Look.HematoxylinStrength,
                slide.Look.EosinStrength,
                slide.Look.Gamma,
                slide.Look.Blur,
                slide.Look.Noise,
            }.Select(value => (object?)Math.Round(value, 4)),
            slide.Look.Quality,
        ];
}
