using System.Net;
using System.Net.Sockets;
using Histonic.Slides;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Histonic.Reports.Viewing;

/// <summary>Shows a folder to browsers on this machine, over HTTP on 127.0.0.1.</summary>
/// <remarks>
/// No address names a file: slides, runs and assets are looked up in tables made at the start, so no path of a request reaches
/// the file system. See docs/adr/0011-viewer.md.
/// </remarks>
public sealed class ViewerServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly SlideShelf _shelf;

    private ViewerServer(WebApplication application, SlideShelf shelf, int port) =>
        (_application, _shelf, Address) = (application, shelf, new Uri($"http://127.0.0.1:{port}/"));

    /// <summary>Gets where it is found.</summary>
    public Uri Address { get; }

    /// <summary>Begins to answer.</summary>
    /// <param name="catalog">What is shown.</param>
    /// <param name="port">The port; 0 = a free one.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="InputException">The port is taken, or may not be used.</exception>
    public static async Task<ViewerServer> StartAsync(
        ViewerCatalog catalog,
        int port,
        CancellationToken cancellationToken
    )
    {
        // the empty builder reads no settings from files or the environment
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 0;
            options.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        var application = builder.Build();
        var shelf = new SlideShelf(catalog.Folder);
        try
        {
            application.Use(Guarded);
            application.UseRouting();
            new ViewerRoutes(catalog, shelf).Map(application);
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            shelf.Dispose();
            await application.DisposeAsync().ConfigureAwait(false);
            throw new InputException(
                $"127.0.0.1:{port}",
                $"cannot be listened on ({error.Message})",
                "Choose another --port; 0 takes a free one",
                error
            );
        }

        var address = application
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        return new ViewerServer(application, shelf, new Uri(address).Port);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // pages that still load are cut off
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _application.StopAsync(now.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _shelf.Dispose();
    }

    private static async Task Guarded(HttpContext context, RequestDelegate next)
    {
        RequestGuard.Protect(context.Response);
        if (RequestGuard.Refusal(context.Request, context.Connection.LocalPort) is var (status, reason))
        {
            if (status == StatusCodes.Status405MethodNotAllowed)
                context.Response.Headers.Allow = "GET, HEAD";
            await Say(context, status, reason).ConfigureAwait(false);
            return;
        }

        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // nobody waits for the answer
        }
        catch (HistonicException error) when (!context.Response.HasStarted)
        {
            await Say(context, StatusCodes.Status422UnprocessableEntity, error.Message).ConfigureAwait(false);
        }

        if (!context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status404NotFound)
            await Say(context, StatusCodes.Status404NotFound, "There is no such thing here.").ConfigureAwait(false);
    }

    private static Task Say(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
