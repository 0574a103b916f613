namespace Histonic.Slides.Datasets;

/// <summary>A public data set in the layout it is given out in; it becomes what training and validation take.</summary>
public interface IDataset
{
    /// <summary>Gets its name on the command line.</summary>
    string Name { get; }

    /// <summary>Gets what it is, in a line.</summary>
    string Summary { get; }

    /// <summary>Gets where it is given out.</summary>
    string Source { get; }

    /// <summary>Gets the licence it is given out under, as far as that is known.</summary>
    string Licence { get; }

    /// <summary>Gets what has to be in the input: its files and folders.</summary>
    string Expects { get; }

    /// <summary>Writes labels.csv (slide, patient, targets) or encoder.yaml (a task for encoder train), or both. Pixels stay where they are.</summary>
    /// <param name="input">The folder of the set, or the file of its table.</param>
    /// <param name="output">The folder that receives the files.</param>
    /// <param name="monitor">Warned of what is left out.</param>
    /// <returns>The files, each with what it holds: "labels.csv: 500 slides".</returns>
    /// <exception cref="InputException">Something is missing or not of this layout; the message names file and line.</exception>
    IReadOnlyList<string> Prepare(string input, string output, IWorkMonitor monitor);
}
