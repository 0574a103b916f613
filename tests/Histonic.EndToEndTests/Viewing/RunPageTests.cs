using Microsoft.Playwright;

namespace Histonic.EndToEndTests.Viewing;

/// <summary>The page of a run.</summary>
[Collection(typeof(InBrowser))]
public sealed class RunPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_point_tells_its_numbers_and_leads_to_its_slide()
    {
        await using var tab = await OpenAsync("runs/proliferation");
        var page = tab.Page;
        var point = page.Locator(".chart .mark-symbol path").First;
        await point.ScrollIntoViewIfNeededAsync();

        await point.HoverAsync();
        var tip = page.Locator("#tip");
        await tip.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        var told = await tip.Locator("dd").AllTextContentsAsync();
        var slide = Assert.Single(told, text => text.StartsWith('S'));
        await tab.PictureAsync("run-proliferation");

        await point.ClickAsync();
        await page.WaitForURLAsync("**/slide/*");
        await tab.StandsAsync();
        Assert.Equal(slide, await page.Locator("h1").TextContentAsync());
        tab.AssertClean();
    }

    [Fact]
    public async Task Charts_of_a_classification_lead_to_the_slides_behind_a_cell_of_the_confusion_matrix()
    {
        await using var tab = await OpenAsync("runs/pattern");
        var page = tab.Page;
        var titles = await page.Locator("figure h3").AllTextContentsAsync();
        Assert.Contains(titles, title => title.StartsWith("ROC", StringComparison.Ordinal));
        Assert.Contains(titles, title => title.StartsWith("Reliability", StringComparison.Ordinal));
        await tab.PictureAsync("run-pattern");
        var cell = page.Locator(".chart .mark-rect path").First;
        await cell.ScrollIntoViewIfNeededAsync();

        await cell.ClickAsync(
            new()
            {
                Position = new() { X = 8, Y = 8 },
            }
        );

        var links = page.Locator("#behind li a");
        Assert.InRange(await links.CountAsync(), 2, 12);
        await tab.PictureAsync("run-pattern-slides");
        var name = await links.First.TextContentAsync();
        await links.First.ClickAsync();
        await page.WaitForURLAsync("**/slide/*");
        Assert.Equal(name, await page.Locator("h1").TextContentAsync());
    }

    [Fact]
    public async Task A_tick_of_a_survival_curve_leads_to_its_slides_and_the_table_links_all()
    {
        await using var tab = await OpenAsync("runs/survival");
        var page = tab.Page;
        await tab.PictureAsync("run-survival");

        Assert.Equal(12, await page.Locator("#section > .tall td a").CountAsync());
        // the mark of a patient who was last seen without the event
        var tick = page.Locator(".chart .mark-rect path").First;
        await tick.ScrollIntoViewIfNeededAsync();
        await tick.ClickAsync(new() { Force = true });

        await page.WaitForFunctionAsync(
            "() => location.pathname.startsWith('/slide/') || document.querySelector('#behind[open] li a') !== null"
        );
        tab.AssertClean();
    }

    private async Task<ViewerTab> OpenAsync(string run)
    {
        var tab = await ViewerTab.OpenAsync(chromium, "/");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = run, Exact = true }).ClickAsync();
        await tab.Page.WaitForURLAsync("**/run/*");
        await tab.StandsAsync();
        return tab;
    }
}
