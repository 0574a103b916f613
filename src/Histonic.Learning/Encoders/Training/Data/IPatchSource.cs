using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Where the labelled patches of a task come from: folders of pictures, a table, an HDF5 file, annotated slides.</summary>
public interface IPatchSource : IDisposable
{
    /// <summary>Gets the folder or file.</summary>
    string Location { get; }

    /// <summary>Gets the classes' names, in the order of their numbers.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>Gets the patches, in an order that depends on nothing but the source.</summary>
    IReadOnlyList<PatchEntry> Patches { get; }

    /// <summary>Reads a patch. May be called from several threads at once.</summary>
    /// <param name="patch">One of <see cref="Patches"/>.</param>
    /// <param name="scale">The scale it is wanted at.</param>
    /// <returns>Its pixels, shrunk where they are finer than wanted; never enlarged.</returns>
    /// <exception cref="InputException">It cannot be read.</exception>
    SourcePatch Read(PatchEntry patch, PatchScale scale);
}
