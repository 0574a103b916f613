namespace Histonic.Slides.Synthetic.Digits;

/// <summary>One of P2's synthetic pictures: digits at random, but of one kind each in two rectangles; the class is that of the tilted one.</summary>
/// <remarks>
/// The rules are those of the generator that P2's authors published (papers.md 2.9), its steps in their order:
/// <list type="bullet">
/// <item>a rectangle of long side L, drawn evenly from the least to half a picture, and short side ⌊L / 2⌋, tilted by 45° or 135°, its box somewhere in the left half;</item>
/// <item>another that is not tilted, L + 1 × ⌊L / 2⌋ + 1 pixels with an L of its own, in the right half; where they meet it lies on top;</item>
/// <item>both turned together by a multiple of 90°, then mirrored left to right, top to bottom or not;</item>
/// <item>the label, 0 to 9, and the distractor: the label + 1 to 8, modulo 10, so never the label − 1;</item>
/// <item>of a lattice of 9 × 9 pixels, each place moved by −5 to 4 pixels in both directions, some are chosen, and digits pasted there one over
/// the other, black pixels too. The mask under its middle says which digit: the label's, the distractor's, or any.</item>
/// </list>
/// </remarks>
internal sealed class DigitPicture
{
    /// <summary>The mask's value in the tilted rectangle, which the label is of.</summary>
    public const byte Tilted = 127;

    /// <summary>The mask's value in the other rectangle.</summary>
    public const byte Upright = 255;

    private const int NoDigit = -1;

    private DigitPicture(int size)
    {
        Size = size;
        Mask = new byte[size * size];
        Pixels = new byte[size * size];
        Owners = new int[size * size];
        Array.Fill(Owners, NoDigit);
    }

    /// <summary>Gets the side T in pixels.</summary>
    public int Size { get; }

    /// <summary>Gets the digit of the tilted rectangle: the picture's class.</summary>
    public int Label { get; private init; }

    /// <summary>Gets the digit of the other rectangle.</summary>
    public int Distractor { get; private init; }

    /// <summary>Gets the long side of the tilted rectangle.</summary>
    public int TiltedLength { get; private init; }

    /// <summary>Gets the long side of the other rectangle.</summary>
    public int UprightLength { get; private init; }

    /// <summary>Gets the truth, T × T: 0, <see cref="Tilted"/> or <see cref="Upright"/>.</summary>
    public byte[] Mask { get; private set; }

    /// <summary>Gets the picture, T × T: black and white.</summary>
    public byte[] Pixels { get; }

    /// <summary>Gets the digits in the order in which they were pasted.</summary>
    public List<PlacedDigit> Digits { get; } = [];

    /// <summary>Gets which of <see cref="Digits"/> each pixel belongs to; −1: none.</summary>
    public int[] Owners { get; }

    /// <summary>Draws a picture.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="options">How large and how full.</param>
    /// <param name="shapes">The digits.</param>
    public static DigitPicture Draw(Random random, DigitSetOptions options, DigitShapes shapes)
    {
        var size = options.Size;
        var tilted = random.Next(options.Shortest, options.Longest);
        var (left, top) = (random.Next(size / 2 - tilted), random.Next(size - tilted));
        var rising = random.Next(2) == 0;
        var upright = random.Next(options.Shortest, options.Longest);
        var (column, row) = (random.Next(size / 2, size - upright), random.Next(size - upright));
        var (turns, mirror) = (random.Next(4), random.Next(3));
        var label = random.Next(10);
        var picture = new DigitPicture(size)
        {
            Label = label,
            Distractor = (label + random.Next(1, 9)) % 10,
            TiltedLength = tilted,
            UprightLength = upright,
        };
        picture.FillTilted(left, top, tilted, rising);
        picture.FillUpright(column, row, upright);
        picture.Turn(turns, mirror);
        picture.Paste(random, options.Digits, shapes);
        return picture;
    }

    /// <summary>How many pixels of the mask have a value.</summary>
    public int Area(byte value) => Mask.AsSpan().Count(value);

    private void FillTilted(int left, int top, int length, bool rising)
    {
        // the box of a rectangle that is turned by 45°; its lower edge may lie below the picture
        var side = (int)Math.Ceiling((length + (length / 2)) / Math.Sqrt(2));
        for (var y = 0; y < Math.Min(side, Size - top); y++)
        {
            for (var x = 0; x < Math.Min(side, Size - left); x++)
            {
                var (dx, dy) = (x + 0.5 - (side / 2.0), y + 0.5 - (side / 2.0));
                // along the long side, which rises to the right or falls
                var along = (rising ? dx - dy : dx + dy) / Math.Sqrt(2);
                var across = (rising ? dx + dy : dx - dy) / Math.Sqrt(2);
                if (Math.Abs(along) <= length / 2.0 && Math.Abs(across) <= length / 2 / 2.0)
                    Mask[((top + y) * Size) + left + x] = Tilted;
            }
        }
    }

    private void FillUpright(int left, int top, int length)
    {
        for (var y = top; y <= top + (length / 2); y++)
            Mask.AsSpan((y * Size) + left, length + 1).Fill(Upright);
    }

    private void Turn(int turns, int mirror)
    {
        var turned = new byte[Mask.Length];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var (u, v) = (x, y);
                for (var i = 0; i < turns; i++)
                    (u, v) = (v, Size - 1 - u);
                (u, v) = mirror switch
                {
                    1 => (Size - 1 - u, v),
                    2 => (u, Size - 1 - v),
                    _ => (u, v),
                };
                turned[(v * Size) + u] = Mask[(y * Size) + x];
            }
        }

        Mask = turned;
    }

    private void Paste(Random random, int count, DigitShapes shapes)
    {
        const int Cell = DigitSetOptions.Cell;
        var across = (Size + Cell - 1) / Cell;
        var places = new (int X, int Y)[across * across];
        for (var i = 0; i < places.Length; i++)
            places[i] = (Jittered(i % across), Jittered(i / across));

        for (var i = 0; i < count; i++)
        {
            var chosen = random.Next(i, places.Length);
            (places[i], places[chosen]) = (places[chosen], places[i]);
            var (x, y) = places[i];
            var (digit, pixels) = shapes.Next(
                random,
                Mask[(y * Size) + x] switch
                {
                    Tilted => Label,
                    Upright => Distractor,
                    _ => null,
                }
            );
            Digits.Add(new PlacedDigit(digit, x, y, pixels));
            Paste(x - (DigitShapes.Side / 2), y - (DigitShapes.Side / 2), pixels, i);
        }

        int Jittered(int cell) => Math.Clamp((int)Math.Max(0, (cell * Cell) + random.Between(-5, 4)), 0, Size - 1);
    }

    private void Paste(int left, int top, byte[] pixels, int owner)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (left + (i % DigitShapes.Side), top + (i / DigitShapes.Side));
            if ((uint)x >= (uint)Size || (uint)y >= (uint)Size)
                continue;
            Pixels[(y * Size) + x] = pixels[i];
            Owners[(y * Size) + x] = owner;
        }
    }
}
