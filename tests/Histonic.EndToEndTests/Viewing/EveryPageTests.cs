using Microsoft.Playwright;

namespace Histonic.EndToEndTests.Viewing;

/// <summary>What holds of every page of the viewer, in light and dark, at the widths of a small and of a large screen.</summary>
[Collection(typeof(InBrowser))]
public sealed class EveryPageTests(Chromium chromium)
{
    private static readonly string _layout = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "layout.js"));

    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(1920, 1080, true)]
    public async Task Nothing_overlaps_is_cut_off_or_empty_and_axe_finds_no_serious_fault(
        int width,
        int height,
        bool dark
    )
    {
        await using var tab = await ViewerTab.OpenAsync(chromium, "/", width, height, dark);
        var pages = await PagesAsync(tab);
        foreach (var (name, address) in pages)
        {
            await tab.GoAsync(new Uri(chromium.Viewer, address));
            if (
                name.StartsWith("slide", StringComparison.Ordinal)
                && address.Contains("patch=", StringComparison.Ordinal)
            )
                await tab.Page.Locator("#embedding svg").WaitForAsync();
            await tab.PictureAsync($"{name}-{width}-{(dark ? "dark" : "light")}");
            var faults = await tab.Page.EvaluateAsync<string[]>(_layout);
            Assert.True(faults.Length == 0, $"{name} at {width}: {string.Join('\n', faults)}");
            await tab.AssertAccessibleAsync(name);
        }

        tab.AssertClean();
    }

    [Fact]
    public async Task Dark_and_light_are_kept_from_page_to_page()
    {
        await using var tab = await ViewerTab.OpenAsync(chromium, "/");
        Assert.Equal("rgb(255, 255, 255)", await GroundAsync());

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();

        var dark = await GroundAsync();
        Assert.NotEqual("rgb(255, 255, 255)", dark);
        foreach (var (_, address) in (await PagesAsync(tab)).Where(one => one.Name is "slide" or "run-survival"))
        {
            await tab.GoAsync(new Uri(chromium.Viewer, address));
            Assert.Equal(dark, await GroundAsync());
        }

        Task<string> GroundAsync() =>
            tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task Names_and_labels_that_are_markup_are_text_on_every_page()
    {
        await using var tab = await ViewerTab.OpenAsync(chromium, "/");
        var page = tab.Page;
        await page.Locator("#run").SelectOptionAsync(new SelectOptionValue { Index = 3 });
        foreach (var text in new[] { ViewedStudy.OddSlide, ViewedStudy.OddLabel, "<b>P</b>" })
            Assert.True(await page.Locator("#slides").GetByText(text, new() { Exact = true }).CountAsync() > 0, text);
        await AssertNothingRanAsync();
        await tab.PictureAsync("odd-list");

        // the layers' slide has the odd one's patches among its nearest
        foreach (
            var (name, address) in (await PagesAsync(tab)).Where(page =>
                page.Name is "slide-layers" or "slide-odd" or "run-odd"
            )
        )
        {
            await tab.GoAsync(new Uri(chromium.Viewer, address));
            if (name is "run-odd")
            {
                // whatever a pointer can open
                foreach (
                    var mark in await page.Locator(".chart path[role=graphics-symbol], .chart .mark-rect path")
                        .AllAsync()
                )
                    await mark.HoverAsync(new() { Force = true });
                Assert.True(await page.GetByText(ViewedStudy.OddLabel, new() { Exact = true }).CountAsync() > 0);
            }

            await AssertNothingRanAsync();
        }

        tab.AssertClean();

        async Task AssertNothingRanAsync() =>
            Assert.True(
                await page.EvaluateAsync<bool>(
                    "() => window.hit === undefined && !document.querySelector('img[src=x], svg[onload], i[onmouseover]')"
                )
            );
    }

    [Fact]
    public async Task Another_site_neither_reads_nor_frames_nor_opens_the_viewer()
    {
        await using var tab = await ViewerTab.OpenAsync(chromium, "/");
        var page = tab.Page;
        // the same server under its other name is another site to a browser
        await page.GotoAsync($"http://localhost:{chromium.Viewer.Port}/");
        var read = await page.EvaluateAsync<string>(
            "address => fetch(address).then(answer => answer.text()).catch(() => 'refused')",
            new Uri(chromium.Viewer, "/api/cohort").ToString()
        );
        Assert.Equal("refused", read);
        await page.GotoAsync("about:blank");
        await page.SetContentAsync($"<iframe src='{chromium.Viewer}'></iframe><a href='{chromium.Viewer}'>open</a>");
        await page.WaitForTimeoutAsync(300);
        Assert.DoesNotContain(
            page.Frames,
            frame => string.Equals(frame.Url, chromium.Viewer.ToString(), StringComparison.Ordinal)
        );
    }

    /// <summary>One address of every kind of page, by the list's links.</summary>
    private static async Task<IReadOnlyList<(string Name, string Address)>> PagesAsync(ViewerTab tab)
    {
        async Task<string> Of(string name) =>
            (
                await tab
                    .Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true })
                    .First.GetAttributeAsync("href")
            )!;
        return
        [
            ("list", "/"),
            ("slide", await Of("S0001")),
            ("slide-layers", $"{await Of("S0002")}#colour=map&layers=grid&patch=4,4"),
            ("slide-odd", $"{await Of(ViewedStudy.OddSlide)}#colour=channel&layers=tissue&patch=3,4"),
            ("run-pattern", await Of("runs/pattern")),
            ("run-proliferation", await Of("runs/proliferation")),
            ("run-survival", await Of("runs/survival")),
            ("run-odd", await Of("runs/z <i onmouseover=window.hit=1>")),
        ];
    }
}
