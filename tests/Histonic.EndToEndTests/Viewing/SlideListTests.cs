using Microsoft.Playwright;

namespace Histonic.EndToEndTests.Viewing;

/// <summary>The list of slides.</summary>
[Collection(typeof(InBrowser))]
public sealed class SlideListTests(Chromium chromium)
{
    [Fact]
    public async Task The_list_is_sorted_filtered_and_found_again_as_it_was_left()
    {
        await using var tab = await ViewerTab.OpenAsync(chromium, "/");
        var page = tab.Page;
        Assert.Equal($"{ViewedStudy.WithPixels} slides", await page.Locator("#count").TextContentAsync());
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('#slides img')].slice(0, 5).every(image => image.complete && image.naturalWidth > 0)"
        );
        await tab.PictureAsync("list");

        // the greatest error first, then the least; slides without a prediction last either way
        await page.GetByRole(AriaRole.Button, new() { Name = "error" }).ClickAsync();
        var errors = await NumbersAsync(page, 8);
        Assert.Equal(errors.OrderDescending(), errors);
        await page.GetByRole(AriaRole.Button, new() { Name = "error" }).ClickAsync();
        Assert.Equal(errors.Order(), await NumbersAsync(page, 8));
        Assert.Equal("ascending", await page.Locator("#slides th[data-key=error]").GetAttributeAsync("aria-sort"));

        await page.Locator("#label").SelectOptionAsync("replacement");
        var labels = await page.Locator("#slides td:nth-child(5)").AllTextContentsAsync();
        Assert.NotEmpty(labels);
        Assert.All(labels, label => Assert.Equal("replacement", label));
        await page.GetByLabel("Find").FillAsync("P00");
        Assert.EndsWith($" of {ViewedStudy.WithPixels} slides", await page.Locator("#count").TextContentAsync());
        await tab.PictureAsync("list-filtered");

        // the way back finds it so
        var shown = await page.Locator("#slides tbody").InnerTextAsync();
        await page.Locator("#slides tbody td:nth-child(2) a").First.ClickAsync();
        await tab.StandsAsync();
        await page.GoBackAsync();
        await tab.StandsAsync();
        Assert.Equal(shown, await page.Locator("#slides tbody").InnerTextAsync());

        await page.GetByLabel("Find").FillAsync("nothing of this name");
        Assert.Equal(0, await page.Locator("#slides tbody tr").CountAsync());
        tab.AssertClean();
    }

    [Fact]
    public async Task Labels_are_shown_without_a_run()
    {
        await using var tab = await ViewerTab.OpenAsync(chromium, "/");
        await tab.Page.Locator("#run").SelectOptionAsync(new SelectOptionValue { Label = "labels.csv: pattern" });

        var labels = await tab.Page.Locator("#slides td:nth-child(5)").AllTextContentsAsync();

        Assert.Equal(12, labels.Count(label => label is "replacement" or "desmoplastic"));
        Assert.All(await tab.Page.Locator("#slides td:nth-child(6)").AllTextContentsAsync(), Assert.Empty);
    }

    [Fact]
    public async Task The_list_is_used_by_keys_alone()
    {
        await using var tab = await ViewerTab.OpenAsync(chromium, "/");
        var keys = tab.Page.Keyboard;

        await keys.PressAsync("/");
        await keys.TypeAsync("S00");
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("ArrowDown");
        Assert.Equal("S0002", await tab.Page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await keys.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/slide/*");
        await tab.StandsAsync();

        Assert.Equal("S0002", await tab.Page.Locator("h1").TextContentAsync());
    }

    private static async Task<double[]> NumbersAsync(IPage page, int column) =>
        [
            .. (await page.Locator($"#slides td:nth-child({column})").AllTextContentsAsync())
                .Take(12)
                .Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
        ];
}
