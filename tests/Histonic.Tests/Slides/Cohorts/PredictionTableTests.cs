using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Cohorts;

public sealed class PredictionTableTests : IDisposable
{
    private static readonly TargetSpec _class = new TargetSpec.Classification("grade");
    private static readonly TargetSpec _score = new TargetSpec.Regression("score");
    private static readonly TargetSpec _risk = new TargetSpec.Survival("months", "died");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classification_is_written_with_a_column_for_every_class()
    {
        var row = Row("a") with { Label = "high", PredictedClass = "low", Score = 0.75, Probabilities = [0.25, 0.75] };

        Assert.Equal(
            "slide,patient,fold,split,grade,prediction,prediction_high,prediction_low\na,p,2,test,high,low,0.25,0.75\n",
            Written(new PredictionTable(_class, ["high", "low"], [row]))
        );
    }

    [Fact]
    public void A_survival_prediction_is_written_with_time_and_event_and_an_average_with_its_spread()
    {
        var row = Row("a") with { Fold = null, Split = "new", Time = 3.5, Event = true, Score = -0.5, Spread = 0.125 };

        Assert.Equal(
            "slide,patient,fold,split,months,died,prediction,std\na,p,,new,3.5,1,-0.5,0.125\n",
            Written(new PredictionTable(_risk, [], [row]))
        );
    }

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        AssertSame(
            new PredictionTable(
                _class,
                ["x, y", "\"z\""],
                [
                    Row("a") with
                    {
                        Label = "x, y",
                        PredictedClass = "x, y",
                        Score = 0.1,
                        Probabilities = [0.9, 0.1],
                    },
                    Row("b") with
                    {
                        PredictedClass = "\"z\"",
                        Score = 0.7,
                        Probabilities = [0.3, 0.7],
                    },
                ]
            )
        );
        AssertSame(new PredictionTable(_score, [], [Row("a") with { Value = 1.0 / 3, Score = Math.PI }]));
        AssertSame(
            new PredictionTable(_risk, [], [Row("a") with { Time = 1e-7, Event = false, Score = 12, Spread = 0 }])
        );
    }

    [Fact]
    public void Scores_from_anywhere_meet_their_truth_in_a_label_table()
    {
        File.WriteAllText(_folder["p.csv"], "slide,prediction\nb.svs,0.75\na.svs,0.25\n");
        File.WriteAllText(_folder["l.csv"], "slide,patient,grade\na,p1,no\nb,p2,yes\nc,p3,yes\n");

        var table = PredictionTable.Read(_folder["p.csv"], _class, LabelTable.Read(_folder["l.csv"]));

        Assert.Equal(["no", "yes"], table.Classes);
        Assert.Equal(
            [("b", "p2", "yes", "yes", 0.75), ("a", "p1", "no", "no", 0.25)],
            table.Rows.Select(row => (row.Slide, row.Patient, row.Label, row.PredictedClass, row.Score))
        );
    }

    [Theory]
    [InlineData("slide,grade|a,x", "has no column \"prediction\"")]
    [InlineData("slide,grade,prediction|a,x,x|a,y,y", "line 3: slide a is predicted a second time")]
    [InlineData("slide,grade,prediction|a,x,0.5|b,y,", "line 3: has no prediction")]
    [InlineData("slide,grade,prediction|a,x,0.5|b,y,z", "line 3: \"z\" in column prediction is not a number")]
    [InlineData("slide,grade,prediction|a,x,x|b,y,z", "line 3: \"z\" is none of the classes x, y")]
    [InlineData("slide,grade,prediction|a,x,x|b,y,y|c,z,q", "line 4: \"q\" is none of the classes x, y, z")]
    [InlineData("slide,grade,prediction,prediction_x|a,y,x,1", "has no column prediction_y")]
    [InlineData("slide,prediction|a,x", "has no column \"grade\"")]
    [InlineData("slide,grade,fold,prediction|a,x,1.5,x", "line 2: \"1.5\" is not the number of a fold")]
    public void A_fault_is_named(string lines, string told)
    {
        File.WriteAllText(_folder["p.csv"], lines.Replace('|', '\n'));

        var error = Assert.Throws<InputException>(() => PredictionTable.Read(_folder["p.csv"], _class));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slide_without_a_label_is_named_with_its_line()
    {
        File.WriteAllText(_folder["p.csv"], "slide,prediction\na,1\nx,1\n");
        File.WriteAllText(_folder["l.csv"], "slide,score\na,1\n");
        var labels = LabelTable.Read(_folder["l.csv"]);

        var error = Assert.Throws<InputException>(() => PredictionTable.Read(_folder["p.csv"], _score, labels));

        Assert.Contains("line 3: slide x is not in", error.Message, StringComparison.Ordinal);
    }

    private static Prediction Row(string slide) =>
        new()
        {
            Slide = slide,
            Patient = "p",
            Fold = 2,
            Score = 0,
        };

    private string Written(PredictionTable table)
    {
        table.Write(_folder["predictions.csv"]);
        return File.ReadAllText(_folder["predictions.csv"]);
    }

    private void AssertSame(PredictionTable table)
    {
        var text = Written(table);
        var read = PredictionTable.Read(_folder["predictions.csv"], table.Target);

        Assert.Equal(table.Classes, read.Classes);
        Assert.Equal(
            table.Rows.Select(row => row with { Probabilities = [] }),
            read.Rows.Select(row => row with { Probabilities = [] })
        );
        Assert.Equal(table.Rows.SelectMany(row => row.Probabilities), read.Rows.SelectMany(row => row.Probabilities));
        Assert.Equal(text, Written(read));
    }

    /// <summary>Each target has the columns it would have alone, its prediction's named after it; a slide that one lacks has empty fields there.</summary>
    [Fact]
    public void Several_targets_share_a_table_and_each_is_read_out_of_it()
    {
        PredictionTable[] tables =
        [
            new(
                _class,
                ["high", "low"],
                [
                    Row("a") with
                    {
                        Label = "high",
                        PredictedClass = "low",
                        Score = 0.75,
                        Probabilities = [0.25, 0.75],
                    },
                    Row("b") with
                    {
                        PredictedClass = "high",
                        Score = 0.5,
                        Probabilities = [0.5, 0.5],
                    },
                ]
            ),
            new(_risk, [], [Row("a") with { Time = 3, Event = false, Score = 2, Spread = 0.5 }]),
            new(_score, [], [Row("a") with { Value = 7, Score = 6 }, Row("b") with { Value = 8, Score = 9 }]),
        ];

        PredictionTable.Write(_folder["predictions.csv"], tables);

        Assert.Equal(
            """
            slide,patient,fold,split,grade,grade:prediction,grade:prediction_high,grade:prediction_low,months,died,months:prediction,months:std,score,score:prediction
            a,p,2,test,high,low,0.25,0.75,3,0,2,0.5,7,6
            b,p,2,test,,high,0.5,0.5,,,,,8,9

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(_folder["predictions.csv"])
        );
        foreach (var table in tables)
        {
            var read = PredictionTable.Read(_folder["predictions.csv"], table.Target);
            Assert.Equal(table.Classes, read.Classes);
            Assert.Equal(
                table.Rows.Select(row => row with { Probabilities = [] }),
                read.Rows.Select(row => row with { Probabilities = [] })
            );
            Assert.Equal(table.Rows.Select(row => row.Probabilities), read.Rows.Select(row => row.Probabilities));
        }
    }
}
