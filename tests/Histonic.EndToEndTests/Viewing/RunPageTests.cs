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

    [Theory]
    [InlineData("runs/proliferation", "Predicted against true")]
    [InlineData("runs/pattern", "ROC curve")]
    [InlineData("runs/pattern", "Reliability")]
    [InlineData("runs/pattern", "Confusion matrix")]
    [InlineData("runs/survival", "Survival by predicted risk")]
    public async Task Every_chart_leads_to_slides_by_keys_alone(string run, string chart)
    {
        await using var tab = await OpenAsync(run);
        var page = tab.Page;
        await page.WaitForFunctionAsync("() => document.querySelector('.chart[tabindex]') !== null");
        for (var i = 0; i < 60 && !await IsThereAsync(); i++)
            await page.Keyboard.PressAsync("Tab");
        Assert.True(await IsThereAsync());

        foreach (var key in new[] { "ArrowRight", "ArrowRight", "ArrowLeft", "End" })
        {
            await page.Keyboard.PressAsync(key);
            var ring = (await page.Locator(".ring:visible").BoundingBoxAsync())!;
            var plot = (await page.Locator(".chart:focus svg").BoundingBoxAsync())!;
            Assert.InRange(ring.X + (ring.Width / 2), plot.X, plot.X + plot.Width);
            Assert.InRange(ring.Y + (ring.Height / 2), plot.Y, plot.Y + plot.Height);
        }

        Assert.True(await page.Locator("#tip").IsVisibleAsync());
        await tab.PictureAsync($"run-keys-{chart.ToLowerInvariant().Replace(' ', '-')}");
        await tab.AssertAccessibleAsync(chart);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync(
            "() => location.pathname.startsWith('/slide/') || document.querySelector('#behind[open] li a') !== null"
        );
        if (!page.Url.Contains("/slide/", StringComparison.Ordinal))
        {
            // the list's first link has the focus
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync("**/slide/*");
        }

        tab.AssertClean();

        Task<bool> IsThereAsync() =>
            page.EvaluateAsync<bool>(
                "chart => document.activeElement.ariaLabel?.startsWith(`${chart}: arrow keys`) ?? false",
                chart
            );
    }

    [Fact]
    public async Task The_table_of_predictions_leads_to_every_slide_by_keys()
    {
        await using var tab = await OpenAsync("runs/pattern");
        var page = tab.Page;
        HashSet<string> reached = [];
        for (var i = 0; i < 80; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(
                await page.EvaluateAsync<string>(
                    "() => document.activeElement.closest('#section > .tall td') ? document.activeElement.textContent : ''"
                )
            );
        }

        Assert.All(Enumerable.Range(1, 12), i => Assert.Contains($"S{i:0000}", reached));
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
