namespace Histonic.Reports.Encoders;

/// <summary>An encoder on a page.</summary>
/// <param name="Label">What it is called there; no two are called alike.</param>
/// <param name="Description">Its patches and objective, in a few words.</param>
public sealed record EncoderEntry(string Label, string Description);
