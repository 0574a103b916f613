namespace Histonic.Slides.Synthetic;

/// <summary>What a place of a synthetic slide is; the numbers are the grey values of the truth masks.</summary>
public enum TissueClass
{
    /// <summary>White glass.</summary>
    Background = 0,

    /// <summary>Liver-like parenchyma: plates of pink cells between pale sinusoids.</summary>
    Normal = 1,

    /// <summary>Fibrous stroma: septa within the tumour, portal tracts within normal tissue.</summary>
    Stroma = 2,

    /// <summary>The band of dense fibrous stroma between tumour and normal tissue.</summary>
    Desmoplastic = 3,

    /// <summary>Tumour nests and tumour glands.</summary>
    Tumour = 4,

    /// <summary>Aggregates of lymphocytes.</summary>
    Lymphoid = 5,

    /// <summary>Benign glands and ducts: rings of epithelium round a lumen.</summary>
    Gland = 6,
}
