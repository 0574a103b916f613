namespace Histonic.Reports.HeatMaps;

/// <summary>Turns a number in [0, 1] into a colour, from dark blue over green to yellow (control points of viridis, CC0).</summary>
public static class ColourMap
{
    private static readonly (byte R, byte G, byte B)[] _points =
    [
        (68, 1, 84),
        (72, 40, 120),
        (62, 74, 137),
        (49, 104, 142),
        (38, 130, 142),
        (31, 158, 137),
        (53, 183, 121),
        (109, 205, 89),
        (180, 222, 44),
        (253, 231, 37),
    ];

    /// <summary>Gets the control points, from 0 to 1 in equal steps; between them colours are mixed in proportion.</summary>
    internal static IReadOnlyList<(byte R, byte G, byte B)> Stops => _points;

    /// <summary>The colour of a number; below 0 and above 1 the ends.</summary>
    public static (byte R, byte G, byte B) At(double value)
    {
        var position = Math.Clamp(value, 0, 1) * (_points.Length - 1);
        var i = Math.Min((int)position, _points.Length - 2);
        var share = position - i;
        return (
            Mix(_points[i].R, _points[i + 1].R, share),
            Mix(_points[i].G, _points[i + 1].G, share),
            Mix(_points[i].B, _points[i + 1].B, share)
        );
    }

    internal static byte Mix(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share));
}
