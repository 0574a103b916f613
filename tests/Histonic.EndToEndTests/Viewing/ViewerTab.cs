using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Histonic.EndToEndTests.Viewing;

/// <summary>A page of the browser that remembers what it asked for and what went wrong.</summary>
internal sealed class ViewerTab : IAsyncDisposable
{
    private static readonly string _pictures = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "../../../browser")
    );

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private ViewerTab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Request += (_, request) => _requests.Enqueue($"{request.Method} {request.Url}");
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _errors.Enqueue($"{message.Type}: {message.Text}");
        };
    }

    /// <summary>Gets the page.</summary>
    public IPage Page { get; }

    /// <summary>Gets what the page asked for: method and address.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Opens an address.</summary>
    public static async Task<ViewerTab> OpenAsync(
        Chromium chromium,
        string address,
        int width = 1280,
        int height = 900,
        bool dark = false
    )
    {
        var context = await chromium.Browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
                Locale = "en-GB",
            }
        );
        // a busy machine is slow, not wrong
        context.SetDefaultTimeout(180_000);
        var tab = new ViewerTab(context, await context.NewPageAsync());
        await tab.GoAsync(new Uri(chromium.Viewer, address));
        return tab;
    }

    /// <summary>Goes to another address and waits until the page stands.</summary>
    public async Task GoAsync(Uri address)
    {
        await Page.GotoAsync(address.ToString());
        await StandsAsync();
    }

    /// <summary>Waits until nothing moves: lists are filled, charts drawn, tiles loaded.</summary>
    public async Task StandsAsync() =>
        await Page.WaitForFunctionAsync(
            "() => document.readyState === 'complete' && document.querySelector('[aria-busy=true]') === null"
        );

    /// <summary>Goes to the slide of a name, by its link in the list.</summary>
    public static async Task<ViewerTab> OpenSlideAsync(
        Chromium chromium,
        string name,
        string state = "",
        int width = 1280,
        int height = 900,
        bool dark = false
    )
    {
        var tab = await OpenAsync(chromium, "/", width, height, dark);
        var address = await tab
            .Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true })
            .First.GetAttributeAsync("href");
        await tab.GoAsync(new Uri(chromium.Viewer, address + state));
        return tab;
    }

    /// <summary>Keeps a picture of the page under artifacts/browser.</summary>
    public Task<byte[]> PictureAsync(string name, bool whole = false) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(_pictures, $"{name}.png"), FullPage = whole });

    /// <summary>Fails unless the page asked only its own server, only to read, and ran without an error.</summary>
    public void AssertClean()
    {
        Assert.NotEmpty(_requests);
        Assert.All(
            _requests,
            request =>
                Assert.Matches("^GET (http://127\\.0\\.0\\.1:[0-9]+/|data:|blob:http://127\\.0\\.0\\.1:)", request)
        );
        Assert.Empty(_errors);
    }

    /// <summary>Fails where axe-core finds a serious or critical fault.</summary>
    public async Task AssertAccessibleAsync(string name)
    {
        var result = await Page.RunAxe();
        var faults = result
            .Violations.Where(fault => fault.Impact is "serious" or "critical")
            .Select(fault =>
                $"{fault.Id}: {fault.Help}\n  {string.Join("\n  ", fault.Nodes.Take(5).Select(node => $"{node.Html} {string.Join(' ', node.Any.Select(check => check.Message))}"))}"
            );
        Assert.True(!faults.Any(), $"{name}: {string.Join('\n', faults)}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
