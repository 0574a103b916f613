namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>What a look at the validation patches gave.</summary>
/// <param name="Choice">The number that chooses the best weights and the learning rate: higher is better. NaN: the last weights are the best.</param>
/// <param name="Tie">Of two with equal <paramref name="Choice"/> the one with the lower number here is the better.</param>
/// <param name="Scores">The numbers for the log, in the order of <see cref="IObjective.ScoreNames"/>; NaN where there is none.</param>
internal sealed record Validation(double Choice, double Tie, IReadOnlyList<double> Scores);
