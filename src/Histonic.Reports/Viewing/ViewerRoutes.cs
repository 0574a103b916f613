using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Histonic.Reports.Evaluation;
using Histonic.Reports.HeatMaps;
using Histonic.Reports.Pages;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Histonic.Reports.Viewing;

/// <summary>What is answered at which address.</summary>
/// <param name="catalog">What is shown.</param>
/// <param name="shelf">Where slides are opened.</param>
internal sealed class ViewerRoutes(ViewerCatalog catalog, SlideShelf shelf)
{
    private const int Neighbours = 12;
    private const int PatchPictureSide = 192;

    /// <summary>The numbers of a heat map's file, the value first.</summary>
    private static readonly string[] _mapNumbers = ["value", "spread", "spread_symmetries"];
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<(string Features, int Channels), Lazy<PatchIndex>> _indexes = new();

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        Get(routes, "/", _ => Page(ViewerPages.Cohort(catalog)));
        Get(routes, "/slide/{id}", context => Slide(context) is { } slide ? Page(ViewerPages.Slide(slide)) : null);
        Get(routes, "/run/{id}", context => Run(context) is { } run ? Page(ViewerPages.Run(run)) : null);
        Get(
            routes,
            "/assets/{name}",
            context => ViewerAssets.Of(Word(context, "name")) is var (bytes, type) ? Kept(bytes, type) : null
        );
        Get(routes, "/api/cohort", _ => Json(Cohort()));
        Get(
            routes,
            "/api/slides/{id}",
            async context =>
                Slide(context) is { } slide
                    ? Json(await FactsAsync(slide, context.RequestAborted).ConfigureAwait(false))
                    : null
        );
        Get(
            routes,
            "/api/slides/{id}/preparing",
            async context =>
                Slide(context) is { Path: { } path }
                    ? Json(await shelf.PrepareAsync(path, _patience, context.RequestAborted).ConfigureAwait(false))
                    : null
        );
        Get(routes, "/api/slides/{id}/image.dzi", context => WithSlide(context, DeepZoom));
        Get(routes, "/api/slides/{id}/image_files/{level:int}/{column:int}_{row:int}.jpg", Tile);
        Get(
            routes,
            "/api/slides/{id}/thumbnail.jpg",
            async context =>
                Slide(context) is { Path: { } path }
                    ? Kept(await shelf.ThumbnailAsync(path, context.RequestAborted).ConfigureAwait(false), "image/jpeg")
                    : null
        );
        Get(routes, "/api/slides/{id}/grid", context => WithFeatures(context, (_, features) => Json(Grid(features))));
        Get(
            routes,
            "/api/slides/{id}/layers/tissue",
            context => WithFeatures(context, (_, features) => Numbers(features.Tissue))
        );
        Get(routes, "/api/slides/{id}/layers/channel", context => WithFeatures(context, Channel));
        Get(routes, "/api/slides/{id}/layers/components", context => WithFeatures(context, Components));
        Get(routes, "/api/slides/{id}/layers/map", context => WithFeatures(context, MapOf));
        Get(routes, "/api/slides/{id}/patch", context => WithFeatures(context, Patch));
        Get(routes, "/api/slides/{id}/patch.jpg", PatchPicture);
    }

    private static void Get(IEndpointRouteBuilder routes, string pattern, Func<HttpContext, Answer?> answer) =>
        Get(routes, pattern, context => Task.FromResult(answer(context)));

    private static void Get(IEndpointRouteBuilder routes, string pattern, Func<HttpContext, Task<Answer?>> answer) =>
        routes.MapMethods(
            pattern,
            [HttpMethods.Get, HttpMethods.Head],
            async context =>
            {
                if (await answer(context).ConfigureAwait(false) is not { } found)
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return;
                }

                context.Response.ContentType = found.Type;
                context.Response.ContentLength = found.Body.Length;
                context.Response.Headers.CacheControl = found.IsKept ? "private, max-age=600" : "no-store";
                if (!HttpMethods.IsHead(context.Request.Method))
                    await context.Response.Body.WriteAsync(found.Body, context.RequestAborted).ConfigureAwait(false);
            }
        );

    private static string Word(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    private static int? Whole(HttpContext context, string name) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static Answer Page(string html) =>
        new(System.Text.Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8");

    private static Answer Json<T>(T value) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, _json), "application/json");

    private static Answer Kept(byte[] bytes, string type) => new(bytes, type) { IsKept = true };

    /// <summary>Numbers as 32-bit floats, little-endian.</summary>
    private static Answer Numbers(float[] values) =>
        new(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), "application/octet-stream");

    private ViewedSlide? Slide(HttpContext context) => catalog.Slide(Word(context, "id"));

    private ViewedRun? Run(HttpContext context) =>
        catalog.Run(Word(context, "id")) is { Predictions: not null } run ? run : null;

    private async Task<Answer?> WithSlide(HttpContext context, Func<ISlide, DeepZoomPyramid, Answer?> work) =>
        Slide(context) is { Path: { } path }
            ? await shelf.WithAsync(path, work, context.RequestAborted).ConfigureAwait(false)
            : null;

    private Answer? WithFeatures(HttpContext context, Func<HttpContext, CompressedSlide, Answer?> work) =>
        Slide(context) is { } slide && FeaturesOf(slide, context) is var (_, path)
            ? work(context, shelf.Features(path) with { Slide = slide.Name })
            : null;

    private static (string Name, string Path)? FeaturesOf(ViewedSlide slide, HttpContext context)
    {
        var wanted = context.Request.Query["features"].ToString();
        if (wanted.Length > 0)
            return slide.Features.TryGetValue(wanted, out var path) ? (wanted, path) : null;
        return slide.Features.Count > 0
            ? slide
                .Features.Select(pair => (pair.Key, pair.Value))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .First()
            : null;
    }

    private static Answer DeepZoom(ISlide slide, DeepZoomPyramid pyramid) =>
        Kept(
            System.Text.Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="jpg" Overlap="0" TileSize="{DeepZoomPyramid.TileSize}"><Size Width="{pyramid.Width}" Height="{pyramid.Height}"/></Image>
                    """
                )
            ),
            "application/xml"
        );

    private Task<Answer?> Tile(HttpContext context)
    {
        var (level, column, row) = (Number("level"), Number("column"), Number("row"));
        return WithSlide(
            context,
            (_, pyramid) =>
                pyramid.Contains(level, column, row)
                    ? Kept(PictureFile.ToJpeg(pyramid.ReadTile(level, column, row)), "image/jpeg")
                    : null
        );

        int Number(string name) => int.Parse(Word(context, name), CultureInfo.InvariantCulture);
    }

    private async Task<Answer?> PatchPicture(HttpContext context)
    {
        if (
            Slide(context) is not { Path: { } path } slide
            || FeaturesOf(slide, context) is not var (_, features)
            || Whole(context, "row") is not { } row
            || Whole(context, "column") is not { } column
        )
            return null;
        var geometry = shelf.Features(features).Geometry;
        if (row >= geometry.Rows || column >= geometry.Columns)
            return null;
        var (x, y) = geometry.Origin(row, column);
        return await shelf
            .WithAsync(
                path,
                (opened, _) =>
                    Kept(
                        PictureFile.ToJpeg(
                            RegionPicture.Read(opened, x, y, geometry.PatchSizeLevel0, PatchPictureSide)
                        ),
                        "image/jpeg"
                    ),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private object Cohort()
    {
        var runs = catalog.Runs.Where(run => run.Predictions is not null).ToArray();
        var errors = runs.ToDictionary(run => run.Id, Errors, StringComparer.Ordinal);
        return new
        {
            Slides = catalog.Slides.Select(slide => new
            {
                slide.Id,
                slide.Name,
                HasPixels = slide.Path is not null,
                HasFeatures = slide.Features.Count > 0,
                Maps = slide.Maps.Count,
            }),
            Runs = runs.Select(run => new
            {
                run.Id,
                run.Name,
                run.Predictions!.Target.Task,
                Target = run.Predictions.Target.Columns,
                Rows = run.Predictions.Rows.Select(row => PredictionOf(row, errors[run.Id])),
            }),
            Labels = catalog.Labels.Select(table => new
            {
                table.Name,
                table.Columns,
                Rows = table.Rows.Select(row => new
                {
                    Slide = row.Key,
                    row.Value.Patient,
                    row.Value.Values,
                }),
            }),
        };
    }

    private static Dictionary<(string, int?), double?> Errors(ViewedRun run)
    {
        try
        {
            return Evaluator
                .Scored(run.Predictions!, run.Name)
                .ToDictionary(row => (row.Prediction.Slide, row.Prediction.Fold), row => row.Error);
        }
        catch (HistonicException)
        {
            // predictions without a known truth have no error
            return [];
        }
    }

    private static object PredictionOf(Prediction row, Dictionary<(string, int?), double?> errors) =>
        new
        {
            row.Slide,
            row.Patient,
            row.Fold,
            row.Split,
            Truth = row.Label
                ?? (row.Value is { } value ? Figures.Given(value) : null)
                ?? (row.Time is { } time ? $"{Figures.Given(time)}{(row.Event is true ? "" : "+")}" : null),
            Predicted = row.PredictedClass ?? Figures.Of(row.Score),
            row.Score,
            row.Probabilities,
            row.Label,
            row.Value,
            row.Time,
            row.Event,
            Error = errors.GetValueOrDefault((row.Slide, row.Fold)),
        };

    private async Task<object> FactsAsync(ViewedSlide slide, CancellationToken cancellationToken)
    {
        var (width, height, mpp, preparing, problem) = await ExtentAsync(slide, cancellationToken)
            .ConfigureAwait(false);
        var runs = catalog.Runs.Where(run => run.Predictions is not null);
        return new
        {
            slide.Id,
            slide.Name,
            Width = width,
            Height = height,
            Mpp = mpp,
            // the share of it that is copied; null when it can be shown
            Preparing = preparing,
            Problem = problem,
            HasPixels = slide.Path is not null,
            Features = slide.Features.Keys.Order(StringComparer.Ordinal),
            Maps = slide.Maps.Keys.Order(StringComparer.Ordinal),
            Colours = ColourMap.Stops.Select(stop => new[] { stop.R, stop.G, stop.B }.Select(value => (int)value)),
            Predictions = runs.SelectMany(run =>
                run.Predictions!.Rows.Where(row => string.Equals(row.Slide, slide.Name, StringComparison.Ordinal))
                    .Select(row => new
                    {
                        RunId = run.Id,
                        Run = run.Name,
                        Target = string.Join(", ", run.Predictions.Target.Columns),
                        Row = PredictionOf(row, Errors(run)),
                    })
            ),
            Labels = catalog
                .Labels.Where(table => table.Rows.ContainsKey(slide.Name))
                .SelectMany(table =>
                    table.Columns.Zip(
                        table.Rows[slide.Name].Values,
                        (column, value) =>
                            new
                            {
                                Table = table.Name,
                                Column = column,
                                Value = value,
                            }
                    )
                ),
        };
    }

    /// <summary>
    /// The size of a slide in level-0 pixels, and of such a pixel, from its file or else from its embeddings; and how far it is
    /// prepared to be shown.
    /// </summary>
    private async Task<(long Width, long Height, double? Mpp, double? Preparing, string? Problem)> ExtentAsync(
        ViewedSlide slide,
        CancellationToken cancellationToken
    )
    {
        GridGeometry? grid = null;
        try
        {
            if (slide.Features.Count > 0)
                grid = shelf.Features(slide.Features.MinBy(pair => pair.Key, StringComparer.Ordinal).Value).Geometry;
            if (slide.Path is not { } path)
            {
                return grid is null
                    ? (0, 0, null, null, "Neither the slide's file nor embeddings of it lie in the folder.")
                    : (grid.Level0Width, grid.Level0Height, grid.Level0PixelSize.Value.Value, null, null);
            }

            var (finest, mpp) = await shelf
                .WithFileAsync(path, file => (file.Levels[0], file.PixelSize?.Value.Value), cancellationToken)
                .ConfigureAwait(false);
            var preparing = await shelf.PrepareAsync(path, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            // embeddings may know better: --mpp-override
            return (finest.Width, finest.Height, grid?.Level0PixelSize.Value.Value ?? mpp, preparing, null);
        }
        catch (InputException error)
        {
            return (0, 0, null, null, error.Message);
        }
    }

    private static object Grid(CompressedSlide features) =>
        new
        {
            features.Geometry.OffsetX,
            features.Geometry.OffsetY,
            Stride = features.Geometry.StrideLevel0,
            Patch = features.Geometry.PatchSizeLevel0,
            features.Rows,
            features.Columns,
            features.Channels,
            features.Encoder,
            Cells = features.Cells.Select(cell => (cell.Row * features.Columns) + cell.Column),
        };

    private static Answer? Channel(HttpContext context, CompressedSlide features)
    {
        if (Whole(context, "channel") is not { } channel || channel >= features.Channels)
            return null;
        var values = Blank(features, 1);
        for (var n = 0; n < features.Cells.Count; n++)
            values[Place(features, features.Cells[n])] = features.Features[(n * features.Channels) + channel];
        return Numbers(values);
    }

    private Answer? Components(HttpContext context, CompressedSlide features)
    {
        var index = IndexOf(context, features);
        var values = Blank(features, 3);
        for (var n = 0; n < features.Cells.Count; n++)
        {
            var at = Place(features, features.Cells[n]) * 3;
            (values[at], values[at + 1], values[at + 2]) = index.Colour(features.Embedding(n));
        }

        return Numbers(values);
    }

    private Answer? MapOf(HttpContext context, CompressedSlide features)
    {
        var (name, of) = (context.Request.Query["name"].ToString(), context.Request.Query["of"].ToString());
        return
            catalog.Slide(Word(context, "id"))!.Maps.TryGetValue(name, out var path)
            && MapNumbers(path, features).TryGetValue(of.Length > 0 ? of : _mapNumbers[0], out var numbers)
            ? Numbers(numbers)
            : null;
    }

    /// <summary>What a heat map tells of a slide's grid, by the names of its columns; NaN where it tells nothing.</summary>
    private Dictionary<string, float[]> MapNumbers(string path, CompressedSlide features)
    {
        var table = CsvTable.Read(catalog.Folder.Checked(path));
        var (row, column) = (table.Require("row"), table.Require("column"));
        var numbers = _mapNumbers.ToDictionary(name => name, _ => Blank(features, 1), StringComparer.Ordinal);
        foreach (var line in table.Rows)
        {
            if (
                table.Number(line, row) is not { } r
                || table.Number(line, column) is not { } c
                || r < 0
                || r >= features.Rows
                || c < 0
                || c >= features.Columns
            )
                continue;
            foreach (var (name, values) in numbers)
            {
                if (table.IndexOf(name) is >= 0 and var index && table.Number(line, index) is { } number)
                    values[((int)r * features.Columns) + (int)c] = (float)number;
            }
        }

        return numbers;
    }

    private Answer? Patch(HttpContext context, CompressedSlide features)
    {
        if (
            Whole(context, "row") is not { } row
            || Whole(context, "column") is not { } column
            || features.Cells.ToList().IndexOf(new GridCell(row, column)) is not (>= 0 and var n)
        )
            return null;
        var cell = new GridCell(row, column);
        var slide = catalog.Slide(Word(context, "id"))!;
        var index = IndexOf(context, features);
        return Json(
            new
            {
                Row = row,
                Column = column,
                Embedding = features.Embedding(n).ToArray(),
                Tissue = features.Tissue[Place(features, cell)],
                Searched = index.Count,
                OfPatches = index.Total,
                Nearest = index
                    .Nearest(features.Embedding(n), Neighbours, (features.Slide, cell))
                    .Select(near => new
                    {
                        near.Slide,
                        catalog.Named(near.Slide)!.Id,
                        near.Cell.Row,
                        near.Cell.Column,
                        near.Cosine,
                    }),
                Contributions = slide
                    .Maps.OrderBy(map => map.Key, StringComparer.Ordinal)
                    .Select(map => Contribution(map.Key, MapNumbers(map.Value, features), Place(features, cell)))
                    .OfType<object>(),
            }
        );
    }

    private static object? Contribution(string name, Dictionary<string, float[]> map, int place)
    {
        var values = map[_mapNumbers[0]];
        var value = values[place];
        if (float.IsNaN(value))
            return null;
        var known = values.Count(float.IsFinite);
        return new
        {
            Map = name,
            Value = value,
            Spread = Known("spread"),
            SpreadSymmetries = Known("spread_symmetries"),
            // 1 = no patch of the slide spoke more
            Rank = 1 + values.Count(other => other > value),
            Of = known,
        };

        float? Known(string column) => float.IsFinite(map[column][place]) ? map[column][place] : null;
    }

    private PatchIndex IndexOf(HttpContext context, CompressedSlide features)
    {
        var name = FeaturesOf(catalog.Slide(Word(context, "id"))!, context)!.Value.Name;
        var lazy = _indexes.GetOrAdd(
            (name, features.Channels),
            key => new Lazy<PatchIndex>(() =>
                PatchIndex.Of(
                    [
                        .. catalog
                            .Slides.Where(slide => slide.Features.ContainsKey(key.Features))
                            .Select(slide =>
                                (
                                    slide.Name,
                                    (Func<CompressedSlide>)(
                                        () =>
                                            CompressedSlideFile.Read(
                                                catalog.Folder.Checked(slide.Features[key.Features])
                                            )
                                    )
                                )
                            ),
                    ],
                    key.Channels
                )
            )
        );
        return lazy.Value;
    }

    private static int Place(CompressedSlide features, GridCell cell) => (cell.Row * features.Columns) + cell.Column;

    private static float[] Blank(CompressedSlide features, int numbers)
    {
        var values = new float[features.Rows * features.Columns * numbers];
        Array.Fill(values, float.NaN);
        return values;
    }

    private sealed record Answer(byte[] Body, string Type)
    {
        public bool IsKept { get; init; }
    }
}
