using System.Globalization;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>How far views of a patch are changed in training, so that position, stain and scanner say nothing.</summary>
/// <remarks>
/// The ranges of the set "strong" are those of Tellez et al. 2019 (arXiv 1902.06543): morphology, brightness and contrast, HED-strong.
/// Each view draws every number anew, uniformly.
/// </remarks>
public sealed record AugmentationOptions
{
    private const string Separator = ",";

    private static readonly IReadOnlyList<Knob> _knobs =
    [
        Knob.Switch("symmetries", set => set.Symmetries, (set, value) => set with { Symmetries = value }),
        Knob.Number("scale", set => set.Scale, (set, value) => set with { Scale = value }),
        Knob.Range("elastic", set => set.Elastic, (set, value) => set with { Elastic = value }),
        Knob.Range("elastic-sigma", set => set.ElasticSigma, (set, value) => set with { ElasticSigma = value }),
        Knob.Number("hed", set => set.Stain, (set, value) => set with { Stain = value }),
        Knob.Number("hue", set => set.Hue, (set, value) => set with { Hue = value }),
        Knob.Number("saturation", set => set.Saturation, (set, value) => set with { Saturation = value }),
        Knob.Number("contrast", set => set.Contrast, (set, value) => set with { Contrast = value }),
        Knob.Number("brightness", set => set.Brightness, (set, value) => set with { Brightness = value }),
        Knob.Number("blur", set => set.Blur, (set, value) => set with { Blur = value }),
        Knob.Number("noise", set => set.Noise, (set, value) => set with { Noise = value }),
        Knob.Number("darkest", set => set.Darkest, (set, value) => set with { Darkest = value }),
        Knob.Number("brightest", set => set.Brightest, (set, value) => set with { Brightest = value }),
    ];

    /// <summary>Gets whether views are turned and mirrored (the 8 symmetries of the square).</summary>
    public bool Symmetries { get; init; } = true;

    /// <summary>Gets the largest relative change of size: 0.2 draws a factor from 0.8 to 1.2, the papers' range.</summary>
    public double Scale { get; init; } = 0.1;

    /// <summary>
    /// Gets the strength α of the elastic distortion, in pixels of the encoder's patch: what noise in ± 1 is multiplied by after its
    /// smoothing. Papers: 80..120. 0: none.
    /// </summary>
    public NumberRange Elastic { get; init; }

    /// <summary>Gets the standard deviation σ of the Gaussian that smooths that noise, in pixels of the encoder's patch. Papers: 9..11.</summary>
    public NumberRange ElasticSigma { get; init; } = new(9, 11);

    /// <summary>
    /// Gets the largest relative change and the largest shift of each stain (haematoxylin, eosin, DAB), the shift in optical density
    /// (natural logarithm, white = 0). Papers: 0.05 (HED-light) or 0.2 (HED-strong).
    /// </summary>
    public double Stain { get; init; } = 0.05;

    /// <summary>Gets the largest turn of the hue, as a share of the circle. Papers: 0.1 (HSV-light) or 1 (HSV-strong).</summary>
    public double Hue { get; init; }

    /// <summary>Gets the largest change of the saturation: −1 makes grey. Papers: 0.1 (HSV-light) or 1 (HSV-strong).</summary>
    public double Saturation { get; init; }

    /// <summary>Gets the largest relative change of the distance to the view's mean. Papers: 0.35.</summary>
    public double Contrast { get; init; } = 0.1;

    /// <summary>Gets the largest relative change of all numbers, black being 0. Papers: 0.35.</summary>
    public double Brightness { get; init; } = 0.1;

    /// <summary>Gets the largest standard deviation of the Gaussian blur, in pixels of the encoder's patch. Papers: 0.1, which changes nothing.</summary>
    public double Blur { get; init; }

    /// <summary>
    /// Gets the largest standard deviation of the noise in each number of the encoder's patch, as a share of white. Papers: 0.1. The encoder
    /// averages squares of pixels before its first convolution, so a view of S × S gets this over the side of those squares.
    /// </summary>
    public double Noise { get; init; } = 0.02;

    /// <summary>Gets the mean brightness in [0, 1] below which a view's stains are left alone: it is black. Papers: 0.05.</summary>
    public double Darkest { get; init; } = 0.05;

    /// <summary>Gets the mean brightness in [0, 1] above which a view's stains are left alone: it is empty. Papers: 0.95.</summary>
    public double Brightest { get; init; } = 0.95;

    /// <summary>The named sets, as --augmentation takes them.</summary>
    public static IReadOnlyDictionary<string, AugmentationOptions> Named { get; } =
        new Dictionary<string, AugmentationOptions>(StringComparer.Ordinal)
        {
            ["none"] = new()
            {
                Symmetries = false,
                Scale = 0,
                Stain = 0,
                Contrast = 0,
                Brightness = 0,
                Noise = 0,
            },
            ["light"] = new(),
            ["papers"] = Tellez(stain: 0.05),
            ["strong"] = Tellez(stain: 0.2),
        };

    /// <summary>Understands the name of a set, alone or with changes: "light", "strong,hed=0.1,elastic=0".</summary>
    /// <remarks>Changes are named symmetries (on, off), scale, elastic, elastic-sigma (a number or LOW..HIGH), hed, hue, saturation, contrast,
    /// brightness, blur, noise, darkest, brightest.</remarks>
    /// <param name="text">The words of the user.</param>
    /// <exception cref="OptionException">They are of another form, or an option cannot work.</exception>
    public static AugmentationOptions Parse(string text)
    {
        var words = text.Split(Separator, StringSplitOptions.TrimEntries);
        if (!Named.TryGetValue(words[0], out var set))
        {
            throw new OptionException(
                "--augmentation",
                text,
                $"{string.Join(", ", Named.Keys)}, alone or with changes (light,hed=0.1)"
            );
        }

        foreach (var word in words.Skip(1))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals].TrimEnd();
            if (
                equals < 0
                || _knobs.FirstOrDefault(knob => string.Equals(knob.Name, name, StringComparison.Ordinal))
                    is not { } knob
            )
            {
                throw new OptionException(
                    $"a change in --augmentation {text}",
                    word,
                    $"NAME=VALUE with the NAME {string.Join(", ", _knobs.Select(one => one.Name))}"
                );
            }

            set = knob.Set(set, word[(equals + 1)..].TrimStart());
        }

        return set.Validated();
    }

    /// <summary>The words that <see cref="Parse"/> makes these options of: the nearest set, and what differs from it.</summary>
    public override string ToString() =>
        string.Join(
            Separator,
            Named.Select(set => Changes(set.Value).Prepend(set.Key).ToList()).MinBy(words => words.Count)!
        );

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public AugmentationOptions Validated() =>
        this switch
        {
            { Scale: not (>= 0 and <= 0.5) } => throw Fault("scale", Scale, "from 0 to 0.5"),
            _ when !Elastic.Within(0, 1000) => throw Fault(
                "elastic",
                Elastic,
                "from 0 to 1000, the lower number first"
            ),
            _ when !ElasticSigma.Within(2, 100) => throw Fault(
                "elastic-sigma",
                ElasticSigma,
                "from 2 to 100 pixels, the lower number first"
            ),
            { Stain: not (>= 0 and <= 1) } => throw Fault("hed", Stain, "from 0 to 1"),
            { Hue: not (>= 0 and <= 1) } => throw Fault("hue", Hue, "from 0 to 1"),
            { Saturation: not (>= 0 and <= 1) } => throw Fault("saturation", Saturation, "from 0 to 1"),
            { Contrast: not (>= 0 and <= 1) } => throw Fault("contrast", Contrast, "from 0 to 1"),
            { Brightness: not (>= 0 and <= 1) } => throw Fault("brightness", Brightness, "from 0 to 1"),
            { Blur: not (>= 0 and <= 16) } => throw Fault("blur", Blur, "from 0 to 16 pixels"),
            { Noise: not (>= 0 and <= 1) } => throw Fault("noise", Noise, "from 0 to 1"),
            { Darkest: not (>= 0 and <= 1) } => throw Fault("darkest", Darkest, "from 0 to 1"),
            { Brightest: not (>= 0 and <= 1) } => throw Fault("brightest", Brightest, "from 0 to 1"),
            _ => this,
        };

    private static AugmentationOptions Tellez(double stain) =>
        new()
        {
            Scale = 0.2,
            Elastic = new NumberRange(80, 120),
            Stain = stain,
            Contrast = 0.35,
            Brightness = 0.35,
            Blur = 0.1,
            Noise = 0.1,
        };

    private static OptionException Fault(string name, object value, string expected) =>
        new($"{name} of the augmentation", string.Create(CultureInfo.InvariantCulture, $"{value}"), expected);

    private IEnumerable<string> Changes(AugmentationOptions set) =>
        from knob in _knobs
        let own = knob.Get(this)
        where !string.Equals(own, knob.Get(set), StringComparison.Ordinal)
        select $"{knob.Name}={own}";

    /// <summary>An option by the name that users give it.</summary>
    private sealed record Knob(
        string Name,
        Func<AugmentationOptions, string> Get,
        Func<AugmentationOptions, string, AugmentationOptions> Set
    )
    {
        public static Knob Switch(
            string name,
            Func<AugmentationOptions, bool> get,
            Func<AugmentationOptions, bool, AugmentationOptions> set
        ) =>
            new(
                name,
                options => get(options) ? "on" : "off",
                (options, text) =>
                    set(
                        options,
                        text switch
                        {
                            "on" => true,
                            "off" => false,
                            _ => throw Fault(name, text, "on or off"),
                        }
                    )
            );

        public static Knob Number(
            string name,
            Func<AugmentationOptions, double> get,
            Func<AugmentationOptions, double, AugmentationOptions> set
        ) =>
            new(
                name,
                options => get(options).ToString(CultureInfo.InvariantCulture),
                (options, text) =>
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                        ? set(options, value)
                        : throw Fault(name, text, "a number")
            );

        public static Knob Range(
            string name,
            Func<AugmentationOptions, NumberRange> get,
            Func<AugmentationOptions, NumberRange, AugmentationOptions> set
        ) =>
            new(
                name,
                options => get(options).ToString(),
                (options, text) => set(options, NumberRange.Parse($"{name} of the augmentation", text))
            );
    }
}
