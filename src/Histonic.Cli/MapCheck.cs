using Histonic.Learning.Explanation;
using Histonic.Learning.Prediction;
using Histonic.Reports.HeatMaps;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Cli;

/// <summary>What heat maps are checked against while they are made: a region, networks with random weights, or both.</summary>
/// <param name="seed">Where random weights, random maps and resamples come from.</param>
/// <param name="region">The region that decides the target; null: none is known.</param>
/// <param name="labels">The table that tells patients; null: each slide is of its own.</param>
/// <param name="randomised">The run with random weights; null: not asked for.</param>
internal sealed class MapCheck(Seed seed, RegionMasks? region, LabelTable? labels, PredictorRun? randomised)
{
    private readonly MapOverlaps _overlaps = new(seed);
    private readonly IReadOnlyDictionary<string, string> _patients =
        labels?.Patients ?? new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Checks the map of one slide.</summary>
    /// <param name="map">The map.</param>
    /// <param name="slide">The slide.</param>
    /// <param name="options">How the map was made, and of which outcome by name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">The slide has no mask.</exception>
    public void Add(HeatMap map, CompressedSlide slide, ExplanationOptions options, CancellationToken cancellationToken)
    {
        _overlaps.Add(
            map,
            _patients.GetValueOrDefault(slide.Slide, slide.Slide),
            slide.Tissue,
            region?.Shares(slide.Slide, map.Geometry, map.Cells),
            randomised is null ? null : Explainer.Of(randomised, slide, options, cancellationToken)
        );
    }

    /// <summary>Writes overlap.csv and overlap-summary.csv, and tells the means.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="terminal">Told the means.</param>
    public void Write(string folder, Terminal terminal)
    {
        if (_overlaps.Rows.Count == 0)
            return;
        _overlaps.Write(Path.Combine(folder, "overlap.csv"));
        var means = _overlaps.Means();
        CsvTable.Write(
            Path.Combine(folder, "overlap-summary.csv"),
            ["map", "measure", "value", "low", "high", "slides", "patients"],
            means.Select(mean =>
                (IReadOnlyList<object?>)
                    [
                        mean.Map,
                        mean.Measure,
                        mean.Estimate.Value,
                        mean.Estimate.Low,
                        mean.Estimate.High,
                        mean.Estimate.N,
                        mean.Patients,
                    ]
            )
        );
        foreach (var mean in means)
            terminal.Result(mean.ToString());
    }
}
