namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>A labelled patch.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Class">Its class, from 0.</param>
/// <param name="Group">The patient or slide it comes from; its own path when that is not known.</param>
/// <param name="Part">What it is used for.</param>
public sealed record PatchSample(string Path, int Class, string Group, SplitPart Part);
