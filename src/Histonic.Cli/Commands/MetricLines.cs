using Histonic.Reports.Evaluation;
using Histonic.Reports.Pages;

namespace Histonic.Cli.Commands;

/// <summary>Prints the figures of an evaluation as a table, and where the report lies.</summary>
internal static class MetricLines
{
    public static void Print(Terminal terminal, EvaluationResult result, string folder)
    {
        terminal.Result($"{"metric", -18}  {"value", 8}  {"95 % interval", -20}  {"n", 6}");
        foreach (var metric in result.Pooled.Metrics)
        {
            terminal.Result(
                metric.Estimate is { } estimate
                    ? $"{metric.Key, -18}  {Figures.Of(estimate.Value), 8}  {Figures.Interval(estimate), -20}  {estimate.N, 6}"
                    : $"{metric.Key, -18}  not determined: {metric.Reason}"
            );
        }

        if (result.Risk is { } risk)
            terminal.Result(
                risk.Test is { } test
                    ? $"{"log_rank_p", -18}  {Figures.P(test.PValue).TrimStart('=', ' '), 8}  between patients of lower and higher predicted risk"
                    : $"{"log_rank_p", -18}  not determined: {risk.Reason}"
            );
        foreach (var fold in result.Folds)
        {
            if (fold.Main is { Estimate: null, Reason: var reason })
                terminal.Result($"fold {fold.Fold}: {fold.Main.Key} not determined: {reason}");
        }

        terminal.Result($"report  {Path.Combine(folder, RunReport.PageName)}");
    }
}
