using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides;

public sealed class ProcessTokenTests
{
    [Fact]
    public void What_is_written_is_read_back() =>
        Assert.Equal(ProcessToken.Current, ProcessToken.Parse(ProcessToken.Current.ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("4711")]
    [InlineData("0123456789abcde-1-2")]
    [InlineData("0123456789abcdeX-1-2")]
    [InlineData("0123456789abcdef-x-2")]
    [InlineData("0123456789abcdef-1-2-3")]
    public void Other_text_is_no_token(string text) => Assert.Null(ProcessToken.Parse(text));

    [Fact]
    public void This_process_has_not_ended() => Assert.False(ProcessToken.Current.HasEnded);

    [Fact]
    public void Another_process_with_the_same_id_was_not_this_one() =>
        Assert.True((ProcessToken.Current with { Started = ProcessToken.Current.Started - 1 }).HasEnded);

    [Fact]
    public void Of_another_machine_nothing_is_known() =>
        Assert.False(new ProcessToken("0123456789abcdef", EndedProcess.Make(), 1).HasEnded);

    [Fact]
    public void A_process_that_ended_has_ended() =>
        Assert.True((ProcessToken.Current with { Id = EndedProcess.Make() }).HasEnded);
}
