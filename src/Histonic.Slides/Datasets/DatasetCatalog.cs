namespace Histonic.Slides.Datasets;

/// <summary>The public data sets that can be taken in as they are given out.</summary>
public static class DatasetCatalog
{
    /// <summary>Gets all of them, by name.</summary>
    public static IReadOnlyList<IDataset> All { get; } =
    [new Camelyon16(), new Camelyon17(), new NctCrc(), new PatchCamelyon(), new Tcga(), new Tupac16()];

    /// <summary>Finds a data set.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <exception cref="OptionException">There is none of that name.</exception>
    public static IDataset Find(string name) =>
        All.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new OptionException("NAME", name, $"one of {string.Join(", ", All.Select(one => one.Name))}");
}
