using Histonic.Learning.Compression;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Compression;

public sealed class SlideClaimTests : IDisposable
{
    private static readonly ProcessToken _elsewhere = new("0123456789abcdef", 4711, 1);

    private readonly TemporaryFolder _temporary = new();
    private readonly OutputFolder _folder;
    private readonly string _target;
    private readonly string _path;

    public SlideClaimTests()
    {
        _folder = new OutputFolder(_temporary.Path);
        _target = _temporary["a.h5"];
        _path = _temporary["a.h5.claim"];
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Only_one_has_it_and_then_the_next()
    {
        using (var first = Take(out _))
        {
            Assert.True(first!.IsHeld);
            Assert.Null(Take(out var holder));
            Assert.Equal(ProcessToken.Current, holder!.Holder);
            Assert.Equal(Environment.MachineName, holder.Host);
        }

        Assert.Empty(Directory.GetFiles(_temporary.Path));
        using var second = Take(out _);
        Assert.NotNull(second);
    }

    [Fact]
    public void A_killed_process_loses_it_at_once()
    {
        WriteClaim(Ended());

        using var claim = Take(out _);

        Assert.True(claim!.IsHeld);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(11, true)]
    public void Another_machine_loses_it_after_10_minutes_without_a_heartbeat(int minutes, bool taken)
    {
        WriteClaim(_elsewhere);
        Age(_path, TimeSpan.FromMinutes(minutes));

        using var claim = Take(out _);

        Assert.Equal(taken, claim is not null);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, true)]
    public void An_empty_claim_is_of_one_that_died_in_making_it(int seconds, bool taken)
    {
        File.WriteAllText(_path, "");
        Age(_path, TimeSpan.FromSeconds(seconds));

        using var claim = Take(out _);

        Assert.Equal(taken, claim is not null);
    }

    [Fact]
    public void Of_many_that_find_it_stale_one_gets_it()
    {
        const int Rounds = 150;
        const int Many = 4;
        var dead = Ended();
        var claims = new SlideClaim?[Many];
        var won = new List<bool>();
        WriteClaim(dead);
        using var together = new Barrier(
            Many,
            _ =>
            {
                won.Add(claims.OfType<SlideClaim>().ToList() is [{ IsHeld: true }]);
                foreach (var claim in claims)
                    claim?.Dispose();
                WriteClaim(dead);
            }
        );
        var threads = Enumerable
            .Range(0, Many)
            .Select(i => new Thread(() =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    claims[i] = Take(out var _);
                    together.SignalAndWait();
                }
            }))
            .ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(Enumerable.Repeat(true, Rounds), won);
    }

    [Fact]
    public void Who_lost_it_leaves_the_new_holders_alone()
    {
        var sleeper = Take(out _)!;
        File.Delete(_path);
        WriteClaim(_elsewhere);

        Assert.False(sleeper.IsHeld);
        sleeper.Dispose();

        Assert.Equal(_elsewhere, ClaimNote.Read(_path)!.Holder);
    }

    [Fact]
    public void The_heart_beats_while_it_is_held()
    {
        var time = new ManualTimers();
        using var claim = SlideClaim.TryTake(_folder, _target, time, out _)!;
        Age(_path, TimeSpan.FromHours(1));
        var before = File.GetLastWriteTimeUtc(_path);

        time.Tick();

        Assert.InRange(File.GetLastWriteTimeUtc(_path) - before, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        Assert.True(claim.IsHeld);
    }

    [Fact]
    public void Sweeping_takes_only_what_nobody_will_finish()
    {
        var dead = Ended();
        string Partial(string name, ProcessToken writer, TimeSpan age)
        {
            var path = _temporary[$"{name}.{writer}-1.partial"];
            File.WriteAllText(path, "half");
            Age(path, age);
            return path;
        }

        var (old, young) = (TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(9));
        Partial("killed.h5", dead, TimeSpan.Zero);
        Partial("elsewhere-old.h5", _elsewhere, old);
        File.WriteAllText(_temporary["done.h5.claim"], new ClaimNote($"{dead}-1", dead, "here").Text);
        List<string> kept =
        [
            Partial("mine.h5", ProcessToken.Current, old),
            Partial("elsewhere-young.h5", _elsewhere, young),
            Partial("a.h5", _elsewhere, old), // its claim's heart beats
            _path,
            _temporary["a.h5"],
            _temporary["other.partial"],
        ];
        WriteClaim(_elsewhere);
        File.WriteAllText(_temporary["a.h5"], "");
        File.WriteAllText(_temporary["other.partial"], "");

        _folder.Sweep();

        Assert.Equal(
            kept.Order(StringComparer.Ordinal),
            Directory.GetFiles(_temporary.Path).Order(StringComparer.Ordinal)
        );
    }

    private static ProcessToken Ended() => ProcessToken.Current with { Id = EndedProcess.Make() };

    private static void Age(string path, TimeSpan age) =>
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime - age);

    private SlideClaim? Take(out ClaimNote? holder) =>
        SlideClaim.TryTake(_folder, _target, TimeProvider.System, out holder);

    private void WriteClaim(ProcessToken holder) =>
        File.WriteAllText(_path, new ClaimNote($"{holder}-1", holder, "a host").Text);

    private sealed class ManualTimers : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public void Tick() => _timers.ForEach(timer => timer());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
