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
}
