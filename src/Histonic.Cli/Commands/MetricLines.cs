using Histonic.Reports.Evaluation;
using Histonic.Reports.Pages;

namespace Histonic.Cli.Commands;

/// <summary>Prints the figures of an evaluation as a table, and where the report lies.</summary>
internal static class MetricLines
{
    public static void Print(Terminal terminal, RunFigures figures, string folder)
    {
        foreach (var result in figures.Targets)
        {
            if (figures.Targets.Count > 1)
                terminal.Result($"{result.Target.Name} ({result.Target.Task})");
            Print(terminal, result);
        }

        foreach (var average in figures.Averages)
        {
            terminal.Result($"mean of {average.Name}");
            Print(terminal, average.Pooled);
        }

        terminal.Result($"report  {Path.Combine(folder, RunReport.PageName)}");
    }

    private static void Print(Terminal terminal, ScoreGroup scores)
    {
        terminal.Result($"{"metric", -18}  {"value", 8}  {"95 % interval", -20}  {"n", 6}");
        foreach (var metric in scores.Metrics)
        {
            terminal.Result(
                metric.Estimate is { } estimate
                    ? $"{metric.Key, -18}  {Figures.Of(estimate.Value), 8}  {Figures.Interval(estimate), -20}  {estimate.N, 6}"
                    : $"{metric.Key, -18}  not determined: {metric.Reason}"
            );
        }
    }

    private static void Print(Terminal terminal, EvaluationResult result)
    {
        Print(terminal, result.Pooled);
        if (result.Risk is { } risk)
            terminal.Result(
                risk.Test is { } test
                    ? $"{"log_rank_p", -18}  {P(test.PValue), 8}  between patients of lower and higher predicted risk"
                    : $"{"log_rank_p", -18}  not determined: {risk.Reason}"
            );
        foreach (var fold in result.Folds)
        {
            if (fold.Main is { Estimate: null, Reason: var reason })
                terminal.Result($"fold {fold.Fold}: {fold.Main.Key} not determined: {reason}");
        }
    }

    /// <summary>Prints the figures of a comparison.</summary>
    public static void Print(Terminal terminal, RunComparison comparison, string folder)
    {
        terminal.Result(
            $"{"metric", -18}  {"first", 8}  {"second", 8}  {"difference", 10}  {"95 % interval", -20}  {"p", 8}  {"p (Holm)", 8}"
        );
        foreach (var metric in comparison.Metrics)
        {
            terminal.Result(
                metric.Values is { } values
                    ? $"{metric.Metric.Key, -18}  {Figures.Of(values.First.Value), 8}  {Figures.Of(values.Second.Value), 8}  {Figures.Of(values.Difference.Value), 10}  "
                        + $"{Figures.Interval(values.Difference), -20}  {P(values.PValue), 8}  {P(metric.AdjustedP!.Value), 8}"
                    : $"{metric.Metric.Key, -18}  not determined: {metric.Reason}"
            );
        }

        terminal.Result($"{comparison.Slides} slides of {comparison.Patients} patients in both runs");
        terminal.Result($"report  {Path.Combine(folder, RunReport.PageName)}");
    }

    private static string P(double p) => Figures.P(p).TrimStart('=', ' ');
}
