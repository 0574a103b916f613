using System.Globalization;
using Histonic.Statistics;

namespace Histonic.Reports.Pages;

/// <summary>How numbers are written for people.</summary>
public static class Figures
{
    /// <summary>A number with three decimals; large ones with fewer, small ones with more.</summary>
    public static string Of(double value) =>
        value.ToString(
            Math.Abs(value) switch
            {
                0 => "0.000",
                < 0.0005 => "0.0E+0",
                < 0.01 => "0.0000",
                < 100 => "0.000",
                < 10_000 => "0.0",
                _ => "0",
            },
            CultureInfo.InvariantCulture
        );

    /// <summary>A number with up to four significant digits, and no zeros behind: for times and other given numbers.</summary>
    public static string Given(double value) =>
        Math.Abs(value) >= 10_000
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>An interval: "0.812 to 0.934".</summary>
    public static string Interval(Estimate estimate) => $"{Of(estimate.Low)} to {Of(estimate.High)}";

    /// <summary>A p value with its sign of comparison: "= 0.0123", "&lt; 0.0001".</summary>
    public static string P(double p) =>
        p < 0.0001 ? "< 0.0001" : string.Create(CultureInfo.InvariantCulture, $"= {p:0.0000}");
}
