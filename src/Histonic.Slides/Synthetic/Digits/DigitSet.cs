using System.Globalization;
using System.Text.Json.Nodes;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;
using NetVips;

namespace Histonic.Slides.Synthetic.Digits;

/// <summary>Makes P2's synthetic data: pictures of digits whose class is that of the digits in a tilted rectangle (<see cref="DigitPicture"/>).</summary>
/// <remarks>
/// The folder gets encoder/, slides/ and test/ with NAME.tif (grey, deflate, 1 µm/px), NAME being number_label_distractor_length_length; labels.csv and
/// test.csv (slide, label); folds.csv (slide, fold) and, with pictures for testing, split.csv (slide, label, split); truth/NAME.png, the mask (0, 127 tilted, 255 upright); truth.csv; patches/CLASS/NAME_N.png for
/// encoders (<see cref="DigitPatches"/>); digits.json. Of the training pictures the first tenth is the encoders', the rest fall into 4 folds.
/// Memory: 7 bytes a pixel for each picture in the making.
/// </remarks>
public static class DigitSet
{
    private const int GeneratorVersion = 1;

    private static readonly string[] _truthColumns =
    [
        "slide",
        "part",
        "label",
        "distractor",
        "length",
        "distractor_length",
        "area",
        "distractor_area",
        "digits",
    ];

    /// <summary>Writes a set, or what is missing of it.</summary>
    /// <param name="folder">A new or empty folder, or one that holds part of the same set.</param>
    /// <param name="options">What it is like.</param>
    /// <param name="seed">Where all of it comes from.</param>
    /// <param name="monitor">Told of each picture.</param>
    /// <param name="cancellationToken">Stops it; the same call goes on from there.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="OptionException">An option cannot work.</exception>
    /// <exception cref="InputException">The folder holds something else, or cannot be written; MNIST cannot be read.</exception>
    public static DigitSetSummary Write(
        string folder,
        DigitSetOptions options,
        Seed seed,
        IWorkMonitor monitor,
        CancellationToken cancellationToken = default
    )
    {
        options = options.Validated();
        VipsLibrary.Prepare();
        var shapes = Shapes(options, seed, test: false);
        var testShapes = options.TestPictures > 0 ? Shapes(options, seed, test: true) : shapes;
        SyntheticFolder.Open(folder, "digits.json", Identity(options, seed), Account(options));
        var total = options.Pictures + options.TestPictures;
        var truth = new object[total][];
        var done = 0;
        try
        {
            Parallel.For(
                0,
                total,
                new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken },
                i =>
                {
                    var part = PartOf(i, options);
                    var picture = DigitPicture.Draw(
                        seed.For($"digits {i}"),
                        options,
                        i < options.Pictures ? shapes : testShapes
                    );
                    var name = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{i}_{picture.Label}_{picture.Distractor}_{picture.TiltedLength}_{picture.UprightLength}"
                    );
                    truth[i] =
                    [
                        name,
                        part,
                        picture.Label,
                        picture.Distractor,
                        picture.TiltedLength,
                        picture.UprightLength,
                        picture.Area(DigitPicture.Tilted),
                        picture.Area(DigitPicture.Upright),
                        picture.Digits.Count,
                    ];
                    Save(folder, part, name, picture);
                    if (i < options.EncoderPictures)
                        SavePatches(folder, name, picture, options.Patches, seed.For($"digit patches {i}"));
                    monitor.Report(
                        new WorkProgress("synth digits", Interlocked.Increment(ref done), total, "pictures")
                    );
                }
            );
        }
        catch (AggregateException errors)
            when (errors.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } first)
        {
            throw new InputException(first.Subject, first.Finding, first.Remedy, errors);
        }

        WriteTables(folder, options, truth);
        return new DigitSetSummary(
            options.EncoderPictures,
            options.Pictures - options.EncoderPictures,
            options.TestPictures,
            options.EncoderPictures * options.Patches
        );
    }

    private static DigitShapes Shapes(DigitSetOptions options, Seed seed, bool test) =>
        options.Mnist is { } folder ? DigitShapes.OfMnist(folder, test) : DigitShapes.Draw(seed, test);

    private static string PartOf(int index, DigitSetOptions options) =>
        index < options.EncoderPictures ? "encoder"
        : index < options.Pictures ? "slides"
        : "test";

    private static void Save(string folder, string part, string name, DigitPicture picture)
    {
        var mask = Path.Combine(folder, "truth", $"{name}.png");
        if (!File.Exists(mask))
            PictureFile.WriteGreyPng(mask, picture.Size, picture.Size, picture.Mask);
        var path = Path.Combine(folder, part, $"{name}.tif");
        if (File.Exists(path))
            return;
        using var pixels = Image.NewFromMemory(
            picture.Pixels,
            picture.Size,
            picture.Size,
            bands: 1,
            Enums.BandFormat.Uchar
        );
        using var grey = pixels.Copy(interpretation: Enums.Interpretation.Bw);
        PyramidFile.Write(path, grey, DigitSetOptions.PixelSize, Enums.ForeignTiffCompression.Deflate);
    }

    private static void SavePatches(string folder, string name, DigitPicture picture, int count, Random random)
    {
        foreach (var (i, (x, y, patchClass)) in DigitPatches.Choose(picture, count, random).Index())
        {
            var path = Path.Combine(
                folder,
                "patches",
                patchClass,
                string.Create(CultureInfo.InvariantCulture, $"{name}_{i}.png")
            );
            if (!File.Exists(path))
                PictureFile.WriteGreyPng(
                    path,
                    DigitSetOptions.Cell,
                    DigitSetOptions.Cell,
                    DigitPatches.Cut(picture, x, y)
                );
        }
    }

    private static void WriteTables(string folder, DigitSetOptions options, object[][] truth)
    {
        CsvTable.Write(Path.Combine(folder, "truth.csv"), _truthColumns, truth);
        var slides = truth[options.EncoderPictures..options.Pictures];
        WriteLabels("labels.csv", slides);
        if (options.TestPictures > 0)
            WriteLabels("test.csv", truth[options.Pictures..]);
        CsvTable.Write(
            Path.Combine(folder, "folds.csv"),
            ["slide", "fold"],
            slides.Select((row, i) => (IReadOnlyList<object?>)[row[0], FoldOf(i)])
        );
        if (options.TestPictures > 0)
            CsvTable.Write(
                Path.Combine(folder, "split.csv"),
                ["slide", "label", "split"],
                truth[options.EncoderPictures..]
                    .Select((row, i) => (IReadOnlyList<object?>)[row[0], row[2], SplitOf(i)])
            );

        int FoldOf(int i) => 1 + (i * DigitSetOptions.Folds / slides.Length);

        string SplitOf(int i) =>
            i >= slides.Length ? "test"
            : FoldOf(i) == DigitSetOptions.Folds ? "validation"
            : "train";

        void WriteLabels(string file, object[][] rows) =>
            CsvTable.Write(
                Path.Combine(folder, file),
                ["slide", "label"],
                rows.Select(row => (IReadOnlyList<object?>)[row[0], row[2]])
            );
    }

    private static JsonObject Identity(DigitSetOptions options, Seed seed) =>
        new()
        {
            ["generator"] = GeneratorVersion,
            ["seed"] = seed.Value,
            ["pictures"] = options.Pictures,
            ["test_pictures"] = options.TestPictures,
            ["size"] = options.Size,
            ["density"] = options.Density,
            ["least"] = options.Least,
            ["patches"] = options.Patches,
            ["digits_from"] = options.Mnist is null ? "own" : "MNIST",
        };

    private static JsonObject Account(DigitSetOptions options) =>
        new()
        {
            ["digits_a_picture"] = options.Digits,
            ["mpp"] = DigitSetOptions.PixelSize.Value,
            ["histonic_version"] = ProductVersion.Current,
        };
}
