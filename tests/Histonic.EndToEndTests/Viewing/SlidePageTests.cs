using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using NetVips;

namespace Histonic.EndToEndTests.Viewing;

/// <summary>The page of a slide, as a pathologist uses it.</summary>
[Collection(typeof(InBrowser))]
public sealed class SlidePageTests(Chromium chromium)
{
    [Fact]
    public async Task Layers_lie_on_the_slide_to_the_pixel_before_and_after_the_window_changes()
    {
        await using var tab = await ViewerTab.OpenSlideAsync(chromium, ViewedStudy.Squares);
        // so near that the squares fill the window whatever its size
        await tab.Page.Keyboard.PressAsync("+");
        await AssertAlignedAsync(tab);

        foreach (var (width, height) in new[] { (1001, 703), (1920, 1080), (1280, 900) })
        {
            await tab.Page.SetViewportSizeAsync(width, height);
            await AssertAlignedAsync(tab);
        }
    }

    [Fact]
    public async Task Wheel_keys_and_buttons_zoom_and_the_scale_bar_tells_the_truth()
    {
        await using var tab = await ViewerTab.OpenSlideAsync(chromium, "S0002");
        var page = tab.Page;
        var fit = await MagnificationAsync(page);
        await tab.PictureAsync("slide");

        await page.Mouse.MoveAsync(400, 450);
        await page.Mouse.WheelAsync(0, -300);
        await page.WaitForFunctionAsync(
            "fit => parseFloat(document.getElementById('magnification').textContent) > 1.2 * fit",
            fit
        );
        await tab.StandsAsync();
        await page.Keyboard.PressAsync("0");
        await tab.StandsAsync();
        Assert.Equal(fit, await MagnificationAsync(page));
        await page.Keyboard.PressAsync("+");
        await tab.StandsAsync();
        Assert.Equal(2 * fit, await MagnificationAsync(page), 1.5);

        // 10× is 1 µm a pixel of the screen; the slide has 0.5 µm a pixel
        await page.GetByRole(AriaRole.Button, new() { Name = "10×" }).ClickAsync();
        await tab.StandsAsync();
        Assert.Equal(10, await MagnificationAsync(page));
        Assert.Equal("100 µm", (await page.Locator("#bar").TextContentAsync())!.Trim());
        Assert.Equal(100, (await page.Locator("#bar i").BoundingBoxAsync())!.Width, 0.5);
        Assert.Equal(
            0.5,
            await page.EvaluateAsync<double>("() => item.viewportToImageZoom(viewer.viewport.getZoom(true))"),
            0.001
        );
        await tab.PictureAsync("slide-10x");

        // the slide is moved by the mouse and by keys
        var before = page.Url;
        await page.Mouse.MoveAsync(400, 450);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(300, 400, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await tab.StandsAsync();
        Assert.NotEqual(before, page.Url);
        Assert.Equal(10, await MagnificationAsync(page));
        tab.AssertClean();
    }

    [Fact]
    public async Task Layers_are_switched_and_stand_in_the_address()
    {
        await using var tab = await ViewerTab.OpenSlideAsync(chromium, "S0002");
        var page = tab.Page;
        var bare = await StagePictureAsync(tab, "layers-none");

        await page.GetByLabel("heat map").CheckAsync();
        var map = await StagePictureAsync(tab, "layers-map");
        AssertDiffer(bare, map);
        // the layer lies under the buttons
        var (stage, fits) = (
            (await page.Locator("#stage").BoundingBoxAsync())!,
            (await page.Locator("#zoom [data-how=all]").BoundingBoxAsync())!
        );
        using (
            var under = bare.Crop((int)(fits.X - stage.X), (int)(fits.Y - stage.Y), (int)fits.Width, (int)fits.Height)
        )
        using (var over = map.Crop((int)(fits.X - stage.X), (int)(fits.Y - stage.Y), (int)fits.Width, (int)fits.Height))
            Assert.True(Difference(under, over, 0, 1) < 0.25 * Difference(bare, map, 0.2, 0.8));
        // the map grows to the right: above the middle of its range the left half is bare
        await page.GetByLabel("Threshold").FillAsync("0.5");
        var right = await StagePictureAsync(tab, "layers-map-threshold");
        Assert.Equal(0, Difference(bare, right, 0.15, 0.35), 0.5);
        Assert.True(Difference(bare, right, 0.6, 0.7) > 5);
        // what it tells of its spread is a layer too: over networks it grows downwards, over symmetries it is the same
        await page.GetByLabel("Its").SelectOptionAsync("spread over networks");
        AssertDiffer(right, await StagePictureAsync(tab, "layers-map-spread"));
        Assert.Contains("of=spread", page.Url);
        await page.GetByLabel("Its").SelectOptionAsync("spread over symmetries");
        await tab.StandsAsync();
        Assert.Equal("0.005", await page.Locator("#high").TextContentAsync());
        await page.GetByLabel("Its").SelectOptionAsync("value");
        await page.GetByLabel("Opacity").FillAsync("0");
        Assert.Equal(0, Difference(bare, await StagePictureAsync(tab, "layers-map-transparent"), 0.2, 0.8), 0.5);
        await page.GetByLabel("Opacity").FillAsync("0.8");
        await page.GetByLabel("Patch grid").CheckAsync();
        var grid = await StagePictureAsync(tab, "layers-map-grid");
        AssertDiffer(right, grid);
        Assert.Matches("layers=grid&colour=map.*&opacity=0.8&threshold=0.5", page.Url);
        AssertDiffer(grid, await WithAsync("principal components 1 to 3", "layers-components"));
        var channel = await WithAsync("embedding channel", "layers-channel");
        await page.Keyboard.PressAsync("]");
        AssertDiffer(channel, await StagePictureAsync(tab, "layers-channel-1"));
        Assert.Matches("colour=channel&channel=1", page.Url);
        await page.GetByLabel("Tissue").CheckAsync();
        var last = await StagePictureAsync(tab, "layers-tissue");

        tab.AssertClean();
        var address = new Uri(page.Url);
        await page.CloseAsync();

        // the address alone brings the same picture back, in another window
        await using var other = await ViewerTab.OpenAsync(chromium, address.PathAndQuery + address.Fragment);
        Assert.Equal(0, Difference(last, await StagePictureAsync(other, "layers-again"), 0, 1), 0.5);
        await other.Page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await other.Page.WaitForURLAsync("**/slide/*colour=channel*");
        await other.StandsAsync();
        Assert.Equal("S0003", await other.Page.Locator("h1").TextContentAsync());
        Assert.True(await other.Page.GetByLabel("Tissue").IsCheckedAsync());
        other.AssertClean();

        async Task<Image> WithAsync(string layer, string name)
        {
            await page.GetByLabel(layer).CheckAsync();
            return await StagePictureAsync(tab, name);
        }
    }

    [Fact]
    public async Task A_patch_that_is_clicked_tells_its_embedding_its_contribution_and_its_nearest()
    {
        await using var tab = await ViewerTab.OpenSlideAsync(chromium, "S0002", "#colour=map");
        var page = tab.Page;
        var stage = (await page.Locator("#stage").BoundingBoxAsync())!;

        await page.Mouse.ClickAsync(stage.X + (stage.Width / 2) + 10, stage.Y + (stage.Height / 2) + 10);
        await page.Locator("#patch h3").First.WaitForAsync();
        await tab.StandsAsync();

        // 1024 px are 8 × 8 patches: the middle lies in row 4, column 4; the study's map says column / 8 ± row / 100
        Assert.Equal("4, 4", await page.Locator("#patch .facts dd").First.TextContentAsync());
        Assert.Equal(
            "0.500± 0.040 over networks± 0.005 over symmetries",
            await page.Locator(".contributions td").First.TextContentAsync()
        );
        Assert.Equal(12, await page.Locator(".nearest a").CountAsync());
        Assert.Equal(128, await page.Locator("#embedding .mark-rect path").CountAsync());
        await tab.PictureAsync("patch");
        Assert.Contains("patch=4,4", page.Url);

        // a bar of the embedding shows its channel on the slide
        await page.Locator("#embedding .mark-rect path").Nth(7).ClickAsync(new() { Force = true });
        await tab.StandsAsync();
        Assert.Equal("7", await page.Locator("#channel").InputValueAsync());
        Assert.True(await page.GetByLabel("embedding channel").IsCheckedAsync());

        // a patch that is near leads to its slide, with the same layers
        var near = page.Locator(".nearest a").First;
        var (name, place) = (await near.Locator("span").TextContentAsync(), await near.GetAttributeAsync("data-place"));
        await near.ClickAsync();
        await page.WaitForURLAsync($"**/slide/*patch={place}*");
        await page.WaitForFunctionAsync(
            $"() => document.querySelector('h1').textContent === {System.Text.Json.JsonSerializer.Serialize(name)}"
        );
        // the patch of the link, be it of this slide or of another
        await page.WaitForFunctionAsync(
            $"() => document.querySelector('#patch .facts dd')?.textContent === '{place!.Replace(",", ", ", StringComparison.Ordinal)}'"
        );
        await tab.StandsAsync();
        Assert.Matches($"colour=channel&channel=7.*patch={place}", page.Url);
        await tab.PictureAsync("patch-nearest");
        tab.AssertClean();
    }

    [Fact]
    public async Task A_large_slide_in_strips_tells_how_far_it_is_read_and_is_then_shown()
    {
        await using var tab = await ViewerTab.OpenAsync(chromium, "/");
        var page = tab.Page;
        // it may have been read already; the page is told that it was not
        await page.RouteAsync(
            "**/api/slides/*",
            async route =>
            {
                var answer = await route.FetchAsync();
                var facts = JsonNode.Parse(await answer.TextAsync())!;
                facts["preparing"] = 0.25;
                await route.FulfillAsync(new() { Response = answer, Body = facts.ToJsonString() });
            }
        );
        var isLooked = new TaskCompletionSource();
        await page.RouteAsync(
            "**/preparing",
            async route =>
            {
                await isLooked.Task;
                await route.ContinueAsync();
            }
        );

        await page.GetByRole(AriaRole.Link, new() { Name = ViewedStudy.Strips, Exact = true }).ClickAsync();

        var wait = page.Locator("#wait");
        await wait.WaitForAsync();
        Assert.Equal(0.25, await wait.Locator("progress").EvaluateAsync<double>("bar => bar.value"));
        await tab.PictureAsync("slide-strips-waiting");
        await tab.AssertAccessibleAsync("slide that is read");
        isLooked.SetResult();
        await tab.StandsAsync();
        Assert.False(await wait.IsVisibleAsync());
        using var shown = await StagePictureAsync(tab, "slide-strips");
        using var middle = shown.ExtractArea(shown.Width / 4, shown.Height / 4, shown.Width / 2, shown.Height / 2);
        // colours that grow to the right and downwards
        Assert.InRange(middle.ExtractBand(0).Deviate(), 10, 80);
        Assert.InRange(middle.ExtractBand(1).Deviate(), 10, 80);
        tab.AssertClean();
    }

    [Fact]
    public async Task Everything_is_reached_by_keys()
    {
        await using var tab = await ViewerTab.OpenSlideAsync(chromium, "S0002");
        var page = tab.Page;
        foreach (
            var (key, label) in new[]
            {
                ("h", "heat map"),
                ("p", "principal components 1 to 3"),
                ("c", "embedding channel"),
                ("n", "none"),
                ("g", "Patch grid"),
                ("t", "Tissue"),
            }
        )
        {
            await page.Keyboard.PressAsync(key);
            Assert.True(await page.GetByLabel(label).IsCheckedAsync(), key);
        }

        await page.Keyboard.PressAsync("3");
        await tab.StandsAsync();
        Assert.Equal(10, await MagnificationAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#patch h3").First.WaitForAsync();
        var place = await page.EvaluateAsync<double>("() => viewer.viewport.getCenter().x");
        await page.Keyboard.PressAsync("ArrowRight");
        await tab.StandsAsync();
        Assert.True(await page.EvaluateAsync<double>("() => viewer.viewport.getCenter().x") > place);

        // by Tab: every control in turn, each seen to be where one is
        HashSet<string> reached = [];
        for (var i = 0; i < 40; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(
                await page.EvaluateAsync<string>(
                    "() => { const at = document.activeElement; if (at === document.body) return 'page'; return (at.id || at.value || at.textContent.trim()) + (getComputedStyle(at).outlineStyle === 'none' ? ' unseen' : ''); }"
                )
            );
        }

        Assert.DoesNotContain(reached, name => name.EndsWith(" unseen", StringComparison.Ordinal));
        Assert.Superset(
            new HashSet<string> { "back", "next", "theme", "grid", "tissue", "opacity", "Fit", "10×" },
            reached
        );
        await page.Keyboard.PressAsync(".");
        await page.WaitForURLAsync("**/slide/*layers=grid,tissue*");
        await page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'S0003'");
    }

    /// <summary>The squares' edges under a layer that colours each square lie where those of the slide lie.</summary>
    private static async Task AssertAlignedAsync(ViewerTab tab)
    {
        await tab.Page.GetByLabel("none").CheckAsync();
        using var bare = await StagePictureAsync(tab, "squares");
        var slide = Edges(bare);
        await tab.Page.GetByLabel("embedding channel").CheckAsync();
        await tab.Page.GetByLabel("Opacity").FillAsync("1");
        using var coloured = await StagePictureAsync(tab, "squares-layer");
        var layer = Edges(coloured);

        Assert.InRange(slide.Count, 5, 16);
        var told = $"{string.Join(' ', slide)} | {string.Join(' ', layer)}";
        Assert.True(slide.Count == layer.Count, told);
        foreach (var (own, laid) in slide.Zip(layer))
            Assert.True(Math.Abs(own - laid) <= 1, told);
    }

    /// <summary>Where dark and light meet along a line a little below the middle.</summary>
    private static List<int> Edges(Image stage)
    {
        using var line = stage.ExtractArea(4, (int)(0.55 * stage.Height), stage.Width - 8, 1);
        // yellow and white are light, violet and black are dark
        var green = line.ExtractBand(1).WriteToMemory<byte>();
        return [.. Enumerable.Range(1, green.Length - 1).Where(x => green[x - 1] < 128 != green[x] < 128)];
    }

    private static async Task<double> MagnificationAsync(IPage page) =>
        double.Parse(
            (await page.Locator("#magnification").TextContentAsync())!.TrimEnd('×'),
            CultureInfo.InvariantCulture
        );

    private static async Task<Image> StagePictureAsync(ViewerTab tab, string name)
    {
        await tab.StandsAsync();
        var stage = (await tab.Page.Locator("#stage").BoundingBoxAsync())!;
        using var page = Image.NewFromBuffer(await tab.PictureAsync(name));
        return page.ExtractArea((int)stage.X, (int)stage.Y, (int)stage.Width, (int)stage.Height).CopyMemory();
    }

    private static void AssertDiffer(Image a, Image b) => Assert.True(Difference(a, b, 0.2, 0.8) > 1);

    /// <summary>The mean difference of two pictures, 0 to 255, over a middle band between two shares of their width.</summary>
    private static double Difference(Image a, Image b, double from, double to)
    {
        var (left, width) = ((int)(from * a.Width), (int)((to - from) * a.Width));
        var (top, height) = ((int)(0.3 * a.Height), (int)(0.4 * a.Height));
        using var there = a.ExtractArea(left, top, width, height) - b.ExtractArea(left, top, width, height);
        return there.Abs().Avg();
    }
}
