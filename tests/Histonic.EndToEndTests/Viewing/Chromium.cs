using Microsoft.Playwright;

namespace Histonic.EndToEndTests.Viewing;

/// <summary>Debian's Chromium, driven by Playwright, which brings no browser of its own here; and the viewer over a small study.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ViewedStudy? _study;
    private System.Diagnostics.Process? _viewer;

    private static bool IsMissing => !File.Exists(Program);

    /// <summary>Gets where the viewer is found.</summary>
    public Uri Viewer { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Gets the browser; the test is skipped where there is none.</summary>
    internal IBrowser Browser
    {
        get
        {
            Assert.SkipWhen(IsMissing, $"There is no {Program} here: apt-get install chromium.");
            return _browser!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (IsMissing)
            return;
        _study = await ViewedStudy.MakeAsync();
        _viewer = HistonicProcess.Start("view", _study.Path, "--port", "0");
        var said = await _viewer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        Viewer = new Uri(said.Split(' ').Single(word => word.StartsWith("http://", StringComparison.Ordinal)));
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                ],
            }
        );
    }

    /// <summary>The report of one of the study's runs, made by evaluate; the test is skipped where there is no browser.</summary>
    internal async Task<Uri> ReportAsync(string run)
    {
        _ = Browser;
        var folder = $"{_study!.Path}/reports/{run}";
        string[] target = run is "survival"
            ? ["survival", "--time", "time", "--event", "event"]
            : ["classification", "--target", run];
        await HistonicProcess.SucceedAsync([
            "evaluate",
            "--predictions",
            $"{_study.Path}/runs/{run}/predictions.csv",
            "--task",
            .. target,
            "--out",
            folder,
        ]);
        return new Uri($"file://{folder}/report.html");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _viewer?.Kill();
        _viewer?.Dispose();
        _study?.Dispose();
    }
}
