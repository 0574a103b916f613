using System.Diagnostics;
using System.Globalization;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Fuzzing;

/// <summary>
/// Damaged files: no crash, no hang, always an error that names the file, or success. eng/checks/fuzz.sh runs thousands of cases in processes that
/// may crash.
/// </summary>
public sealed class FuzzTests
{
    private const int Cases = 200;

    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(10);

    [Fact]
    public void Damaged_files_are_refused_by_name_or_read()
    {
        var (first, count) = (Number("HISTONIC_FUZZ_FROM", 0), Number("HISTONIC_FUZZ_CASES", Cases));
        var log = Environment.GetEnvironmentVariable("HISTONIC_FUZZ_LOG");
        using var folder = new TemporaryFolder();
        List<string> faults = [];
        var (refused, read) = (0, 0);
        for (var number = first; number < first + count; number++)
        {
            if (log is not null)
                File.WriteAllText(log, number.ToString(CultureInfo.InvariantCulture));
            var target = FuzzTarget.All[number % FuzzTarget.All.Count];
            var path = folder[target.Name];
            File.WriteAllBytes(path, Mutator.Mutate(target.Sound, new Random(number)));
            var error = Try(target, path);
            if (error is null)
                read++;
            else if (
                error is InputException or OptionException
                && error.Message.Contains(target.Name, StringComparison.Ordinal)
            )
                refused++;
            else
            {
                var kept = Path.Combine(Path.GetTempPath(), $"histonic-fuzz-{number}-{target.Name}");
                File.Copy(path, kept, overwrite: true);
                faults.Add(
                    $"case {number}, {target.Name}: {error.GetType().Name}: {error.Message}\n{kept}\n{error.StackTrace}"
                );
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
        Assert.True(
            refused > count / 4,
            $"{refused} of {count} files were refused: the damage is too small to find anything"
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{refused} refused, {read} read");
        if (log is not null)
            Assert.InRange(Process.GetCurrentProcess().PeakWorkingSet64, 0, 2L << 30);
    }

    [Fact]
    public void Sound_files_are_read()
    {
        using var folder = new TemporaryFolder();
        foreach (var target in FuzzTarget.All)
        {
            File.WriteAllBytes(folder[target.Name], target.Sound);
            Assert.True(Try(target, folder[target.Name]) is null, $"{target.Name}: {Try(target, folder[target.Name])}");
        }
    }

    private static Exception? Try(FuzzTarget target, string path)
    {
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                target.Use(path);
            }
            catch (Exception caught)
            {
                error = caught;
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return thread.Join(_hang) ? error : new TimeoutException($"hangs for {_hang.TotalSeconds} s");
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : otherwise;
}
