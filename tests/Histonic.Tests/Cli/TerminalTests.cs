using Histonic.Cli;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(7_800, "2 h 10 min left")]
    [InlineData(61, "1 min 1 s left")]
    [InlineData(4.2, "5 s left")]
    public void The_time_left_of_the_whole_work_is_shown_where_it_is_told(double seconds, string shown)
    {
        using var messages = new StringWriter();
        using var terminal = new Terminal(TextWriter.Null, messages, interactive: true);

        terminal.Report(
            new WorkProgress("slide 3 of 120, compress a", 500, 500, "patches")
            {
                Left = TimeSpan.FromSeconds(seconds),
                Rate = 1050.2,
            }
        );

        Assert.Equal(
            $"slide 3 of 120, compress a: 100 % 500/500 patches, 1,050 patches/s, {shown}",
            messages.ToString()
        );
    }

    [Fact]
    public void A_log_keeps_the_lines_of_all_runs_also_of_quiet_ones()
    {
        using var folder = new TemporaryFolder();
        var log = new FileInfo(folder["deep/log.txt"]);
        foreach (var name in new[] { "first", "second" })
        {
            using var terminal = new Terminal(TextWriter.Null, TextWriter.Null, interactive: false) { Quiet = true };
            terminal.LogTo(log);
            terminal.Note($"{name}: done");
            terminal.Warn("a warning");
        }

        Assert.Equal(
            ["first: done", "warning: a warning", "second: done", "warning: a warning"],
            File.ReadAllLines(log.FullName)
        );
    }
}
