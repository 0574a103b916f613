using Histonic.Learning.Experiments;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Experiments;

public sealed class CellMonitorTests
{
    private readonly SetClock _clock = new();
    private readonly RecordingMonitor _outer = new();

    [Theory]
    [InlineData(10, null, 190)] // 100 expected, 10 gone, 100 after
    [InlineData(90, null, 460)] // a fifth of its stage done in 90 s
    [InlineData(90, 30.0, 130)] // what the stage knows better of itself: one slide of many
    public void The_time_left_is_that_of_the_experiment(int gone, double? told, double left)
    {
        var monitor = new CellMonitor(_outer, "3/9", expected: 100, after: 100, [], _clock);
        _clock.Now = TimeSpan.FromSeconds(gone);

        monitor.Report(
            new WorkProgress("slide 4 of 5, compress a", 2, 10, "patches")
            {
                Left = told is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            }
        );

        Assert.Equal("[3/9] slide 4 of 5, compress a", _outer.Progress.Stage);
        Assert.Equal(left, _outer.Progress.Left!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void A_warning_is_told_once_by_all_cells()
    {
        var warned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var place in (string[])["1/2", "2/2"])
            new CellMonitor(_outer, place, 1, 1, warned, _clock).Warn("the file is odd");

        Assert.Equal(["[1/2] the file is odd"], _outer.Warnings);
    }
}
