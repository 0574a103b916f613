using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;
using Histonic.Slides.Synthetic;
using Histonic.Tests.Support;
using NetVips;

namespace Histonic.Tests.Slides.Synthetic;

public sealed class SyntheticCohortTests
{
    private static readonly CohortOptions _small = new()
    {
        Slides = 3,
        SlideSize = 512,
        Threads = 2,
    };

    [Fact]
    public void The_same_seed_makes_the_same_files_and_another_seed_others()
    {
        using var folder = new TemporaryFolder();
        Make(folder["a"], _small, 5);
        Make(folder["b"], _small with { Threads = 1 }, 5);
        Make(folder["c"], _small, 6);

        string[] files = ["labels.csv", "slides/S0001.tif", "slides/S0003.tif", "truth/S0002.png", "truth/truth.csv"];
        foreach (var file in files)
        {
            var first = File.ReadAllBytes(Path.Combine(folder["a"], file));
            Assert.Equal(first, File.ReadAllBytes(Path.Combine(folder["b"], file)));
            Assert.NotEqual(first, File.ReadAllBytes(Path.Combine(folder["c"], file)));
        }
    }

    [Fact]
    public void A_cohort_grows_without_changing_the_slides_it_has()
    {
        using var folder = new TemporaryFolder();
        Make(folder["cohort"], _small, 5);
        var slide = File.ReadAllBytes(Path.Combine(folder["cohort"], "slides", "S0003.tif"));
        var labels = File.ReadAllLines(Path.Combine(folder["cohort"], "labels.csv"));

        var summary = Make(folder["cohort"], _small with { Slides = 5 }, 5);

        Assert.Equal((5, 2), (summary.Slides, summary.Made));
        Assert.Equal(slide, File.ReadAllBytes(Path.Combine(folder["cohort"], "slides", "S0003.tif")));
        Assert.Equal(labels, File.ReadAllLines(Path.Combine(folder["cohort"], "labels.csv")).Take(4));
    }

    [Fact]
    public void Only_a_missing_slide_is_made_again()
    {
        using var folder = new TemporaryFolder();
        Make(folder["cohort"], _small, 5);
        var missing = Path.Combine(folder["cohort"], "slides", "S0002.tif");
        var before = File.ReadAllBytes(missing);
        File.Delete(missing);

        Assert.Equal(1, Make(folder["cohort"], _small, 5).Made);
        Assert.Equal(before, File.ReadAllBytes(missing));
    }

    [Fact]
    public void A_folder_with_another_cohort_or_with_other_files_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        Make(folder["cohort"], _small, 5);
        var error = Assert.Throws<InputException>(() => Make(folder["cohort"], _small, 6));
        Assert.Contains("another seed", error.Message, StringComparison.Ordinal);

        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(Path.Combine(folder["mine"], "notes.txt"), "mine");
        Assert.Throws<InputException>(() => Make(folder["mine"], _small, 5));
        Assert.Single(Directory.GetFileSystemEntries(folder["mine"]));
    }

    [Fact]
    public void Artefacts_change_pixels_only_where_their_truth_says_so()
    {
        using var folder = new TemporaryFolder();
        Make(folder["clean"], _small, 5);
        Make(folder["spoilt"], _small with { Artefacts = ArtefactNames.Parse("pen,fat,blur") }, 5);
        Make(folder["dusty"], _small with { Artefacts = SlideArtefacts.Dust }, 5);

        Assert.False(Directory.Exists(Path.Combine(folder["clean"], "truth", "artefacts")));
        foreach (var file in (string[])["labels.csv", "truth/S0002.png", "truth/truth.csv"])
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(folder["clean"], file)),
                File.ReadAllBytes(Path.Combine(folder["spoilt"], file))
            );
        }

        int changed = 0,
            dusty = 0;
        for (var slide = 1; slide <= _small.Slides; slide++)
        {
            var name = $"S{slide:D4}";
            var before = PictureFile.Read(Path.Combine(folder["clean"], "slides", $"{name}.tif"));
            var after = PictureFile.Read(Path.Combine(folder["spoilt"], "slides", $"{name}.tif"));
            var dust = PictureFile.Read(Path.Combine(folder["dusty"], "slides", $"{name}.tif"));
            var truth = Truth("spoilt", name);
            var specks = Truth("dusty", name);
            for (var i = 0; i < truth.Width * truth.Height; i++)
            {
                var (x, y) = (i % truth.Width, i / truth.Width);
                var near = false;
                for (var v = Math.Max(y - 3, 0); v <= Math.Min(y + 3, truth.Height - 1); v++)
                {
                    for (var u = Math.Max(x - 3, 0); u <= Math.Min(x + 3, truth.Width - 1); u++)
                        near |= truth.Pixels[((v * truth.Width) + u) * 3] > 0;
                }

                // in the middle of a mask pixel; edges are soft, and JPEG rings into the next block
                var at = ((((y * 16) + 8) * before.Width) + (x * 16) + 8) * 3;
                var difference = Math.Abs(before.Pixels[at + 1] - after.Pixels[at + 1]);
                Assert.True(near || difference <= 30, $"{name} differs by {difference} at {x}, {y}");
                changed += difference > 30 ? 1 : 0;
                dusty += specks.Pixels[i * 3] == (byte)SlideArtefacts.Dust && dust.Pixels[at] < 130 ? 1 : 0;
            }

            Assert.All(specks.Pixels, bits => Assert.True(bits is 0 or (byte)SlideArtefacts.Dust));
        }

        Assert.True(changed > 300, $"{changed} mask pixels changed");
        Assert.True(dusty > 20, $"{dusty} mask pixels are dark and said to be dust");

        RgbImage Truth(string cohort, string name) =>
            PictureFile.Read(Path.Combine(folder[cohort], "truth", "artefacts", $"{name}.png"));
    }

    [Fact]
    public void An_unknown_artefact_is_refused_with_those_that_are_known() =>
        Assert.Contains(
            "pen-blue",
            Assert.Throws<OptionException>(() => ArtefactNames.Parse("pen,ink")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_cancelled_cohort_leaves_no_half_slide()
    {
        using var folder = new TemporaryFolder();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SyntheticCohort.Write(folder["cohort"], _small, new Seed(5), SilentMonitor.Instance, cancelled.Token)
        );
        Assert.Equal(
            ["cohort.json"],
            Directory.GetFiles(folder["cohort"], "*", SearchOption.AllDirectories).Select(Path.GetFileName)
        );
    }

    [Fact]
    public void Labels_have_the_columns_of_the_contract_and_belong_to_the_patient()
    {
        using var folder = new TemporaryFolder();
        Make(folder["cohort"], _small with { Slides = 6, MultipleSlides = 1 }, 5);
        var path = Path.Combine(folder["cohort"], "labels.csv");
        var lines = File.ReadAllLines(path);
        Assert.Equal("slide,patient,proliferation,pattern,time,event", lines[0]);
        Assert.Equal(7, lines.Length);
        var rows = lines.Skip(1).Select(line => line.Split(',')).ToArray();
        foreach (var patient in rows.GroupBy(row => row[1], StringComparer.Ordinal))
            Assert.Single(patient.Select(row => string.Join(',', row[2..])).Distinct(StringComparer.Ordinal));
        Assert.True(rows.Select(row => row[1]).Distinct(StringComparer.Ordinal).Count() < rows.Length);
        Assert.All(rows, row => Assert.Contains(row[3], (string[])["desmoplastic", "replacement"]));
        Assert.All(rows, row => Assert.Contains(row[5], (string[])["0", "1"]));
        Assert.NotNull(LabelTable.Read(path));
    }

    [Fact]
    public void The_truth_mask_agrees_with_the_pixels()
    {
        using var folder = new TemporaryFolder();
        Make(folder["cohort"], _small with { SlideSize = 1024, Slides = 1 }, 5);
        using var mask = Image.NewFromFile(Path.Combine(folder["cohort"], "truth", "S0001.png"));
        using var slide = Image.NewFromFile(Path.Combine(folder["cohort"], "slides", "S0001.tif"));
        Assert.Equal((64, 64, 1), (mask.Width, mask.Height, mask.Bands));
        using var shrunk = slide.Shrink(16, 16);
        var classes = mask.WriteToMemory<byte>();
        var rgb = shrunk.WriteToMemory<byte>();
        Assert.Equal(64 * 64 * 3, rgb.Length);

        var glass = Saturations(classes, rgb, tissue: false);
        var tissue = Saturations(classes, rgb, tissue: true);
        Assert.True(glass.Max() < 0.06, $"glass is coloured: {glass.Max()}");
        Assert.True(tissue.Average() > 0.2, $"tissue is pale: {tissue.Average()}");
        Assert.True(tissue.Count(value => value > 0.1) > 0.95 * tissue.Count);
    }

    [Fact]
    public void The_regions_that_decide_the_labels_agree_with_the_classes()
    {
        using var folder = new TemporaryFolder();
        Make(folder["cohort"], _small with { SlideSize = 1536, Slides = 6 }, 5);
        var patterns = LabelTable.Read(folder["cohort/labels.csv"]).Texts("pattern");
        foreach (var (slide, pattern) in patterns)
        {
            var (classes, regions) = (Mask("truth", slide), Mask("truth/regions", slide));
            var both = classes.Zip(regions, (one, other) => (Class: (TissueClass)one, Region: (TruthRegion)other));
            var front = both.Where(pixel => pixel.Region == TruthRegion.Front).Select(pixel => pixel.Class).ToArray();
            Assert.DoesNotContain(TissueClass.Background, front);
            Assert.All(
                both.Where(pixel => pixel.Region == TruthRegion.Tumour),
                pixel => Assert.Equal(TissueClass.Tumour, pixel.Class)
            );
            // the band, and clusters of lymphocytes in it; or cords of tumour between normal cells
            if (pattern is "desmoplastic")
            {
                Assert.All(
                    both.Where(pixel => pixel.Class == TissueClass.Desmoplastic),
                    pixel => Assert.Equal(TruthRegion.Front, pixel.Region)
                );
                // but for glands of the tumour that reach into it
                Assert.True(front.Count(one => one == TissueClass.Tumour) <= 0.05 * front.Length);
            }
            else if (front.Length > 0)
            {
                Assert.Contains(TissueClass.Tumour, front);
                Assert.Contains(TissueClass.Normal, front);
            }
        }

        Assert.True(patterns.Keys.Sum(slide => Mask("truth/regions", slide).Count(value => value == 1)) > 500);
        Assert.Equal(
            ["value,class", "0,elsewhere", "1,front", "2,tumour"],
            File.ReadAllLines(folder["cohort/truth/regions/classes.csv"])
        );

        byte[] Mask(string where, string slide)
        {
            using var mask = Image.NewFromFile(folder[$"cohort/{where}/{slide}.png"]);
            return mask.WriteToMemory<byte>();
        }
    }

    [Fact]
    public void A_cohort_of_an_earlier_version_gets_its_regions_and_keeps_its_slides()
    {
        using var folder = new TemporaryFolder();
        Make(folder["cohort"], _small, 5);
        var regions = folder["cohort/truth/regions/S0002.png"];
        var (before, slide) = (File.ReadAllBytes(regions), folder["cohort/slides/S0002.tif"]);
        var time = File.GetLastWriteTimeUtc(slide);
        Directory.Delete(folder["cohort/truth/regions"], recursive: true);

        Assert.Equal(0, Make(folder["cohort"], _small, 5).Made);
        Assert.Equal(before, File.ReadAllBytes(regions));
        Assert.Equal(time, File.GetLastWriteTimeUtc(slide));
    }

    [Fact]
    public void Proliferation_goes_with_counted_mitoses_and_with_cell_density()
    {
        var seed = new Seed(3);
        var slides = SlidePlan.Draw(seed, new CohortOptions { Slides = 40, SlideSize = 1024 });
        var counts = slides.Select(slide => FigureCounts.Of(slide.LayOut(seed, 1024))).ToArray();
        var scores = slides.Select(slide => slide.Patient.Proliferation).ToArray();
        var shares = counts.Select(count => Math.Log((count.Mitoses + 1.0) / count.TumourNuclei)).ToArray();
        var densities = counts.Select(count => count.TumourNuclei / count.Areas[(int)TissueClass.Tumour]).ToArray();
        Assert.InRange(Correlation(scores, shares), 0.6, 1);
        Assert.InRange(Correlation(scores, densities), 0.2, 0.9);
    }

    [Fact]
    public void Stain_and_scanner_tell_nothing_about_the_labels()
    {
        var slides = SlidePlan.Draw(new Seed(3), new CohortOptions { Slides = 1000, MultipleSlides = 0 });
        double[][] labels =
        [
            [.. slides.Select(slide => (double)slide.Patient.Pattern)],
            [.. slides.Select(slide => slide.Patient.Proliferation)],
            [.. slides.Select(slide => slide.Patient.LogHazard)],
        ];
        double[][] looks =
        [
            [.. slides.Select(slide => slide.Look.HematoxylinStrength)],
            [.. slides.Select(slide => slide.Look.EosinStrength)],
            [.. slides.Select(slide => slide.Look.Hematoxylin[0] / slide.Look.HematoxylinStrength)],
            [.. slides.Select(slide => slide.Look.Gamma)],
            [.. slides.Select(slide => slide.Look.Blur)],
            [.. slides.Select(slide => slide.Look.Noise)],
        ];
        foreach (var label in labels)
        foreach (var look in looks)
            Assert.InRange(Correlation(label, look), -0.1, 0.1); // chance: 0.032 standard deviations
    }

    [Fact]
    public void At_nuisance_2_the_mean_colour_is_a_matter_of_the_laboratory_and_tells_little_about_the_labels()
    {
        const int Size = 512;
        var seed = new Seed(4);
        var slides = SlidePlan.Draw(
            seed,
            new CohortOptions
            {
                Slides = 96,
                SlideSize = Size,
                Nuisance = 2,
                MultipleSlides = 0,
            }
        );
        var plain = SlideLook.Draw(seed.For("plain"), nuisance: 0);
        var found = new (double[] Own, double[] Plain)[slides.Count];
        Parallel.For(
            0,
            slides.Count,
            i => found[i] = (MeanColour(slides[i], slides[i].Look), MeanColour(slides[i], plain))
        );

        double[][] labels =
        [
            [.. slides.Select(slide => (double)slide.Patient.Pattern)],
            [.. slides.Select(slide => slide.Patient.Proliferation)],
            [.. slides.Select(slide => slide.Patient.LogHazard)],
        ];
        for (var colour = 0; colour < 3; colour++)
        {
            double[] own = [.. found.Select(one => one.Own[colour])];
            // what tissue alone sets apart is a small part of what sets the slides apart
            var share = Variance([.. found.Select(one => one.Plain[colour])]) / Variance(own);
            Assert.InRange(share, 0, 0.25);
            foreach (var label in labels)
                Assert.InRange(Correlation(label, own), -0.3, 0.3); // chance: 0.1 standard deviations
        }

        double[] MeanColour(SlidePlan slide, SlideLook look)
        {
            var rgb = TissuePainter.Paint(
                slide.LayOut(seed, Size),
                look,
                seed.Number($"slide {slide.Number} texture"),
                TestContext.Current.CancellationToken
            );
            return
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(colour => rgb.Where((_, i) => i % 3 == colour).Average(one => (double)one)),
            ];
        }

        static double Variance(double[] values) =>
            values.Average(value => (value - values.Average()) * (value - values.Average()));
    }

    [Fact]
    public void Survival_depends_on_both_and_the_wanted_share_is_censored()
    {
        var options = new CohortOptions();
        var patients = Enumerable.Range(0, 2000).Select(i => PatientTruth.Draw(new Seed(8), i, options)).ToArray();
        Assert.InRange(patients.Average(patient => patient.Died ? 0.0 : 1), 0.3, 0.4);
        Assert.Equal(1000, patients.Count(patient => patient.Pattern == GrowthPattern.Replacement));
        var survival = patients.Select(patient => Math.Log(patient.SurvivalMonths)).ToArray();
        Assert.InRange(Correlation(survival, [.. patients.Select(p => p.Proliferation)]), -0.8, -0.4);
        Assert.InRange(Correlation(survival, [.. patients.Select(p => (double)p.Pattern)]), -0.6, -0.2);
        var without = options with { EffectSize = 0 };
        var chance = Enumerable.Range(0, 2000).Select(i => PatientTruth.Draw(new Seed(8), i, without)).ToArray();
        Assert.InRange(
            Correlation([.. chance.Select(p => Math.Log(p.SurvivalMonths))], [.. chance.Select(p => p.Proliferation)]),
            -0.08,
            0.08
        );
    }

    [Theory]
    [InlineData(0, 2048)]
    [InlineData(10, 100)]
    public void Options_that_cannot_work_are_refused(int slides, int size) =>
        Assert.Throws<OptionException>(() => new CohortOptions { Slides = slides, SlideSize = size }.Validated());

    private static CohortSummary Make(string folder, CohortOptions options, int seed) =>
        SyntheticCohort.Write(
            folder,
            options,
            new Seed(seed),
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );

    /// <summary>Of mask pixels whose eight neighbours are of the same side.</summary>
    private static List<double> Saturations(byte[] classes, byte[] rgb, bool tissue)
    {
        var found = new List<double>();
        for (var y = 1; y < 63; y++)
        for (var x = 1; x < 63; x++)
        {
            var alike = true;
            for (var dy = -1; dy <= 1; dy++)
            for (var dx = -1; dx <= 1; dx++)
                alike &= classes[((y + dy) * 64) + x + dx] > 0 == tissue;
            if (!alike)
                continue;
            var pixel = rgb.AsSpan(((y * 64) + x) * 3, 3);
            var (low, high) = (
                Math.Min(Math.Min(pixel[0], pixel[1]), pixel[2]),
                Math.Max(Math.Max(pixel[0], pixel[1]), pixel[2])
            );
            found.Add((high - low) / (double)high);
            if (!tissue)
                Assert.InRange(low, 225, 255);
        }

        return found;
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var (xy, xx, yy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            (xy, xx, yy) = (xy + (dx * dy), xx + (dx * dx), yy + (dy * dy));
        }

        return xy / Math.Sqrt(xx * yy);
    }
}
