namespace Histonic.EndToEndTests;

public sealed class UsageTests
{
    [Fact]
    public async Task Help_is_shown_and_the_exit_code_is_0()
    {
        var (exit, results, _) = await HistonicProcess.RunAsync("--help");

        Assert.Equal(0, exit);
        Assert.Contains("histonic", results, StringComparison.Ordinal);
    }
}
