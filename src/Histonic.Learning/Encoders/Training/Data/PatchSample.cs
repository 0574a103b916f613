namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>A labelled patch with its place in the split.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Entry">What its source says of it.</param>
/// <param name="Group">The patient or slide it comes from; its own <see cref="Id"/> when that is not known.</param>
/// <param name="Part">What it is used for.</param>
public sealed record PatchSample(IPatchSource Source, PatchEntry Entry, string Group, SplitPart Part)
{
    /// <summary>Gets what names it to people.</summary>
    public string Id => Entry.Id;

    /// <summary>Gets its class, from 0.</summary>
    public int Class => Entry.Class;
}
