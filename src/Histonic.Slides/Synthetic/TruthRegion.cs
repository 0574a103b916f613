namespace Histonic.Slides.Synthetic;

/// <summary>The parts of a synthetic slide that decide its labels; the numbers are the grey values of truth/regions.</summary>
public enum TruthRegion
{
    /// <summary>What decides nothing.</summary>
    Elsewhere = 0,

    /// <summary>
    /// Where the tumour meets normal tissue, which shows the growth pattern: the band of a desmoplastic front; of a replacement front as far on
    /// either side of its course as cords of tumour push.
    /// </summary>
    Front = 1,

    /// <summary>Tumour elsewhere: its nuclei and mitoses show proliferation.</summary>
    Tumour = 2,
}
