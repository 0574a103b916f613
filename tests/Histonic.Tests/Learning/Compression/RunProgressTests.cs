using Histonic.Learning.Compression;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Compression;

public sealed class RunProgressTests
{
    private readonly SetClock _clock = new();
    private readonly RecordingMonitor _last = new();

    [Fact]
    public void The_time_left_is_that_of_all_slides_by_their_bytes()
    {
        var progress = new RunProgress(_last, _clock);
        progress.Begin(slides: 4, bytes: 1000);
        progress.Enter(100);
        _clock.Now = TimeSpan.FromSeconds(5);
        progress.Report(new WorkProgress("compress a", 10, 20, "patches"));

        // 50 of 1000 bytes took 5 s
        Assert.Equal("slide 1 of 4, compress a", _last.Progress.Stage);
        Assert.Equal((10, 20, "patches"), (_last.Progress.Done, _last.Progress.Total, _last.Progress.Unit));
        Assert.Equal(95, _last.Progress.Left!.Value.TotalSeconds, 6);
        Assert.Equal(2.0, _last.Progress.Rate!.Value, 6);

        progress.Leave(100, worked: true);
        progress.Leave(500, worked: false); // done elsewhere
        progress.Enter(400);
        _clock.Now = TimeSpan.FromSeconds(20);
        progress.Report(new WorkProgress("compress b", 1, 4, "patches"));

        // 200 of 500 bytes took 20 s
        Assert.Equal("slide 2 of 4, compress b", _last.Progress.Stage);
        Assert.Equal(30, _last.Progress.Left!.Value.TotalSeconds, 6);
        Assert.Equal(11 / 20.0, _last.Progress.Rate!.Value, 6); // patches of both slides
    }

    [Fact]
    public void Outside_a_list_it_changes_nothing()
    {
        var progress = new RunProgress(_last, _clock);
        progress.Begin(4, 1000);
        progress.End();
        var told = new WorkProgress("compress a", 10, 20, "patches");

        progress.Report(told);

        Assert.Equal(told, _last.Progress);
    }
}
