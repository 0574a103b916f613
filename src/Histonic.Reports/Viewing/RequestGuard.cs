using Microsoft.AspNetCore.Http;

namespace Histonic.Reports.Viewing;

/// <summary>Refuses what no page of the viewer asks for, and says in every answer what a browser may do with it.</summary>
internal static class RequestGuard
{
    // Vega compiles its expressions and sets styles on its drawings, as in report.html
    private const string Policy =
        "default-src 'none'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-eval'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Why a request is refused, with its status; null when it is not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="port">The port that is listened on.</param>
    public static (int Status, string Reason)? Refusal(HttpRequest request, int port)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return (StatusCodes.Status405MethodNotAllowed, "Only GET and HEAD are answered.");
        // another name that leads here is another site's (DNS rebinding)
        var host = request.Host;
        if (host.Host is not ("127.0.0.1" or "localhost" or "[::1]") || (host.Port ?? 80) != port)
            return (StatusCodes.Status403Forbidden, "This host name is not the viewer's.");
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !string.Equals(origin, $"http://{host.Value}", StringComparison.Ordinal))
            return (StatusCodes.Status403Forbidden, "Requests of other sites are refused.");
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is "" or "same-origin" or "none"
            ? null
            : (StatusCodes.Status403Forbidden, "Requests of other sites are refused: open the address itself.");
    }

    /// <summary>Sets the headers of every answer.</summary>
    public static void Protect(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
