namespace Histonic.Cli.Diagnostics;

/// <summary>How much a finding matters.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>Works, but slower or with less.</summary>
    Warn,

    /// <summary>Does not work until it is mended.</summary>
    Fail,
}
