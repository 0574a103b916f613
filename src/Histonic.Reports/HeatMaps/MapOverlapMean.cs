using System.Globalization;
using Histonic.Statistics;

namespace Histonic.Reports.HeatMaps;

/// <summary>A measure of a map, over slides.</summary>
/// <param name="Map">Which map, or the difference of two.</param>
/// <param name="Measure">auc, jaccard or rank_correlation: see <see cref="MapOverlap"/>.</param>
/// <param name="Estimate">The mean over slides and its interval; N counts slides.</param>
/// <param name="Patients">Of how many patients.</param>
public sealed record MapOverlapMean(string Map, string Measure, Estimate Estimate, int Patients)
{
    /// <summary>As a line for people.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Measure, -16}  {Map, -26}  {Estimate.Value, 6:0.000} ({Estimate.Low:0.000} to {Estimate.High:0.000})  {Estimate.N} slides, {Patients} patients"
        );
}
