namespace Histonic.Learning.Compression;

/// <summary>A slide that could not be worked on: a row of failures.csv.</summary>
/// <param name="Slide">Its path.</param>
/// <param name="Stage">Where it failed: "open", "tissue", "encode" (with the decoding of patches) or "write"; of other commands, their name.</param>
/// <param name="Reason">Why, and what to do.</param>
public sealed record SlideFailure(string Slide, string Stage, string Reason);
