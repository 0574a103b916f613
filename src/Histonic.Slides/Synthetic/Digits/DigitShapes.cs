namespace Histonic.Slides.Synthetic.Digits;

/// <summary>Digits to choose from, 10 × 10 pixels each, black (0) and white (255).</summary>
/// <remarks>
/// All come from 28 × 28 pixels as in P2's code: what is above 63 is white, and of rows and columns every third is taken, 0, 3, … 27.
/// </remarks>
public sealed class DigitShapes
{
    /// <summary>The side of a digit in pixels.</summary>
    public const int Side = 10;

    /// <summary>The side of what it is made from, MNIST's pictures.</summary>
    internal const int SourceSide = 28;

    private const int Step = 3;
    private const int Threshold = 63;
    private const int OwnOfEach = 1000;

    private readonly List<(int Digit, byte[] Pixels)> _all;
    private readonly byte[][][] _ofDigit;

    private DigitShapes(List<(int Digit, byte[] Pixels)> all)
    {
        _all = all;
        _ofDigit =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(digit => all.Where(one => one.Digit == digit).Select(one => one.Pixels).ToArray()),
        ];
    }

    /// <summary>Gets how many there are to choose from.</summary>
    public int Count => _all.Count;

    /// <summary>Digits of our own drawing, 1,000 of each: pen strokes of varied width, slant and proportion.</summary>
    /// <param name="seed">Where they come from.</param>
    /// <param name="test">Whether for the test pictures, which have digits of their own, as P2's have MNIST's test set.</param>
    public static DigitShapes Draw(Seed seed, bool test)
    {
        var random = seed.For(test ? "digit shapes test" : "digit shapes");
        return new([
            .. Enumerable
                .Range(0, 10 * OwnOfEach)
                .Select(i =>
                {
                    var pen = DigitPen.Draw(i % 10, random);
                    return (i % 10, Sample((x, y) => pen.At(x, y)));
                }),
        ]);
    }

    /// <summary>MNIST's digits.</summary>
    /// <param name="folder">The folder of its idx files, packed by gzip or not.</param>
    /// <param name="test">Whether the test set (t10k) or the training set.</param>
    /// <exception cref="InputException">A file is missing, damaged or of another form.</exception>
    public static DigitShapes OfMnist(string folder, bool test)
    {
        var (pixels, labels) = MnistFiles.Read(folder, test ? "t10k" : "train");
        const int Length = SourceSide * SourceSide;
        return new([
            .. labels.Select((digit, i) => ((int)digit, Sample((x, y) => pixels[(i * Length) + (y * SourceSide) + x]))),
        ]);
    }

    /// <summary>Chooses a digit; each picture is as likely as any other.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="digit">Of which digit; null: of any.</param>
    internal (int Digit, byte[] Pixels) Next(Random random, int? digit) =>
        digit is { } one ? (one, _ofDigit[one][random.Next(_ofDigit[one].Length)]) : _all[random.Next(_all.Count)];

    private static byte[] Sample(Func<int, int, int> grey)
    {
        var pixels = new byte[Side * Side];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = grey(i % Side * Step, i / Side * Step) > Threshold ? (byte)255 : (byte)0;
        return pixels;
    }
}
