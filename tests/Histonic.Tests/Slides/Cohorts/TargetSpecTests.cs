using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Tests.Slides.Cohorts;

public sealed class TargetSpecTests
{
    [Fact]
    public void Words_of_the_command_line_become_a_target() =>
        Assert.Equal(
            [new TargetSpec.Classification("a"), new TargetSpec.Regression("a"), new TargetSpec.Survival("t", "e")],
            [
                TargetSpec.From("classification", "a", null, null),
                TargetSpec.From("regression", "a", null, null),
                TargetSpec.From("survival", null, "t", "e"),
            ]
        );

    [Theory]
    [InlineData("segmentation", "a", null, null, "--task is segmentation")]
    [InlineData("regression", null, null, null, "--target is missing")]
    [InlineData("regression", "a", "t", null, "--time is t, but must be left out")]
    [InlineData("survival", null, "t", null, "--event is missing")]
    [InlineData("survival", "a", "t", "e", "--target is a, but must be left out")]
    [InlineData("survival", null, "t", "t", "--event is t, but must be another column")]
    [InlineData("regression", "prediction", null, null, "the target column is prediction")]
    public void Words_that_do_not_fit_together_are_told(
        string task,
        string? target,
        string? time,
        string? happened,
        string told
    ) =>
        Assert.Contains(
            told,
            Assert.Throws<OptionException>(() => TargetSpec.From(task, target, time, happened)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Words_with_their_kinds_become_the_targets_of_one_network() =>
        Assert.Equal(
            [
                new TargetSpec.Classification("pattern"),
                new TargetSpec.Regression("score"),
                new TargetSpec.Survival("months", "died"),
                new TargetSpec.Label("er", "er,pr"),
                new TargetSpec.Label("pr", "er,pr"),
            ],
            TargetSpec.From(["pattern:classification", "score:regression", "months, died:survival", "er,pr:multilabel"])
        );

    [Theory]
    [InlineData("pattern", "--target is pattern, but must be COLUMN:classification")]
    [InlineData("pattern:segmentation", "--target is pattern:segmentation")]
    [InlineData("months:survival", "--target is months:survival")]
    [InlineData("er:multilabel", "--target is er:multilabel")]
    [InlineData("er,:multilabel", "--target is er,:multilabel")]
    [InlineData("a:classification b:regression a:regression", "--target is a, but must be named once")]
    [InlineData("t,e:survival u,e:survival", "--target is e, but must be named once")]
    [InlineData("a:b:classification c:regression", "a column without a colon")]
    [InlineData("std:regression c:regression", "the target column is std")]
    public void Words_that_name_no_targets_are_told(string words, string told) =>
        Assert.Contains(
            told,
            Assert.Throws<OptionException>(() => TargetSpec.From(words.Split(' '))).Message,
            StringComparison.Ordinal
        );
}
