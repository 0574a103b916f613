namespace Histonic.Slides.Synthetic;

/// <summary>Fat cells: the Voronoi cells of a jittered lattice.</summary>
/// <param name="spacing">The mean distance between their centres in pixels.</param>
/// <param name="seed">Where the jitter comes from.</param>
internal sealed class VacuoleLattice(float spacing, int seed)
{
    /// <summary>About how far it is from a point to the wall of its cell, in pixels.</summary>
    public float ToWall(float x, float y)
    {
        var (column, row) = ((int)MathF.Floor(x / spacing), (int)MathF.Floor(y / spacing));
        float nearest = float.MaxValue,
            second = float.MaxValue;
        for (var i = row - 2; i <= row + 2; i++)
        {
            for (var j = column - 2; j <= column + 2; j++)
            {
                var hash = HashCodeOf(j, i);
                var dx = ((j + 0.1f + (0.8f * (hash & 0xFFFF) / 65535f)) * spacing) - x;
                var dy = ((i + 0.1f + (0.8f * (hash >> 16) / 65535f)) * spacing) - y;
                var distance = MathF.Sqrt((dx * dx) + (dy * dy));
                if (distance < nearest)
                    (nearest, second) = (distance, nearest);
                else if (distance < second)
                    second = distance;
            }
        }

        return (second - nearest) / 2;
    }

    // the finaliser of MurmurHash3, for HashCode.Combine differs from run to run
    private uint HashCodeOf(int column, int row)
    {
        var hash = (uint)((column * 0x9E3779B1L) ^ (row * 0x85EBCA77L) ^ seed);
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
