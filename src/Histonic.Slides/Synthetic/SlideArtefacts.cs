namespace Histonic.Slides.Synthetic;

/// <summary>What can go wrong with a slide; the numbers are bits of the grey values of truth/artefacts/NAME.png.</summary>
[Flags]
public enum SlideArtefacts
{
    /// <summary>A clean slide.</summary>
    None = 0,

    /// <summary>A stroke of a blue marker.</summary>
    PenBlue = 1,

    /// <summary>A stroke of a green marker.</summary>
    PenGreen = 2,

    /// <summary>A stroke of a black marker.</summary>
    PenBlack = 4,

    /// <summary>A stroke of a red marker.</summary>
    PenRed = 8,

    /// <summary>Black specks and fibres.</summary>
    Dust = 16,

    /// <summary>Adipose tissue: large empty cells between thin membranes.</summary>
    Fat = 32,

    /// <summary>Areas out of focus.</summary>
    Blur = 64,

    /// <summary>A third of the usual stain, on the whole slide; has no truth picture.</summary>
    Pale = 128,
}
