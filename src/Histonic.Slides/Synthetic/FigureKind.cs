namespace Histonic.Slides.Synthetic;

/// <summary>What a <see cref="Figure"/> is.</summary>
internal enum FigureKind : byte
{
    /// <summary>A ring of cytoplasm round a lumen; its nuclei are figures of their own.</summary>
    Gland,

    /// <summary>A round, even nucleus with a nucleolus.</summary>
    Hepatocyte,

    /// <summary>An oval nucleus of a gland's wall.</summary>
    Epithelial,

    /// <summary>A thin, long nucleus among fibres.</summary>
    Spindle,

    /// <summary>A small, dark, round nucleus.</summary>
    Lymphocyte,

    /// <summary>A large nucleus with a membrane, coarse chromatin and nucleoli; sizes and shapes differ.</summary>
    Tumour,

    /// <summary>A mitotic figure: a plate, seen from the side.</summary>
    MitosisPlate,

    /// <summary>A mitotic figure: two plates that part.</summary>
    MitosisPair,

    /// <summary>A mitotic figure: an irregular clump.</summary>
    MitosisClump,

    /// <summary>A dying cell: a smooth dark drop in dense pink cytoplasm. What is mistaken for a mitosis.</summary>
    Pyknotic,
}
