using System.Globalization;
using System.Text.RegularExpressions;

namespace Histonic.EndToEndTests;

/// <summary>What befalls a long compression: signals, a full disk, folders that cannot be written, other processes.</summary>
public sealed partial class FaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_with_130_and_leaves_only_whole_files(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        StainedSlides.Write(_folder["slides"], 12, side: 1408);
        using var process = HistonicProcess.Start(Words());
        var ends = HistonicProcess.EndAsync(process);
        while (!process.HasExited && Files("*.h5").Length == 0)
            await Task.Delay(5, Stop);
        await HistonicProcess.RunProgramAsync("kill", $"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture));

        var (exit, _, messages) = await ends;

        Assert.True(exit == 130, messages);
        var whole = Files("*.h5");
        Assert.InRange(whole.Length, 1, 11);
        Assert.Equal(whole, Files("*"));
        var results = await HistonicProcess.SucceedAsync(Words());
        Assert.Contains($"{whole.Length} skipped", results, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_processes_share_the_slides_and_both_wait_for_all(bool twoMachines)
    {
        // in a space of process ids of its own a process knows as much about the other as on another machine
        string[] machine = ["unshare", "--map-root-user", "--pid", "--fork", "--mount-proc"];
        if (twoMachines)
        {
            var possible =
                OperatingSystem.IsLinux()
                && File.Exists("/usr/bin/unshare")
                && (await HistonicProcess.RunProgramAsync(machine[0], [.. machine[1..], "true"])).Exit == 0;
            Assert.SkipUnless(possible, "needs unshare and the right to make a space of process ids");
        }

        StainedSlides.Write(_folder["slides"], 8, side: 1408);

        using var one = HistonicProcess.Start(Words());
        using var other = twoMachines
            ? HistonicProcess.StartProgram(machine[0], [.. machine[1..], HistonicProcess.Program, .. Words()])
            : HistonicProcess.Start(Words());
        var ends = await Task.WhenAll(HistonicProcess.EndAsync(one), HistonicProcess.EndAsync(other));

        Assert.All(ends, end => Assert.True(end.Exit == 0, end.Messages));
        Assert.Equal(8, ends.Sum(end => Number(end.Results, "compressed")));
        Assert.All(
            ends,
            end =>
                Assert.Equal(
                    8,
                    Number(end.Results, "compressed")
                        + Number(end.Results, "done by another process")
                        + Number(end.Results, "skipped")
                )
        );
        Assert.Equal(8, Files("*").Length);
    }

    [Theory]
    [InlineData(160, 3)]
    [InlineData(16, 2)]
    public async Task A_full_disk_ends_the_run_with_one_message(int kilobytes, int expected)
    {
        StainedSlides.Write(_folder["slides"], 8, side: 1408);

        var (exit, results, messages) = await InSmallFileSystemAsync($"size={kilobytes}k");

        Assert.True(exit == expected, $"{exit}\n{results}\n{messages}");
        var errors = messages.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains("has no space left", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("Free some space", messages, StringComparison.Ordinal);
        Assert.InRange(Failed().Count(messages), 0, 1); // the rest is not tried in vain
        Assert.DoesNotContain(".partial\n", results, StringComparison.Ordinal);
        Assert.DoesNotContain(".claim\n", results, StringComparison.Ordinal);
        if (expected == 3)
            Assert.Contains("slide,stage,reason", results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_folder_is_told_before_any_work()
    {
        StainedSlides.Write(_folder["slides"], 1, side: 512);

        var (exit, _, messages) = await InSmallFileSystemAsync("ro");

        Assert.True(exit == 2, messages);
        Assert.Contains(_folder["features"], messages, StringComparison.Ordinal);
        Assert.Contains("ead-only", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slide_that_may_not_be_read_fails_alone()
    {
        StainedSlides.Write(_folder["slides"], 3, side: 512);
        await HistonicProcess.RunProgramAsync("chmod", "000", _folder["slides/slide-02.tif"]);

        var (exit, results, messages) = await AsNobodyAsync(Words());

        Assert.True(exit == 3, messages);
        Assert.Contains("2 compressed", results, StringComparison.Ordinal);
        Assert.Contains("ermission", messages, StringComparison.Ordinal);
        var failures = await File.ReadAllTextAsync(_folder["features/failures.csv"], Stop);
        Assert.Contains("slide-02.tif,open,", failures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_told_before_any_work()
    {
        StainedSlides.Write(_folder["slides"], 1, side: 512);
        Directory.CreateDirectory(_folder["closed"]);

        var (exit, _, messages) = await AsNobodyAsync([.. Words()[..^1], _folder["closed"]]);

        Assert.True(exit == 2, messages);
        Assert.Contains(_folder["closed"], messages, StringComparison.Ordinal);
        Assert.Contains("make this one writable", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_and_open_files_do_not_grow_with_the_number_of_slides()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        const int Slides = 80;
        StainedSlides.Write(_folder["slides"], 1, side: 1024);
        for (var i = 2; i <= Slides; i++)
            File.Copy(_folder["slides/slide-01.tif"], _folder[$"slides/slide-{i:00}.tif"]);
        using var process = HistonicProcess.Start(Words());
        var results = process.StandardOutput.ReadToEndAsync(Stop);
        List<(long Kilobytes, int Files)> after = [];
        while (await process.StandardError.ReadLineAsync(Stop) is { } line)
        {
            if (!line.Contains("hold tissue", StringComparison.Ordinal) || process.HasExited)
                continue;
            var status = await File.ReadAllTextAsync($"/proc/{process.Id}/status", Stop);
            after.Add(
                (
                    long.Parse(Resident().Match(status).Groups["kB"].Value, CultureInfo.InvariantCulture),
                    Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Length
                )
            );
        }

        await process.WaitForExitAsync(Stop);
        await results;

        Assert.InRange(after.Count, Slides - 5, Slides);
        // one slide has 3 MB of pixels: forty of them would show
        var (early, late) = (Median(after[20..40]), Median(after[^20..]));
        Assert.InRange(late.Kilobytes - early.Kilobytes, -500_000, 30_000);
        Assert.InRange(late.Files - early.Files, -20, 3);
    }

    private static (long Kilobytes, int Files) Median(IReadOnlyList<(long Kilobytes, int Files)> samples) =>
        (
            samples.Select(sample => sample.Kilobytes).Order().ElementAt(samples.Count / 2),
            samples.Select(sample => sample.Files).Order().ElementAt(samples.Count / 2)
        );

    private static int Number(string results, string what) =>
        Regex.Match(results, $@"^(\d+) {what}", RegexOptions.Multiline, TimeSpan.FromSeconds(10))
            is { Success: true } match
            ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : 0;

    private string[] Words() =>
        ["compress", _folder["slides"], "--encoder", "histonic-synth", "--out", _folder["features"]];

    private string[] Files(string pattern) =>
        Directory.Exists(_folder["features"])
            ? [.. Directory.GetFiles(_folder["features"], pattern).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Compresses into a file system of its own that only the run sees, and lists what it then holds.</summary>
    private async Task<(int Exit, string Results, string Messages)> InSmallFileSystemAsync(string options)
    {
        Directory.CreateDirectory(_folder["features"]);
        string[] unshare = ["--mount", "--map-root-user"];
        var mount = $"mount -t tmpfs -o {options} tmpfs '{_folder["features"]}'";
        var possible =
            OperatingSystem.IsLinux()
            && File.Exists("/usr/bin/unshare")
            && (await HistonicProcess.RunProgramAsync("unshare", [.. unshare, "sh", "-c", mount])).Exit == 0;
        Assert.SkipUnless(possible, "needs unshare and the right to mount a small file system");
        var run = $"'{HistonicProcess.Program}' {string.Join(' ', Words().Select(word => $"'{word}'"))}";
        var list = $"ls -A '{_folder["features"]}'; cat '{_folder["features"]}'/failures.csv";
        return await HistonicProcess.RunProgramAsync(
            "unshare",
            [.. unshare, "sh", "-c", $"{mount}; {run}; code=$?; {list}; exit $code"]
        );
    }

    /// <summary>Runs the program as a user with no rights beyond those that everyone has.</summary>
    private async Task<(int Exit, string Results, string Messages)> AsNobodyAsync(string[] words)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"),
            "needs to be root, and setpriv, to become another user"
        );
        Directory.CreateDirectory(_folder["features"]);
        await HistonicProcess.RunProgramAsync("chmod", "755", _folder.Path);
        await HistonicProcess.RunProgramAsync("chmod", "777", _folder["features"]);
        string[] nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", HistonicProcess.Program];
        var (exit, _, messages) = await HistonicProcess.RunProgramAsync("setpriv", [.. nobody, "--help"]);
        Assert.SkipUnless(exit == 0, $"needs the program to be readable by everyone: {messages}");
        return await HistonicProcess.RunProgramAsync("setpriv", [.. nobody, .. words]);
    }

    [GeneratedRegex("failed at", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Failed();

    [GeneratedRegex(@"VmRSS:\s+(?<kB>\d+) kB", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Resident();
}
