using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Histonic.EndToEndTests;

/// <summary>
/// kill -9 at random moments, of one process or of two on one folder: what the next run leaves is whole and equal to an undisturbed
/// run, and nothing else stays behind. HISTONIC_KILLS=100 makes it as many kills (a multiple of 5), HISTONIC_SEED other moments.
/// </summary>
public sealed partial class KilledRunTests : IDisposable
{
    private const int Slides = 12;
    private const int KillsPerRound = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(Setting("HISTONIC_SEED", 1));
    private int _ended;
    private int _partials;
    private int _claims;
    private int _whole;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whatever_is_killed_the_next_run_makes_it_whole_and_the_same()
    {
        StainedSlides.Write(_folder["slides"], Slides, side: 1408);
        var start = Stopwatch.GetTimestamp();
        await HistonicProcess.SucceedAsync(Words("undisturbed"));
        var length = Stopwatch.GetElapsedTime(start);
        var kills = Setting("HISTONIC_KILLS", KillsPerRound);

        for (var round = 0; round < kills / KillsPerRound; round++)
        {
            var (once, beside, both) = ($"once-{round}", $"beside-{round}", $"both-{round}");
            await KillAsync(once, length, Start(once));
            await KillAsync(once, length, Start(once));
            await FinishAsync(once);

            using var survivor = Start(beside);
            await KillAsync(beside, length, Start(beside));
            var (exit, _, messages) = await HistonicProcess.EndAsync(survivor);
            Assert.True(exit == 0, messages);
            AssertSame(beside);

            await KillAsync(both, length, Start(both), Start(both));
            await FinishAsync(both);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{kills} kills within {length.TotalSeconds:0.0} s ({_ended} after the end): "
                + $"they left {_whole} whole files, {_partials} unfinished ones and {_claims} claims; all runs ended equal"
        );
    }

    private Process Start(string output) => HistonicProcess.Start(Words(output));

    private string[] Words(string output) =>
        ["compress", _folder["slides"], "--encoder", "histonic-synth", "--out", _folder[output]];

    private async Task KillAsync(string output, TimeSpan length, params Process[] processes)
    {
        foreach (var process in processes)
        {
            using (process)
            {
                var ends = HistonicProcess.EndAsync(process); // reads along, so that it never waits for us
                await Task.Delay(
                    length * _random.NextDouble() / processes.Length,
                    TestContext.Current.CancellationToken
                );
                _ended += process.HasExited ? 1 : 0;
                process.Kill();
                await ends;
            }
        }

        if (!Directory.Exists(_folder[output]))
            return;
        var files = Directory.GetFiles(_folder[output]);
        _whole += files.Count(file => file.EndsWith(".h5", StringComparison.Ordinal));
        _partials += files.Count(file => file.EndsWith(".partial", StringComparison.Ordinal));
        _claims += files.Count(file => file.EndsWith(".claim", StringComparison.Ordinal));
    }

    private async Task FinishAsync(string output)
    {
        await HistonicProcess.SucceedAsync(Words(output));
        AssertSame(output);
    }

    private void AssertSame(string output)
    {
        var expected = Directory.GetFiles(_folder["undisturbed"]).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Slides, expected.Count);
        Assert.Equal(
            expected.Select(Path.GetFileName),
            Directory.GetFiles(_folder[output]).Order(StringComparer.Ordinal).Select(Path.GetFileName)
        );
        foreach (var file in expected)
            Assert.Equal(Content(file), Content(Path.Combine(_folder[output], Path.GetFileName(file))));
        Directory.Delete(_folder[output], recursive: true);
    }

    /// <summary>A hash of the bytes of a file but for the time it was made.</summary>
    private static string Content(string file) =>
        Convert.ToHexString(
            SHA256.HashData(
                Encoding.Latin1.GetBytes(Time().Replace(Encoding.Latin1.GetString(File.ReadAllBytes(file)), "time"))
            )
        );

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;

    [GeneratedRegex(@"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Time();
}
