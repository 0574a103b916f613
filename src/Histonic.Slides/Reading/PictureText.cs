using System.Security;
using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>Words in a picture, for sheets that people look at.</summary>
public static class PictureText
{
    /// <summary>Draws words in the machine's sans serif font.</summary>
    /// <param name="text">The words; a line break begins a new line.</param>
    /// <param name="size">The size of the font in pixels.</param>
    /// <returns>Black on white, as large as the words; null where this machine has no font, or libvips no words.</returns>
    public static RgbImage? Draw(string text, int size)
    {
        VipsLibrary.Prepare();
        if (string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            // at 72 dots an inch a point is a pixel; the words are markup to Pango
            using var ink = Image.Text(SecurityElement.Escape(text), font: $"sans {size}", dpi: 72);
            using var paper = ink.Invert();
            using var grey = paper.Cast(Enums.BandFormat.Uchar);
            using var colour = grey.Bandjoin([grey, grey]);
            return new RgbImage(colour.Width, colour.Height, colour.WriteToMemory<byte>());
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
