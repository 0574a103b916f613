namespace Histonic.Slides;

/// <summary>An input (slide, encoder, labels, folder) is at fault; the message says which, why and what to do.</summary>
/// <param name="subject">What is at fault: a path, or a path with its line.</param>
/// <param name="finding">What is wrong with it, without a full stop.</param>
/// <param name="remedy">What the user can do, as a sentence without a full stop.</param>
/// <param name="cause">The error below, if there was one.</param>
public sealed class InputException(string subject, string finding, string remedy, Exception? cause = null)
    : HistonicException($"{subject}: {finding}. {remedy}.", cause)
{
    /// <summary>Gets what is at fault.</summary>
    public string Subject { get; } = subject;

    /// <summary>Gets what is wrong with it.</summary>
    public string Finding { get; } = finding;

    /// <summary>Gets what the user can do.</summary>
    public string Remedy { get; } = remedy;
}
