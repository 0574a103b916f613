using PureHDF;

namespace Histonic.Learning.Encoders.Keras;

/// <summary>The weights in a Keras file: a group for every outermost layer, whose attribute weight_names tells what lies in it.</summary>
internal sealed class KerasWeights(IH5Group file)
{
    private readonly IH5Group _root = file.LinkExists("model_weights") ? file.Group("model_weights") : file;

    /// <summary>Reads one weight of a layer.</summary>
    /// <exception cref="FormatException">The file does not hold it, or not as float32.</exception>
    public (float[] Values, int[] Shape) Read(KerasLayer layer, string weight)
    {
        var wanted = $"{layer.Name}/{weight}:0";
        if (!_root.LinkExists(layer.Group))
            throw new FormatException($"the weights of layer {layer.Name} are missing");
        var group = _root.Group(layer.Group);
        var path =
            group
                .Attribute("weight_names")
                .Read<string[]>()
                .FirstOrDefault(name =>
                    string.Equals(name, wanted, StringComparison.Ordinal)
                    || name.EndsWith($"/{wanted}", StringComparison.Ordinal)
                )
            ?? throw new FormatException($"the {weight} of layer {layer.Name} is missing");
        var dataset = group.Dataset(path);
        if (dataset.Type is not { Class: H5DataTypeClass.FloatingPoint, Size: 4 })
            throw new FormatException($"the {weight} of layer {layer.Name} is not float32");
        return (dataset.Read<float[]>(), Array.ConvertAll(dataset.Space.Dimensions, size => (int)size));
    }
}
