using System.Globalization;
using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Pages;

/// <summary>What is written under the picture of a slide.</summary>
public static class Caption
{
    /// <summary>Truth and prediction in words, such as "is high, predicted low"; empty where the truth is not known.</summary>
    /// <param name="row">The prediction.</param>
    public static string Of(Prediction row) =>
        row switch
        {
            { Label: { } label, PredictedClass: { } predicted } => $"is {label}, predicted {predicted}",
            { Label: { } label } => $"is {label}, score {Figures.Of(row.Score)}",
            { Value: { } value } => string.Create(
                CultureInfo.InvariantCulture,
                $"is {value:0.00}, predicted {row.Score:0.00}"
            ),
            { Time: { } time, Event: { } seen } => string.Create(
                CultureInfo.InvariantCulture,
                $"risk {row.Score:0.00}; {(seen ? "event" : "none seen")} at {time:0.0}"
            ),
            _ => "",
        };
}
