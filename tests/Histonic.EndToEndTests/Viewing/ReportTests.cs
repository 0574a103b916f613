using Microsoft.Playwright;

namespace Histonic.EndToEndTests.Viewing;

/// <summary>report.html, opened as a file.</summary>
[Collection(typeof(InBrowser))]
public sealed class ReportTests(Chromium chromium)
{
    [Theory]
    [InlineData("pattern", false)]
    [InlineData("survival", true)]
    public async Task The_report_stands_alone_fits_on_paper_and_is_accessible(string run, bool dark)
    {
        var report = await chromium.ReportAsync(run);
        await using var tab = await ViewerTab.OpenAsync(chromium, report.ToString(), dark: dark);
        await tab.PictureAsync($"report-{run}", whole: true);
        await tab.AssertAccessibleAsync($"report {run}");
        // one file, and nothing else
        Assert.All(tab.Requests, request => Assert.Matches("^GET (file:.*/report.html|data:)", request));

        // A4 less its margins of 14 mm, at 96 px an inch
        await tab.Page.SetViewportSizeAsync(687, 1000);
        await tab.Page.EmulateMediaAsync(
            new() { Media = Media.Print, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light }
        );
        await tab.PictureAsync($"report-{run}-paper", whole: true);
        var wide = await tab.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("main *")]
              .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
              .map(element => element.outerHTML.slice(0, 100) + element.getBoundingClientRect().right).slice(0, 8)
            """
        );
        Assert.Empty(wide);
        Assert.Equal(
            "rgb(255, 255, 255)",
            await tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor")
        );
    }

    [Fact]
    public async Task Headings_of_a_table_stand_again_on_every_page_of_paper_that_it_reaches()
    {
        Assert.SkipWhen(
            !File.Exists("/usr/bin/pdftotext"),
            "There is no /usr/bin/pdftotext here: apt-get install poppler-utils."
        );
        var report = await chromium.ReportAsync("pattern");
        await using var tab = await ViewerTab.OpenAsync(chromium, report.ToString());
        using var folder = new TemporaryFolder();
        // so low a paper that twelve rows need several
        await tab.Page.PdfAsync(
            new()
            {
                Path = folder["report.pdf"],
                Width = "210mm",
                Height = "90mm",
            }
        );

        var (_, text, _) = await HistonicProcess.RunProgramAsync(
            "/usr/bin/pdftotext",
            "-layout",
            folder["report.pdf"],
            "-"
        );
        var pages = text.Split('\f');
        var withRows = pages
            .Where(page =>
                page.Contains(" desmoplastic ", StringComparison.Ordinal)
                && page.Contains("S00", StringComparison.Ordinal)
            )
            .ToArray();
        Assert.InRange(withRows.Length, 2, 12);
        Assert.All(withRows, page => Assert.Contains("true pattern", page, StringComparison.Ordinal));
        // the heading of the table's part does not stay behind alone
        Assert.Contains(
            "S00",
            Assert.Single(pages, page => page.Contains("Predictions, worst first", StringComparison.Ordinal))
        );
    }
}
