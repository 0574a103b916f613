namespace Histonic.Slides.Synthetic;

/// <summary>A patch with its label.</summary>
/// <param name="Class">The task and class it is an example of.</param>
/// <param name="Name">Its slide and number, such as "F00012_3".</param>
/// <param name="Rgb">128 × 128 × 3 bytes.</param>
internal sealed record LabelledPatch(PatchClass Class, string Name, byte[] Rgb);
