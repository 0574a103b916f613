namespace Histonic.Slides.Synthetic;

/// <summary>What a synthetic cohort came to.</summary>
/// <param name="Slides">How many slides there are.</param>
/// <param name="Made">How many of them were made now; the others were there.</param>
/// <param name="Patients">How many patients they come from.</param>
/// <param name="Deaths">How many of the patients were seen to die.</param>
public sealed record CohortSummary(int Slides, int Made, int Patients, int Deaths);
