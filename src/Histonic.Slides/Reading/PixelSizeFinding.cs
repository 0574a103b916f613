namespace Histonic.Slides.Reading;

/// <summary>What a file tells of its pixel size.</summary>
/// <param name="Size">The pixel size; null when the file tells none that can be believed.</param>
/// <param name="Problem">Where the size is null: what the file says that cannot be, such as "says 1000 µm (aperio)"; null when it says nothing.</param>
internal readonly record struct PixelSizeFinding(PixelSize? Size, string? Problem = null)
{
    /// <summary>A size that the user gives.</summary>
    public static implicit operator PixelSizeFinding(PixelSize given) => new(given);

    /// <summary>The first believable size; where there is none, the first problem.</summary>
    public static PixelSizeFinding First(params ReadOnlySpan<PixelSizeFinding> findings)
    {
        foreach (var finding in findings)
        {
            if (finding.Size is not null)
                return finding;
        }

        foreach (var finding in findings)
        {
            if (finding.Problem is not null)
                return finding;
        }

        return default;
    }
}
