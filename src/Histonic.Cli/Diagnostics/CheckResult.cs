namespace Histonic.Cli.Diagnostics;

/// <summary>What one check of this machine found.</summary>
/// <param name="Verdict">Whether it matters.</param>
/// <param name="Finding">What was found, such as a version.</param>
/// <param name="Remedy">What to do about it; null when there is nothing to do.</param>
internal sealed record CheckResult(Verdict Verdict, string Finding, string? Remedy = null)
{
    public static CheckResult Pass(string finding) => new(Verdict.Pass, finding);

    public static CheckResult Warn(string finding, string remedy) => new(Verdict.Warn, finding, remedy);

    public static CheckResult Fail(string finding, string remedy) => new(Verdict.Fail, finding, remedy);
}
