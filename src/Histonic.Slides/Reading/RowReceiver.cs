namespace Histonic.Slides.Reading;

/// <summary>Receives one finished row.</summary>
/// <param name="row">Its place in the target.</param>
/// <param name="rgb">Its pixels, 3 bytes each; valid during the call.</param>
internal delegate void RowReceiver(int row, ReadOnlySpan<byte> rgb);
