using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class GivenSplitsTests : IDisposable
{
    private static readonly Truth[] _truths =
    [
        .. Enumerable.Range(0, 6).Select(i => new Truth($"s{i}", $"p{i / 2}", i + 2, Value: i)),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_official_division_is_one_round_and_reads_back_from_what_it_wrote()
    {
        Write(
            "given.csv",
            "slide,split\ns0.svs,train\ns1,train\ns2,Val\ns3,validation\ns4,test\ns5,test\nother,test\n"
        );

        var folds = Folds.Read(_folder["given.csv"], _truths);
        folds.Write(_folder["folds.csv"], _truths);
        var again = Folds.Read(_folder["folds.csv"], _truths);

        foreach (var one in new[] { folds, again })
        {
            Assert.True(one is { Count: 1, AreGiven: true });
            Assert.Equal("TTVVEE", Roles(one, 1));
        }
    }

    /// <summary>The layout that CLAM's create_splits_seq.py writes: an index without a name, and lists of unlike length.</summary>
    [Fact]
    public void A_folder_of_clams_splits_is_as_many_rounds_in_the_order_of_their_numbers()
    {
        Write("splits/splits_0.csv", ",train,val,test\n0,s0,s2,s4\n1,s1,s3,\n");
        Write("splits/splits_10.csv", ",train,val,test\n0,s2,s4,s0\n1,s3,,\n");
        Write("splits/splits_2.csv", ",train,val,test\n0,s4,s0,s2\n1,s5,s1,s3\n");
        Write("splits/splits_0_bool.csv", ",train,val,test\ns0,True,False,False\n");

        var folds = Folds.Read(_folder["splits"], _truths);

        Assert.Equal(["TTVVE-", "VVEETT", "E-TTV-"], Enumerable.Range(1, 3).Select(round => Roles(folds, round)));
        Assert.Equal("TTVVE-", Roles(Folds.Read(_folder["splits/splits_0.csv"], _truths[..5]), 1)); // a file alone
    }

    [Theory]
    [InlineData(
        "slide,split|s0,train|s1,val|s2,val|s3,val|s4,test|s5,test",
        "splits patient p0 over the sides training (s0) and validation (s1)"
    )]
    [InlineData("slide,split|s0,train|s1,train|s2,train|s3,train|s4,test|s5,test", "has no validation slide")]
    [InlineData("slide,split|s0,train|s1,train|s2,val|s3,val|s4,test", "tells no split of slide s5")]
    [InlineData("slide,split|s0,train|s0,val", "line 3: slide s0 comes a second time")]
    [InlineData("slide,split|s0,fit", "line 2: \"fit\" is no split")]
    [InlineData("slide,split,fold|s0,train,2", "has the folds 2")]
    [InlineData("slide,split,fold|s0,train,x", "line 2: \"x\" in column fold is not a number")]
    [InlineData(",train,val,test|0,s0,s0,s4", "line 2: slide s0 comes a second time")]
    public void A_faulty_split_is_refused(string lines, string told)
    {
        Write("given.csv", lines.Replace('|', '\n') + "\n");

        var error = Assert.Throws<InputException>(() => Folds.Read(_folder["given.csv"], _truths));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_is_trained_a_round_and_each_tests_its_own()
    {
        var cohort = new PlantedCohort(24).For(PlantedCohort.Class);
        var lines = cohort.Slides.SelectMany(
            (slide, i) =>
                new[] { (Fold: 1, Offset: 0), (Fold: 2, Offset: 4) }.Select(round =>
                    $"{slide.Truth.Slide},{(((i / 2) + round.Offset) % 12) switch { < 6 => "train", < 9 => "validation", _ => "test" }},{round.Fold}"
                )
        );
        Write("given.csv", "slide,split,fold\n" + string.Join('\n', lines) + "\n");
        var folds = Folds.Read(_folder["given.csv"], [.. cohort.Slides.Select(slide => slide.Truth)]);

        var table = PredictorTrainer.Train(
            _folder["run"],
            cohort,
            folds,
            new PredictorOptions { Model = "mean", Epochs = 2 },
            new Seed(1),
            2,
            resume: false,
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        )[0];

        Assert.Equal(12, table.Rows.Count);
        Assert.All(table.Rows, row => Assert.Equal(SlideRole.Test, folds.RoleOf(row.Slide, row.Fold!.Value)));
        using var run = PredictorRun.Open(_folder["run"]);
        Assert.True(run.Configuration is { GivenSplits: true, Folds: 2 });
        Assert.NotNull(run.Predict(cohort.Slides[0].Grid, TestContext.Current.CancellationToken)[0].Spread);
    }

    private static string Roles(Folds folds, int round) =>
        string.Concat(
            _truths.Select(truth =>
                folds.RoleOf(truth.Slide, round) switch
                {
                    SlideRole.Training => 'T',
                    SlideRole.Validation => 'V',
                    SlideRole.Test => 'E',
                    _ => '-',
                }
            )
        );

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
    }
}
