using System.Globalization;
using System.Net;
using System.Text;

namespace Histonic.Reports.Pages;

/// <summary>Puts a page together; whatever is interpolated is text and escaped, unless it is <see cref="Markup"/>.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _page = new();

    /// <summary>Text that is markup already.</summary>
    public readonly record struct Markup(string Html);

    /// <summary>Adds a line of markup.</summary>
    public HtmlWriter Add(FormattableString markup)
    {
        _page.Append(markup.ToString(Escaping.Instance)).Append('\n');
        return this;
    }

    /// <summary>Adds a table. Columns of numbers are set to the right.</summary>
    /// <param name="headings">The headings.</param>
    /// <param name="rows">The rows, each as long as the headings.</param>
    /// <param name="sortable">Whether a press on a heading sorts.</param>
    public HtmlWriter Table(
        IReadOnlyList<string> headings,
        IReadOnlyList<IReadOnlyList<string>> rows,
        bool sortable = false
    )
    {
        bool[] numeric =
        [
            .. headings.Select(
                (_, column) =>
                    rows.Any(row => row[column].Length > 0)
                    && rows.All(row => row[column].Length == 0 || IsNumber(row[column]))
            ),
        ];
        Add($"<table><thead><tr>");
        for (var i = 0; i < headings.Count; i++)
        {
            var kind = new Markup(numeric[i] ? " class=\"n\"" : "");
            if (sortable)
                Add($"<th scope=\"col\"{kind}><button type=\"button\">{headings[i]}</button></th>");
            else
                Add($"<th scope=\"col\"{kind}>{headings[i]}</th>");
        }

        Add($"</tr></thead><tbody>");
        foreach (var row in rows)
        {
            _page.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
                _page
                    .Append(numeric[i] ? "<td class=\"n\">" : "<td>")
                    .Append(WebUtility.HtmlEncode(row[i]))
                    .Append("</td>");
            _page.Append("</tr>\n");
        }

        return Add($"</tbody></table>");
    }

    /// <inheritdoc/>
    public override string ToString() => _page.ToString();

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static Escaping Instance { get; } = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
            arg switch
            {
                Markup markup => markup.Html,
                IFormattable number => WebUtility.HtmlEncode(number.ToString(format, CultureInfo.InvariantCulture)),
                _ => WebUtility.HtmlEncode(arg?.ToString() ?? ""),
            };
    }
}
