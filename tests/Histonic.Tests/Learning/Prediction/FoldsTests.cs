using CsCheck;
using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Prediction;

public sealed class FoldsTests : IDisposable
{
    private static readonly IReadOnlyList<TargetSpec> _targets = PlantedCohort.Targets;

    private static readonly Gen<(Truth[] Truths, TargetSpec Target, int Count, int Seed)> _cohorts = Gen.Select(
        Gen.Int[30, 120],
        Gen.Int[0, 2],
        Gen.Int[3, 6],
        Gen.Int[1, 4],
        Gen.Int[0, 1000],
        (slides, target, count, perPatient, seed) =>
        {
            var random = new Random(seed);
            Truth[] truths =
            [
                .. Enumerable
                    .Range(0, slides)
                    .Select(i =>
                        Known(
                            new Truth($"s{i}", $"p{random.Next((slides / perPatient) + 1)}", i),
                            _targets[target],
                            random,
                            i
                        )
                    ),
            ];
            return (truths, _targets[target], count, seed);
        }
    );

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_patient_is_ever_on_two_sides_and_every_slide_is_tested_once() =>
        _cohorts.Sample(cohort =>
        {
            var (truths, target, count, seed) = cohort;
            if (TryMake(truths, target, count, seed) is not { } folds)
                return;
            for (var round = 1; round <= count; round++)
            {
                var roles = truths
                    .GroupBy(truth => truth.Patient)
                    .Select(group => group.Select(truth => folds.RoleOf(truth.Slide, round)));
                Assert.All(roles, ofPatient => Assert.Single(ofPatient.Distinct()));
                var all = truths.Select(truth => folds.RoleOf(truth.Slide, round)).Distinct().ToArray();
                Assert.Equal(3, all.Length);
            }

            Assert.All(
                truths,
                truth =>
                    Assert.Equal(
                        1,
                        Enumerable.Range(1, count).Count(round => folds.RoleOf(truth.Slide, round) == SlideRole.Test)
                    )
            );
        });

    [Fact]
    public void Patients_of_one_slide_are_spread_evenly_by_class_event_and_value() =>
        _cohorts.Sample(cohort =>
        {
            var truths = cohort.Truths.Select(truth => truth with { Patient = truth.Slide }).ToArray();
            if (TryMake(truths, cohort.Target, cohort.Count, cohort.Seed) is not { } folds)
                return;
            var strata =
                cohort.Target is TargetSpec.Regression
                    ? truths.OrderBy(truth => truth.Value).Chunk(cohort.Count)
                    : truths.GroupBy(truth => (truth.Label, truth.Event)).Select(group => group.ToArray());
            foreach (var stratum in strata)
            {
                var counts = Enumerable
                    .Range(1, cohort.Count)
                    .Select(fold => stratum.Count(truth => folds.Partitions[truth.Slide] == fold))
                    .ToArray();
                Assert.True(counts.Max() - counts.Min() <= 1);
            }
        });

    [Fact]
    public void With_four_folds_two_train_one_validates_and_one_tests_in_turn()
    {
        var truths = Cohort(16);
        var folds = Make(truths, PlantedCohort.Class, 4, new Seed(1));

        for (var round = 1; round <= 4; round++)
        {
            var roles = truths
                .GroupBy(truth => folds.Partitions[truth.Slide])
                .ToDictionary(group => group.Key, group => folds.RoleOf(group.First().Slide, round));
            Assert.Equal(SlideRole.Test, roles[round]);
            Assert.Equal(SlideRole.Validation, roles[((round + 2) % 4) + 1]);
            Assert.Equal(2, roles.Values.Count(role => role == SlideRole.Training));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_folds_and_another_gives_others()
    {
        var truths = Cohort(40);
        Dictionary<string, int> Of(int seed) => new(Make(truths, PlantedCohort.Class, 4, new Seed(seed)).Partitions);

        Assert.Equal(Of(1), Of(1));
        Assert.NotEqual(Of(1), Of(2));
    }

    [Fact]
    public void Folds_that_were_written_read_back_the_same()
    {
        var truths = Cohort(20);
        var folds = Make(truths, PlantedCohort.Class, 5, new Seed(1));

        folds.Write(_folder["folds.csv"], truths);

        Assert.StartsWith("slide,patient,fold\n", File.ReadAllText(_folder["folds.csv"]), StringComparison.Ordinal);
        Assert.Equal(folds.Partitions, Folds.Read(_folder["folds.csv"], truths).Partitions);
    }

    [Theory]
    [InlineData("s0,1|s1,2|s2,3|s3,1|s4,2|s5,1.5", "line 7: \"1.5\" is not a fold")]
    [InlineData("s0,1|s1,2|s2,3|s3,1|s4,2|s4,1", "line 7: slide s4 comes a second time")]
    [InlineData("s0,1|s1,2|s2,3|s3,1|s4,2", "tells no fold of slide s5")]
    [InlineData("s0,1|s1,2|s2,1|s3,2|s4,1|s5,1", "has the folds 1, 2")]
    [InlineData("s0,1|s1,2|s2,4|s3,1|s4,2|s5,4", "has the folds 1, 2, 4")]
    public void A_faulty_table_of_folds_is_refused(string lines, string told)
    {
        File.WriteAllText(_folder["folds.csv"], $"slide,fold\n{lines.Replace('|', '\n')}\n");

        var error = Assert.Throws<InputException>(() => Folds.Read(_folder["folds.csv"], Cohort(6)));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_splits_a_patient_is_refused_by_name()
    {
        File.WriteAllText(_folder["folds.csv"], "slide,fold\ns0.svs,1\ns1,2\ns2,3\n");
        Truth[] truths = [new("s0", "anna", 2, "x"), new("s1", "anna", 3, "x"), new("s2", "bert", 4, "y")];

        var error = Assert.Throws<InputException>(() => Folds.Read(_folder["folds.csv"], truths));

        Assert.Contains("splits patient anna over folds 1 (s0) and 2 (s1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_patients_of_a_class_are_told()
    {
        Truth[] truths =
        [
            .. Cohort(20).Select(truth => truth with { Label = truth.Slide is "s0" or "s1" ? "rare" : "often" }),
        ];

        var error = Assert.Throws<InputException>(() => Make(truths, PlantedCohort.Class, 4, new Seed(1)));

        Assert.Contains(
            "class rare of column grade: 2 patients are fewer than the 4 folds",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static Folds Make(Truth[] truths, TargetSpec target, int count, Seed seed) =>
        Folds.Make([.. truths.Select(truth => new[] { truth })], [target], count, seed);

    private static Folds? TryMake(Truth[] truths, TargetSpec target, int count, int seed)
    {
        try
        {
            return Make(truths, target, count, new Seed(seed));
        }
        catch (InputException)
        {
            return null; // few patients: the generator does not look
        }
    }

    private static Truth[] Cohort(int slides) =>
        [.. Enumerable.Range(0, slides).Select(i => new Truth($"s{i}", $"p{i}", i + 2, i % 2 == 0 ? "x" : "y"))];

    private static Truth Known(Truth truth, TargetSpec target, Random random, int i) =>
        target switch
        {
            TargetSpec.Classification => truth with { Label = "abc"[random.Next(3)].ToString() },
            TargetSpec.Regression => truth with { Value = i + random.NextDouble() },
            _ => truth with { Time = random.Next(50), Event = random.Next(2) == 0 },
        };

    [Fact]
    public void Every_site_is_a_fold_and_a_patient_of_two_is_refused()
    {
        Truth[] truths = [.. Enumerable.Range(0, 12).Select(i => new Truth($"s{i:00}", $"p{i / 2}", i + 2, Value: i))];
        string Site(Truth truth) => $"site {(truth.Line - 2) / 4}";

        var folds = Folds.BySite(truths, Site, "labels.csv");

        Assert.Equal(3, folds.Count);
        Assert.All(truths, truth => Assert.Equal($"site {folds.Partitions[truth.Slide] - 1}", Site(truth)));
        foreach (
            var (sites, finding) in new (Func<Truth, string>, string)[]
            {
                (truth => $"site {truth.Line % 3}", "splits patient p0 over sites"),
                (truth => truth.Line < 8 ? "a" : "b", "has the sites a, b"),
                (truth => truth.Line == 5 ? "" : "a", "tells no site of slide s03"),
            }
        )
            Assert.Contains(
                finding,
                Assert.Throws<InputException>(() => Folds.BySite(truths, sites, "labels.csv")).Message,
                StringComparison.Ordinal
            );
    }
}
