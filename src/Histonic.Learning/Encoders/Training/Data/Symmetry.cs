namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>One of the 8 ways to lay a square onto itself (the dihedral group D4).</summary>
/// <param name="Transposed">Whether rows become columns, before the mirroring.</param>
/// <param name="MirroredRows">Whether top and bottom change places.</param>
/// <param name="MirroredColumns">Whether left and right change places.</param>
public readonly record struct Symmetry(bool Transposed, bool MirroredRows, bool MirroredColumns)
{
    /// <summary>Gets the one that leaves all as it is.</summary>
    public static Symmetry None => default;

    /// <summary>Draws one of the 8, each as likely as the others.</summary>
    public static Symmetry Draw(Random random)
    {
        var bits = random.Next(8);
        return new Symmetry((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
    }
}
