using System.Text.Json.Nodes;

namespace Histonic.Reports.Pages;

/// <summary>One chart of a page, and its numbers for those who cannot see it.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Caption">What it shows and how to read it, in sentences.</param>
/// <param name="Specification">The Vega-Lite specification with its data.</param>
/// <param name="Columns">The headings of its numbers; none where they stand in a file that the caption names.</param>
/// <param name="Rows">Its numbers, one cell a column.</param>
internal sealed record Chart(
    string Title,
    string Caption,
    JsonObject Specification,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows
);
