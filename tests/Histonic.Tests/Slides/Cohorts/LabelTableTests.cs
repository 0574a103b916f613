using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Cohorts;

public sealed class LabelTableTests : IDisposable
{
    private static readonly TargetSpec _class = new TargetSpec.Classification("grade");
    private static readonly TargetSpec _score = new TargetSpec.Regression("score");
    private static readonly TargetSpec _risk = new TargetSpec.Survival("months", "died");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Slides_are_known_without_folder_and_extension_and_a_point_in_a_name_stays()
    {
        var labels = Table("slide,grade", "x/a.svs,1", "TCGA-02.DX1.5F2C,2", "c.ome.tiff,1");

        Assert.Equal(["a", "TCGA-02.DX1.5F2C", "c.ome"], labels.Slides);
    }

    [Fact]
    public void A_slide_without_a_patient_is_one_of_its_own()
    {
        var labels = Table("slide,patient,grade", "a,p1,x", "b,,y");

        Assert.Equal(["p1", "b"], labels.Truths(_class).Select(truth => truth.Patient));
    }

    // a case that went unnoticed would be split over folds
    [Theory]
    [InlineData("case_id,slide_id,score", "P1,a.svs,1")]
    [InlineData("slide_id,patient_id,score", "a.svs,P1,1")]
    [InlineData("slide,case_id,patient,score", "a.svs,C1,P1,1")]
    [InlineData("slide_id,slide,patient,score", "b.svs,a.svs,P1,1")]
    public void Slides_and_patients_go_by_the_names_that_other_programs_give_them_too(string header, string line)
    {
        File.WriteAllText(_folder["labels.csv"], $"{header}\n{line}\n");

        var table = LabelTable.Read(_folder["labels.csv"]);

        var truth = Assert.Single(table.Truths(_score));
        Assert.Equal(("a", "P1", 1.0), (truth.Slide, truth.Patient, truth.Value));
        Assert.Equal("P1", table.Patients["a"]);
        Assert.True(table.HasPatients);
        Assert.Contains("score", table.TargetColumns);
    }

    [Fact]
    public void An_empty_cell_is_an_unknown_truth()
    {
        var labels = Table("slide,grade,score,months,died", "a,,,,", "b,x,1.5,12,0");

        Assert.All([_class, _score, _risk], target => Assert.Equal([false, true], Known(labels, target)));
        Assert.Equal((12, false), labels.Truths(_risk).Select(truth => (truth.Time, truth.Event)).Last());
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void Commas_semicolons_and_tabs_separate_alike_with_and_without_a_byte_order_mark(string mark)
    {
        var labels = Table($"\uFEFFslide{mark}grade", $"\"a\"{mark} high ", "", $"b{mark}low");

        Assert.Equal(["high", "low"], labels.Truths(_class).Select(truth => truth.Label));
        Assert.Equal([2, 4], labels.Truths(_class).Select(truth => truth.Line));
    }

    [Fact]
    public void Classes_that_are_numbers_stand_in_their_order()
    {
        var labels = Table("slide,grade", "a,10", "b,9", "c,10");

        Assert.Equal(["9", "10"], LabelTable.ClassesOf(labels.Truths(_class)));
    }

    [Theory]
    [InlineData("slide,score|a,1|b.svs,2|b,3", "line 4: slide b was already on line 3")]
    [InlineData("slide,score|a,1|b,high", "line 3: \"high\" in column score is not a number")]
    [InlineData("slide,score|a,NaN", "line 2: \"NaN\" in column score is not a number")]
    [InlineData("slide,score|a,1,2", "line 2: has 3 fields, the header has 2")]
    [InlineData("slide,score|,1", "line 2: names no slide")]
    [InlineData("slide,amount|a,1", "has no column \"score\". Its columns are slide, amount")]
    [InlineData("name,score|a,1", "has no column \"slide\". Its columns are name, score")]
    [InlineData("slide,score,score|a,1,2", "has two columns \"score\"")]
    [InlineData("slide,score", "has a header but no rows")]
    [InlineData("", "is empty")]
    public void A_fault_is_named_with_its_line(string lines, string told) => AssertFault(lines, _score, told);

    [Theory]
    [InlineData("slide,months,died|a,-1,1", "line 2: the time -1 in column months is negative")]
    [InlineData("slide,months,died|a,1,1|b,2,yes", "line 3: the event \"yes\" in column died is neither 0 nor 1")]
    [InlineData("slide,months,died|a,1,", "line 2: column died is empty, but months is not")]
    public void A_fault_of_a_survival_target_is_named_with_its_line(string lines, string told) =>
        AssertFault(lines, _risk, told);

    [Fact]
    public void A_missing_file_is_said_to_be_missing() =>
        Assert.Contains(
            "does not exist",
            Assert.Throws<InputException>(() => LabelTable.Read(_folder["none.csv"])).Message,
            StringComparison.Ordinal
        );

    private void AssertFault(string lines, TargetSpec target, string told) =>
        Assert.Contains(
            told,
            Assert.Throws<InputException>(() => Table(lines.Split('|')).Truths(target)).Message,
            StringComparison.Ordinal
        );

    private static IEnumerable<bool> Known(LabelTable labels, TargetSpec target) =>
        labels.Truths(target).Select(truth => truth.IsKnown);

    private LabelTable Table(params string[] lines)
    {
        File.WriteAllText(_folder["labels.csv"], string.Join('\n', lines));
        return LabelTable.Read(_folder["labels.csv"]);
    }

    [Fact]
    public void Labels_are_0_or_1_or_not_known()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["l.csv"], "slide,er,pr\na,1,0.0\nb,,1.0\nc,yes,1\n");
        var table = LabelTable.Read(folder["l.csv"]);

        Assert.Equal(["0", "1", "1"], table.Truths(new TargetSpec.Label("pr", "er,pr")).Select(truth => truth.Label));
        var error = Assert.Throws<InputException>(() => table.Truths(new TargetSpec.Label("er", "er,pr")));
        Assert.Contains("line 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("the label \"yes\" in column er is neither 0 nor 1", error.Message, StringComparison.Ordinal);
    }
}
