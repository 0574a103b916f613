namespace Histonic.Slides.Synthetic;

/// <summary>How a tumour meets normal tissue, as in colorectal liver metastases.</summary>
public enum GrowthPattern
{
    /// <summary>A band of fibrous stroma with lymphocytes lies between the two.</summary>
    Desmoplastic,

    /// <summary>Tumour cells run straight into the normal tissue, along an irregular front.</summary>
    Replacement,
}
