using System.Collections.Concurrent;
using Histonic.Learning.Compression;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Tests.Learning.Encoders;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Compression;

/// <summary>Lists of slides: several runs on one folder, and what goes wrong on the way.</summary>
public sealed class CompressionRunTests : IDisposable
{
    private const int Patch = 32;
    private static readonly ProcessToken _elsewhere = new("0123456789abcdef", 4711, 1);

    private readonly TemporaryFolder _folder = new();
    private readonly OnnxEncoder _encoder;

    public CompressionRunTests()
    {
        var weights = RandomEncoders.Weights(new Random(9), Patch);
        OnnxEncoderFile.Write(_folder["e.onnx"], weights, RandomEncoders.Info(weights));
        _encoder = OnnxEncoder.Open(_folder["e.onnx"], 1);
        Directory.CreateDirectory(_folder["out"]);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Three_runs_at_once_do_each_slide_once()
    {
        var slides = Enumerable.Range(0, 10).Select(i => WriteSlide($"s{i}")).ToList();
        slides.Insert(4, new SlideSource(_folder["bad.tif"]));
        await File.WriteAllTextAsync(_folder["bad.tif"], "no slide, but long enough to be looked at", Stop);

        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => RunAsync([.. slides]), Stop)));

        Assert.Equal(10, runs.Sum(run => run.Summary.Compressed));
        Assert.Equal(10, runs.SelectMany(run => run.Monitor.Lines).Count(IsMade));
        Assert.All(
            runs,
            run =>
            {
                Assert.Equal(10, run.Summary.Compressed + run.Summary.Elsewhere + run.Summary.Skipped);
                Assert.Equal("open", Assert.Single(run.Summary.Failures).Stage);
            }
        );
        Assert.Equal(
            ["failures.csv", .. Enumerable.Range(0, 10).Select(i => $"s{i}.h5")],
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Single(CsvTable.Read(_folder["out/failures.csv"]).Rows);
        for (var i = 0; i < 10; i++)
            _ = CompressedSlideFile.Read(_folder[$"out/s{i}.h5"]);
    }

    [Fact]
    public async Task What_another_holds_is_left_to_the_end_and_found_done()
    {
        var (first, second) = (WriteSlide("a"), WriteSlide("b"));
        await RunAsync(first);
        File.Move(_folder["out/a.h5"], _folder["done-elsewhere.h5"]);
        Claim("a", _elsewhere);
        var monitor = new ListeningMonitor
        {
            // when b is made, the other process ends its work
            OnLine = line =>
            {
                if (!line.StartsWith("b:", StringComparison.Ordinal) || !IsMade(line))
                    return;
                File.Move(_folder["done-elsewhere.h5"], _folder["out/a.h5"]);
                File.Delete(_folder["out/a.h5.claim"]);
            },
        };

        var summary = await RunAsync(monitor, first, second);

        Assert.Equal((1, 1, 0), (summary.Compressed, summary.Elsewhere, summary.Failures.Count));
        Assert.Contains(monitor.Lines, line => line.StartsWith("a: process 4711 on a host", StringComparison.Ordinal));
        Assert.Contains("a: done by another process", monitor.Lines);
    }

    [Fact]
    public async Task What_another_failed_is_not_tried_again()
    {
        var (first, second) = (WriteSlide("a"), WriteSlide("b"));
        Claim("a", _elsewhere);
        var monitor = new ListeningMonitor
        {
            OnLine = line =>
            {
                if (!line.StartsWith("b:", StringComparison.Ordinal) || !IsMade(line))
                    return;
                new FailureTable(_folder["out"], Shard.Whole).Put(new SlideFailure("x/a.tif", "encode", "a bad tile"));
                File.Delete(_folder["out/a.h5.claim"]);
            },
        };

        var summary = await RunAsync(monitor, first, second);

        Assert.Equal(new SlideFailure("x/a.tif", "encode", "a bad tile"), Assert.Single(summary.Failures));
        Assert.False(File.Exists(_folder["out/a.h5"]));
        Assert.Single(CsvTable.Read(_folder["out/failures.csv"]).Rows);

        // a later run tries it again
        Assert.Equal(1, (await RunAsync(first, second)).Summary.Compressed);
        Assert.False(File.Exists(_folder["out/failures.csv"]));
    }

    [Fact]
    public async Task The_slide_of_one_that_died_is_taken_over()
    {
        var (first, second) = (WriteSlide("a"), WriteSlide("b"));
        Claim("a", _elsewhere);
        await File.WriteAllTextAsync(_folder[$"out/a.h5.{_elsewhere}-1.partial"], "half", Stop);
        var monitor = new ListeningMonitor
        {
            OnLine = line =>
            {
                if (!line.StartsWith("b:", StringComparison.Ordinal) || !IsMade(line))
                    return;
                foreach (var file in Directory.GetFiles(_folder["out"], "a.h5.*"))
                    File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-11));
            },
        };

        var summary = await RunAsync(monitor, first, second);

        Assert.Equal((2, 0), (summary.Compressed, summary.Elsewhere));
        Assert.Equal([_folder["out/a.h5"], _folder["out/b.h5"]], Directory.GetFiles(_folder["out"]).Order());
    }

    [Fact]
    public async Task A_run_whose_claim_was_taken_over_leaves_the_slide_to_the_other()
    {
        var slide = WriteSlide("a");
        await RunAsync(slide);
        var whole = await File.ReadAllBytesAsync(_folder["out/a.h5"], Stop);
        File.Delete(_folder["out/a.h5"]);
        var taken = false;
        var monitor = new ListeningMonitor();
        monitor.OnReport = progress =>
        {
            // as if it had slept for long: another process took over, and made the file
            if (taken || !progress.Stage.Contains("compress a", StringComparison.Ordinal))
                return;
            taken = true;
            File.Delete(_folder["out/a.h5.claim"]);
            Claim("a", _elsewhere);
            File.WriteAllBytes(_folder["out/a.h5"], whole);
        };
        monitor.OnLine = line =>
        {
            if (line.Contains("taken it over", StringComparison.Ordinal))
                File.Delete(_folder["out/a.h5.claim"]);
        };

        var summary = await RunAsync(monitor, slide);

        Assert.Equal((0, 1), (summary.Compressed, summary.Elsewhere));
        Assert.Equal(whole, await File.ReadAllBytesAsync(_folder["out/a.h5"], Stop));
        Assert.Single(Directory.GetFiles(_folder["out"]));
    }

    [Fact]
    public async Task A_slide_that_was_replaced_by_another_of_its_name_and_size_is_done_again()
    {
        var slide = WriteSlide("a");
        await RunAsync(slide);
        var (bytes, time) = (await File.ReadAllBytesAsync(slide.Path, Stop), File.GetLastWriteTimeUtc(slide.Path));
        bytes[^20] ^= 1; // a resolution or the like: it still opens
        await File.WriteAllBytesAsync(slide.Path, bytes, Stop);
        File.SetLastWriteTimeUtc(slide.Path, time);

        var (summary, monitor) = await RunAsync(slide);

        Assert.Equal(1, summary.Compressed + summary.Failures.Count);
        Assert.Contains(
            monitor.Lines,
            line => line.StartsWith("a: done again, for it was made from another file", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_slide_that_is_no_longer_there_keeps_its_file()
    {
        var slide = WriteSlide("a");
        await RunAsync(slide);
        File.Delete(slide.Path);

        Assert.Equal(1, (await RunAsync(slide)).Summary.Skipped);
    }

    [Fact]
    public async Task A_slide_that_changes_or_vanishes_while_it_is_read_fails_and_leaves_nothing()
    {
        var (growing, vanishing, good) = (WriteSlide("a"), WriteSlide("b"), WriteSlide("c"));
        var monitor = new ListeningMonitor
        {
            OnReport = progress =>
            {
                if (progress.Stage.Contains("compress a", StringComparison.Ordinal))
                    File.AppendAllText(growing.Path, "more");
                if (progress.Stage.Contains("compress b", StringComparison.Ordinal))
                    File.Delete(vanishing.Path);
            },
        };

        var summary = await RunAsync(monitor, growing, vanishing, good);

        Assert.Equal((1, 2), (summary.Compressed, summary.Failures.Count));
        Assert.Contains("changed while it was read", summary.Failures[0].Reason, StringComparison.Ordinal);
        Assert.Contains("does not exist", summary.Failures[1].Reason, StringComparison.Ordinal);
        Assert.Equal(
            ["c.h5", "failures.csv"],
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_slides_file_is_told()
    {
        var (first, second) = (WriteSlide("a"), WriteSlide("b"));
        Directory.CreateDirectory(_folder["out/a.h5"]);

        var (summary, _) = await RunAsync(first, second);

        Assert.Equal((1, 1), (summary.Compressed, summary.Failures.Count));
        Assert.Equal("write", summary.Failures[0].Stage);
        Assert.Contains("is a folder", summary.Failures[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_takes_no_more_files_ends_the_run()
    {
        var slides = Enumerable.Range(0, 5).Select(i => WriteSlide($"s{i}")).ToArray();
        var monitor = new ListeningMonitor
        {
            // a file in the place of the folder, as when a share was unmounted
            OnLine = line =>
            {
                if (!line.StartsWith("s1:", StringComparison.Ordinal) || !IsMade(line))
                    return;
                Directory.Delete(_folder["out"], recursive: true);
                File.WriteAllText(_folder["out"], "");
            },
        };

        var summary = await RunAsync(monitor, slides);

        Assert.Equal((2, 3), (summary.Compressed, summary.Left));
        Assert.Contains(_folder["out"], summary.Stopped, StringComparison.Ordinal);
        Assert.InRange(summary.Failures.Count, 0, 1);
    }

    [Fact]
    public async Task Stopping_while_waiting_for_another_ends_at_once()
    {
        Claim("a", _elsewhere);
        using var stop = new CancellationTokenSource();
        var monitor = new ListeningMonitor { OnLine = _ => stop.Cancel() };

        var compressor = new SlideCompressor(_encoder, Options(), monitor);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            compressor.CompressAllAsync([WriteSlide("a")], _folder["out"], Shard.Whole, stop.Token)
        );

        Assert.Equal([_folder["out/a.h5.claim"]], Directory.GetFiles(_folder["out"]));
    }

    private static bool IsMade(string line) => line.Contains("hold tissue", StringComparison.Ordinal);

    private CompressionOptions Options() =>
        CompressionOptions.For(_encoder.Info) with
        {
            Precision = FeaturePrecision.Bits32,
            Tissue = new() { PixelSize = new Microns(4), MinArea = 0 },
            Threads = 2,
            BatchSize = 5,
        };

    private async Task<(CompressionSummary Summary, ListeningMonitor Monitor)> RunAsync(params SlideSource[] slides)
    {
        var monitor = new ListeningMonitor();
        return (await RunAsync(monitor, slides), monitor);
    }

    private async Task<CompressionSummary> RunAsync(ListeningMonitor monitor, params SlideSource[] slides)
    {
        using var encoder = OnnxEncoder.Open(_folder["e.onnx"], 1); // its own, as a process of its own has it
        var compressor = new SlideCompressor(encoder, Options(), monitor);
        return await compressor.CompressAllAsync(slides, _folder["out"], Shard.Whole, Stop);
    }

    private void Claim(string slide, ProcessToken holder) =>
        File.WriteAllText(_folder[$"out/{slide}.h5.claim"], new ClaimNote($"{holder}-1", holder, "a host").Text);

    private SlideSource WriteSlide(string name)
    {
        var pixels = new byte[160 * 128 * 3];
        new Random(name[^1]).NextBytes(pixels);
        for (var i = 0; i < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (200, (byte)(pixels[i + 1] / 4), 160);
        return new SlideSource(TestSlides.WriteTiff(_folder[$"{name}.tif"], new RgbImage(160, 128, pixels)));
    }

    private sealed class ListeningMonitor : IWorkMonitor
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public Action<WorkProgress> OnReport { get; set; } = _ => { };

        public Action<string> OnLine { get; set; } = _ => { };

        public void Report(in WorkProgress progress) => OnReport(progress);

        public void Note(string message)
        {
            Lines.Enqueue(message);
            OnLine(message);
        }

        public void Warn(string message) => Note($"warning: {message}");
    }
}
