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
        await using var tab = await ViewerTab.OpenAsync(chromium, "/", dark: dark);
        var asked = tab.Requests.Count;
        await tab.GoAsync(await chromium.ReportAsync(run));
        await tab.PictureAsync($"report-{run}", whole: true);
        await tab.AssertAccessibleAsync($"report {run}");
        // one file, and nothing else
        Assert.All(tab.Requests.Skip(asked), request => Assert.Matches("^GET (file:.*/report.html|data:)", request));

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
}
