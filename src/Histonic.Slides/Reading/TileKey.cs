namespace Histonic.Slides.Reading;

/// <summary>A tile as it was decoded.</summary>
/// <param name="Level">The level.</param>
/// <param name="Column">Its column among the level's tiles.</param>
/// <param name="Row">Its row among the level's tiles.</param>
/// <param name="Reduction">What its sides were divided by.</param>
internal readonly record struct TileKey(int Level, int Column, int Row, int Reduction);
