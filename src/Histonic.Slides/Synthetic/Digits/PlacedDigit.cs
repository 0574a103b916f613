namespace Histonic.Slides.Synthetic.Digits;

/// <summary>A digit in a picture.</summary>
/// <param name="Digit">0 to 9.</param>
/// <param name="X">Its middle's column; pixels from X − 5 to X + 4 are its own, as far as they lie in the picture.</param>
/// <param name="Y">Its middle's row.</param>
/// <param name="Pixels">Its 10 × 10 pixels.</param>
internal sealed record PlacedDigit(int Digit, int X, int Y, byte[] Pixels);
