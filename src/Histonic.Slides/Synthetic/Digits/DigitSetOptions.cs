namespace Histonic.Slides.Synthetic.Digits;

/// <summary>What P2's synthetic pictures are like: how many, how large, how full (papers.md 2.9). P2's own numbers are given with each.</summary>
public sealed record DigitSetOptions
{
    /// <summary>The side of a cell of the lattice that digits stand on, in pixels, and of the patches.</summary>
    public const int Cell = 9;

    /// <summary>The share of the training pictures that encoders are trained on.</summary>
    public const double EncoderShare = 0.1;

    /// <summary>The number of parts that the other training pictures fall into.</summary>
    public const int Folds = 4;

    /// <summary>The pixel size that the files tell. Digits have no size of their own.</summary>
    public static readonly Microns PixelSize = new(1);

    /// <summary>Gets how many pictures there are for training, those of the encoders among them. P2: 25,000.</summary>
    public int Pictures { get; init; } = 1000;

    /// <summary>Gets how many pictures there are for testing, with digits of their own. P2: 25,000.</summary>
    public int TestPictures { get; init; }

    /// <summary>Gets the side of a picture in pixels. P2: 3,600.</summary>
    public int Size { get; init; } = 900;

    /// <summary>Gets the number of digits per pixel; at most one a cell. P2: 0.002.</summary>
    public double Density { get; init; } = 0.002;

    /// <summary>Gets the least long side of a rectangle, as a share of the greatest, half a picture. P2: a fiftieth.</summary>
    public double Least { get; init; } = 1.0 / 50;

    /// <summary>Gets the number of patches from each of the encoders' pictures. P2: a million pairs from 2,500 pictures.</summary>
    public int Patches { get; init; } = 400;

    /// <summary>Gets the folder of MNIST's four idx files; null for digits of our own drawing.</summary>
    public string? Mnist { get; init; }

    /// <summary>Gets how many pictures are made at once. Changes nothing but speed and memory.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets how many digits a picture holds.</summary>
    public int Digits => (int)(Size * (double)Size * Density);

    /// <summary>Gets how many pictures the encoders have.</summary>
    public int EncoderPictures => (int)(Pictures * EncoderShare);

    /// <summary>Gets the bound that the long side of a rectangle stays below.</summary>
    public int Longest => Size / 2;

    /// <summary>Gets the least long side of a rectangle.</summary>
    public int Shortest => Math.Max(2, (int)(Longest * Least));

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public DigitSetOptions Validated() =>
        this switch
        {
            { Pictures: not (>= 20 and <= 1_000_000) } => throw new OptionException(
                "--pictures",
                Pictures,
                "from 20 to 1000000"
            ),
            { TestPictures: not (>= 0 and <= 1_000_000) } => throw new OptionException(
                "--test",
                TestPictures,
                "from 0 to 1000000"
            ),
            { Size: not (>= 90 and <= 10_000) } => throw new OptionException("--size", Size, "from 90 to 10000 pixels"),
            { Density: not (> 0 and <= 1.0 / (Cell * Cell)) } => throw new OptionException(
                "--density",
                Density,
                "above 0 and at most 0.0123, a digit in every cell of 9 × 9 pixels"
            ),
            { Least: not (> 0 and < 1) } => throw new OptionException("--least", Least, "above 0 and below 1"),
            _ when Shortest >= Longest => throw new OptionException("--least", Least, "smaller"),
            { Patches: not (>= 1 and <= 100_000) } => throw new OptionException(
                "--patches",
                Patches,
                "from 1 to 100000"
            ),
            { Threads: not (>= 1 and <= 1024) } => throw new OptionException("--threads", Threads, "from 1 to 1024"),
            _ => this,
        };
}
