using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Histonic.Reports.Viewing;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.Viewing;

/// <summary>The viewer's answers, asked of a real server on a free port.</summary>
[Collection(nameof(CopyFolderTests))]
public sealed class ViewerServerTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = ViewedFolder.Make();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private ViewerCatalog _catalog = null!;
    private ViewerServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _catalog = ViewerCatalog.Of(_folder.Path);
        _server = await ViewerServer.StartAsync(_catalog, 0, TestContext.Current.CancellationToken);
        _client.BaseAddress = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private string A => $"/api/slides/{_catalog.Named("a")!.Id}";

    [Fact]
    public async Task Every_page_and_its_parts_are_answered()
    {
        string[] pages = ["/", $"/slide/{_catalog.Named("a")!.Id}", $"/run/{_catalog.Runs[0].Id}"];
        foreach (var page in pages)
        {
            var html = await _client.GetStringAsync(page, TestContext.Current.CancellationToken);
            string[] parts = [.. html.Split('"').Where(part => part.StartsWith("/assets/", StringComparison.Ordinal))];
            Assert.NotEmpty(parts);
            foreach (var part in parts)
                Assert.Equal(HttpStatusCode.OK, await StatusOf(HttpMethod.Get, part));
            Assert.DoesNotContain("https://", html);
        }
    }

    [Fact]
    public async Task A_tile_holds_the_pixels_that_the_reader_gives()
    {
        using var slide = SlideReader.Open(_folder["slides/a.tif"]);
        var expected = new byte[256 * 256 * 3];
        slide.ReadRegion(0, 256, 0, 256, 256, expected);

        var tile = await Bytes($"{A}/image_files/10/1_0.jpg");

        Assert.Equal(PictureFile.ToJpeg(new RgbImage(256, 256, expected)), tile);
        Assert.Contains("Width=\"640\" Height=\"512\"", Encoding.UTF8.GetString(await Bytes($"{A}/image.dzi")));
    }

    [Fact]
    public async Task A_large_slide_in_strips_is_shown_from_a_copy_that_goes_with_the_viewer()
    {
        using var folder = new TemporaryFolder();
        WriteStrips(folder);
        var catalog = ViewerCatalog.Of(folder.Path);
        var slide = $"/api/slides/{catalog.Named("s")!.Id}";
        await using (var server = await ViewerServer.StartAsync(catalog, 0, TestContext.Current.CancellationToken))
        {
            using var facts = JsonDocument.Parse(await Bytes($"{server.Address}{slide[1..]}"));
            Assert.Equal(6000, facts.RootElement.GetProperty("width").GetInt32());
            Assert.InRange(facts.RootElement.GetProperty("preparing").GetDouble(), 0, 1);

            // a tile waits for the copy; afterwards there is nothing to wait for
            using var tile = NetVips.Image.NewFromBuffer(
                await Bytes($"{server.Address}{slide[1..]}/image_files/9/0_0.jpg")
            );
            Assert.Equal((256, 256, 255), (tile.Width, tile.Height, tile.Min()));
            Assert.Equal("null", Encoding.UTF8.GetString(await Bytes($"{server.Address}{slide[1..]}/preparing")));
            Assert.Single(CopyFolders());
            Assert.Single(Directory.GetFiles(CopyFolders()[0]));
        }

        Assert.Empty(CopyFolders());
        Assert.Single(Directory.GetFiles(folder["slides"]));

        static string[] CopyFolders() =>
            Directory.GetDirectories(Path.GetTempPath(), $"histonic-view-{ProcessToken.Current}*");
    }

    [Fact]
    public async Task A_large_slide_in_strips_that_is_damaged_is_told()
    {
        using var folder = new TemporaryFolder();
        var file = WriteStrips(folder);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        // libvips writes the directory behind the pixels
        Array.Fill(bytes, (byte)0xA5, bytes.Length / 4, bytes.Length / 8);
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        var catalog = ViewerCatalog.Of(folder.Path);
        await using var server = await ViewerServer.StartAsync(catalog, 0, TestContext.Current.CancellationToken);

        // each time it is asked for, for the file may be whole by then
        foreach (var part in new[] { "image_files/9/0_0.jpg", "thumbnail.jpg" })
        {
            using var answer = await _client.GetAsync(
                new Uri(server.Address, $"/api/slides/{catalog.Named("s")!.Id}/{part}"),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains(
                "slides/s.tif: cannot be copied",
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            );
        }
    }

    [Theory]
    [InlineData("image_files/10/3_0.jpg")]
    [InlineData("image_files/11/0_0.jpg")]
    [InlineData("image_files/-1/0_0.jpg")]
    [InlineData("image_files/10/0_-1.jpg")]
    [InlineData("image_files/99999999999/0_0.jpg")]
    [InlineData("layers/channel?channel=4")]
    [InlineData("layers/channel?channel=-1")]
    [InlineData("layers/map?name=../maps")]
    [InlineData("layers/map?name=maps&of=row")]
    [InlineData("layers/tissue?features=..")]
    [InlineData("patch?row=0&column=1")]
    [InlineData("patch?row=9&column=9")]
    [InlineData("patch.jpg?row=4&column=0")]
    public async Task What_does_not_exist_is_not_found(string address) =>
        Assert.Equal(HttpStatusCode.NotFound, await StatusOf(HttpMethod.Get, $"{A}/{address}"));

    [Fact]
    public async Task Fifty_tiles_at_once_are_all_answered_alike()
    {
        string[] addresses =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(i =>
                    $"/api/slides/{_catalog.Slides[i % 2].Id}/image_files/{10 - (i % 3)}/{(i % 3 == 0 ? i % 2 : 0)}_0.jpg"
                ),
        ];

        var answers = await Task.WhenAll(addresses.Select(Bytes));

        foreach (var (address, answer) in addresses.Zip(answers))
            Assert.Equal(await Bytes(address), answer);
    }

    [Fact]
    public async Task Layers_are_the_numbers_of_the_files()
    {
        var slide = CompressedSlideFile.Read(_folder["features/a.h5"]);

        Assert.Equal(slide.Tissue, await Floats($"{A}/layers/tissue"));
        var channel = await Floats($"{A}/layers/channel?channel=2");
        for (var n = 0; n < slide.Cells.Count; n++)
            Assert.Equal(slide.Embedding(n)[2], channel[(slide.Cells[n].Row * 5) + slide.Cells[n].Column]);
        Assert.Equal(20 - slide.Cells.Count, channel.Count(float.IsNaN));
        var map = await Floats($"{A}/layers/map?name=maps");
        Assert.Equal([0.25f, 1, 0.5f], map.Where(float.IsFinite));
        Assert.Equal(1, map[7]);
        Assert.Equal([0.125f, 0.5f], (await Floats($"{A}/layers/map?name=maps&of=spread")).Where(float.IsFinite));
        Assert.All(
            await Floats($"{A}/layers/map?name=maps&of=spread_symmetries"),
            value => Assert.Equal(float.NaN, value)
        );
        var components = await Floats($"{A}/layers/components");
        Assert.Equal(60, components.Length);
        Assert.All(components.Where(float.IsFinite), value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public async Task The_nearest_patches_are_those_that_brute_force_finds()
    {
        var here = CompressedSlideFile.Read(_folder["features/a.h5"]);
        var other = CompressedSlideFile.Read(_folder[$"features/{ViewedFolder.OddName}.h5"]);
        var expected = new[] { here, other }
            .SelectMany(slide =>
                slide.Cells.Select(
                    (cell, n) =>
                        (slide.Slide, cell.Row, cell.Column, Cosine: Cosine(here.Embedding(0), slide.Embedding(n)))
                )
            )
            .Where(each => each is not { Slide: "a", Row: 0, Column: 0 })
            .OrderByDescending(each => each.Cosine)
            .Take(12)
            .ToArray();

        using var patch = JsonDocument.Parse(await Bytes($"{A}/patch?row=0&column=0"));
        var found = patch.RootElement.GetProperty("nearest").EnumerateArray().ToArray();

        Assert.Equal(
            expected.Select(each => (each.Slide, each.Row, each.Column)),
            found.Select(each =>
                (
                    each.GetProperty("slide").GetString()!,
                    each.GetProperty("row").GetInt32(),
                    each.GetProperty("column").GetInt32()
                )
            )
        );
        Assert.All(
            expected.Zip(found),
            pair => Assert.Equal(pair.First.Cosine, pair.Second.GetProperty("cosine").GetDouble(), 1e-5)
        );
        var contribution = patch.RootElement.GetProperty("contributions")[0];
        Assert.Equal(
            (0.25, 3, 3),
            (
                contribution.GetProperty("value").GetDouble(),
                contribution.GetProperty("rank").GetInt32(),
                contribution.GetProperty("of").GetInt32()
            )
        );
    }

    [Fact]
    public async Task A_slide_tells_its_size_from_its_file_or_else_its_embeddings_or_why_it_cannot()
    {
        Assert.Equal((640, 512, 0.5, null), await FactsAsync(A));
        File.Delete(_folder["slides/a.tif"]);
        await using var bare = await ViewerServer.StartAsync(
            ViewerCatalog.Of(_folder.Path),
            0,
            TestContext.Current.CancellationToken
        );
        Assert.Equal((640, 512, 0.5, null), await FactsAsync($"{bare.Address}{A[1..]}"));
        File.Delete(_folder["features/a.h5"]);
        await using var barer = await ViewerServer.StartAsync(
            ViewerCatalog.Of(_folder.Path),
            0,
            TestContext.Current.CancellationToken
        );
        var (_, _, _, problem) = await FactsAsync($"{barer.Address}{A[1..]}");
        Assert.StartsWith("Neither", problem);
    }

    private async Task<(int Width, int Height, double? Mpp, string? Problem)> FactsAsync(string address)
    {
        using var facts = JsonDocument.Parse(await Bytes(address));
        var root = facts.RootElement;
        return (
            root.GetProperty("width").GetInt32(),
            root.GetProperty("height").GetInt32(),
            root.GetProperty("mpp") is { ValueKind: JsonValueKind.Number } mpp ? mpp.GetDouble() : null,
            root.GetProperty("problem").GetString()
        );
    }

    [Theory]
    [InlineData("GET /../../../../etc/passwd")]
    [InlineData("GET /assets/../../../../etc/passwd")]
    [InlineData("GET /assets/..%2f..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("GET /assets/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("GET /assets/%252e%252e%252fetc%252fpasswd")]
    [InlineData("GET /assets/%252e%252e%252f%252e%252e%252fetc%252fpasswd")]
    [InlineData("GET /slide/%252e%252e%252frun%252fmetrics.json")]
    [InlineData("GET /api/slides/%252e%252e%252frun%252fpredictions.csv/image.dzi")]
    [InlineData("GET /slide/..%5c..%5crun%5cmetrics.json")]
    [InlineData("GET /api/slides/..%2f..%2frun%2fpredictions.csv")]
    [InlineData("GET /api/slides/%2fetc%2fpasswd/image.dzi")]
    [InlineData("GET /slides/a.tif")]
    [InlineData("GET /run/predictions.csv")]
    [InlineData("GET /assets/%00")]
    public async Task A_path_of_the_file_system_leads_nowhere(string request)
    {
        var answer = await Raw($"{request} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\n");

        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("root:", answer);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("127.0.0.1:1")]
    [InlineData("localhost")]
    [InlineData("[::2]")]
    public async Task Another_host_name_is_refused(string host) =>
        Assert.StartsWith("HTTP/1.1 403 ", await Raw($"GET / HTTP/1.1\r\nHost: {host}\r\n"));

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    public async Task A_request_of_another_site_is_refused(string header)
    {
        var answer = await Raw($"GET /api/cohort HTTP/1.1\r\nHost: {_server.Address.Authority}\r\n{header}\r\n");

        Assert.StartsWith("HTTP/1.1 403 ", answer);
        Assert.DoesNotContain("slides\"", answer);
    }

    [Fact]
    public async Task The_pages_own_requests_are_answered()
    {
        var own = $"Origin: http://{_server.Address.Authority}\r\nSec-Fetch-Site: same-origin";
        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await Raw($"GET /api/cohort HTTP/1.1\r\nHost: {_server.Address.Authority}\r\n{own}\r\n")
        );
        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await Raw($"GET / HTTP/1.1\r\nHost: localhost:{_server.Address.Port}\r\nSec-Fetch-Site: none\r\n")
        );
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Nothing_can_be_written(string method)
    {
        foreach (var address in new[] { "/", "/api/cohort", A })
            Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusOf(new HttpMethod(method), address));
    }

    [Fact]
    public async Task HEAD_gives_the_headers_without_the_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/cohort");
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 100);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Names_are_text_on_every_page()
    {
        string[] pages = ["/", $"/slide/{_catalog.Named(ViewedFolder.OddName)!.Id}", $"/run/{_catalog.Runs[0].Id}"];
        foreach (var page in pages)
            Assert.DoesNotContain(
                "<img src=x",
                await _client.GetStringAsync(page, TestContext.Current.CancellationToken)
            );
        Assert.DoesNotContain("<img", Encoding.UTF8.GetString(await Bytes("/api/cohort")));
    }

    [Fact]
    public async Task Every_answer_forbids_outside_requests_and_frames()
    {
        foreach (var address in new[] { "/", "/api/cohort", "/nothing" })
        {
            using var answer = await _client.GetAsync(address, TestContext.Current.CancellationToken);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        }
    }

    [Fact]
    public async Task A_slide_that_became_a_link_out_of_the_folder_is_not_read()
    {
        using var outside = new TemporaryFolder();
        File.Move(_folder["slides/a.tif"], outside["a.tif"]);
        File.CreateSymbolicLink(_folder["slides/a.tif"], outside["a.tif"]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusOf(HttpMethod.Get, $"{A}/image_files/10/0_0.jpg"));
    }

    [Theory]
    [InlineData("features/a.h5", "grid")]
    [InlineData("features/a.h5", "patch?row=0&column=0")]
    [InlineData("maps/a.csv", "layers/map?name=maps")]
    public async Task What_became_a_link_out_of_the_folder_is_not_read(string file, string address)
    {
        using var outside = new TemporaryFolder();
        File.Move(_folder[file], outside["moved"]);
        File.CreateSymbolicLink(_folder[file], outside["moved"]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusOf(HttpMethod.Get, $"{A}/{address}"));
    }

    [Fact]
    public async Task A_damaged_slide_is_told_and_the_others_are_shown()
    {
        File.WriteAllText(_folder["slides/a.tif"], "no slide");

        using var answer = await _client.GetAsync($"{A}/image.dzi", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("a.tif", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            HttpStatusCode.OK,
            await StatusOf(HttpMethod.Get, $"/api/slides/{_catalog.Named(ViewedFolder.OddName)!.Id}/image.dzi")
        );
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        var error = await Assert.ThrowsAsync<InputException>(() =>
            ViewerServer.StartAsync(_catalog, _server.Address.Port, TestContext.Current.CancellationToken)
        );
        Assert.Contains("--port", error.Message);
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0,
            x = 0,
            y = 0;
        for (var i = 0; i < a.Length; i++)
            (dot, x, y) = (dot + (a[i] * b[i]), x + (a[i] * a[i]), y + (b[i] * b[i]));
        return dot / Math.Sqrt(x * y);
    }

    private Task<byte[]> Bytes(string address) =>
        _client.GetByteArrayAsync(address, TestContext.Current.CancellationToken);

    private async Task<float[]> Floats(string address) =>
        MemoryMarshal.Cast<byte, float>(await Bytes(address)).ToArray();

    private async Task<HttpStatusCode> StatusOf(HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, address);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Sends a request as it is written: clients would tidy its path up.</summary>
    private async Task<string> Raw(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _server.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{request}Connection: close\r\n\r\n"),
            TestContext.Current.CancellationToken
        );
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A white slide so large that it is shown from a copy.</summary>
    private static string WriteStrips(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder["slides"]);
        using var white = NetVips.Image.Black(6000, 6000, bands: 3) + 255;
        white
            .Copy(interpretation: NetVips.Enums.Interpretation.Srgb)
            .Cast(NetVips.Enums.BandFormat.Uchar)
            .Tiffsave(folder["slides/s.tif"], compression: NetVips.Enums.ForeignTiffCompression.Deflate);
        return folder["slides/s.tif"];
    }
}
