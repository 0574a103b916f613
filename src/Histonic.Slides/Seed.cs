using System.IO.Hashing;
using System.Text;

namespace Histonic.Slides;

/// <summary>Where the randomness of a run comes from.</summary>
/// <param name="Value">The number the user gave.</param>
public readonly record struct Seed(int Value)
{
    /// <summary>A generator of its own for one purpose, so that adding another purpose shifts none.</summary>
    /// <param name="purpose">What it is for.</param>
    public Random For(string purpose) => new(Number(purpose));

    /// <summary>A number of its own for one purpose, for generators that want a seed.</summary>
    /// <param name="purpose">What it is for.</param>
    public int Number(string purpose) => (int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(purpose), Value);
}
