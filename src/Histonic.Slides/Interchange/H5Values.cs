using System.Globalization;
using PureHDF;

namespace Histonic.Slides.Interchange;

/// <summary>Numbers and texts of HDF5 files whose types are not known beforehand.</summary>
internal static class H5Values
{
    public static double[] Numbers(IH5Dataset dataset)
    {
        if (dataset.Space.Dimensions.Any(side => side == 0))
            return [];
        return Numbers(
            dataset.Type,
            () => dataset.Read<Half[]>(),
            () => dataset.Read<float[]>(),
            () => dataset.Read<double[]>(),
            Whole
        );

        double[] Whole() =>
            (dataset.Type.Size, dataset.Type.FixedPoint.IsSigned) switch
            {
                (4, true) => Array.ConvertAll(dataset.Read<int[]>(), value => (double)value),
                (8, true) => Array.ConvertAll(dataset.Read<long[]>(), value => (double)value),
                (2, true) => Array.ConvertAll(dataset.Read<short[]>(), value => (double)value),
                (4, false) => Array.ConvertAll(dataset.Read<uint[]>(), value => (double)value),
                (8, false) => Array.ConvertAll(dataset.Read<ulong[]>(), value => (double)value),
                (2, false) => Array.ConvertAll(dataset.Read<ushort[]>(), value => (double)value),
                _ => throw new FormatException("numbers of an unknown type"),
            };
    }

    /// <summary>Embeddings: half and single precision exactly, double precision rounded.</summary>
    public static float[] Floats(IH5Dataset dataset)
    {
        if (dataset.Space.Dimensions.Any(side => side == 0))
            return [];
        if (dataset.Type.Class != H5DataTypeClass.FloatingPoint)
            throw new FormatException("features that are no floating-point numbers");
        return dataset.Type.Size switch
        {
            2 => Array.ConvertAll(dataset.Read<Half[]>(), value => (float)value),
            4 => dataset.Read<float[]>(),
            _ => Array.ConvertAll(dataset.Read<double[]>(), value => (float)value),
        };
    }

    /// <summary>The first number of an attribute; null when it is absent or, as TRIDENT writes what it does not know, a text.</summary>
    public static double? Number(IH5Object owner, string name)
    {
        if (!owner.AttributeExists(name))
            return null;
        var attribute = owner.Attribute(name);
        return attribute.Type.Class switch
        {
            H5DataTypeClass.FloatingPoint or H5DataTypeClass.FixedPoint => First(attribute),
            _ => double.TryParse(Text(owner, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : null,
        };
    }

    /// <summary>The text of an attribute; null when it is absent, empty, "None" or no text.</summary>
    public static string? Text(IH5Object owner, string name)
    {
        if (!owner.AttributeExists(name))
            return null;
        var attribute = owner.Attribute(name);
        if (attribute.Type.Class is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
            return null;
        var text = attribute.Read<string>();
        return text is null or "" or "None" ? null : text;
    }

    /// <summary>All numbers of an attribute.</summary>
    public static double[] Numbers(IH5Attribute attribute) =>
        attribute.Space.Dimensions.Length == 0
            ? [First(attribute)]
            : Numbers(
                attribute.Type,
                () => attribute.Read<Half[]>(),
                () => attribute.Read<float[]>(),
                () => attribute.Read<double[]>(),
                () =>
                    attribute.Type.Size == 4
                        ? Array.ConvertAll(attribute.Read<int[]>(), value => (double)value)
                        : Array.ConvertAll(attribute.Read<long[]>(), value => (double)value)
            );

    private static double First(IH5Attribute attribute)
    {
        if (attribute.Space.Dimensions.Length > 0)
            return Numbers(attribute)[0];
        var floating = attribute.Type.Class == H5DataTypeClass.FloatingPoint;
        return (floating, attribute.Type.Size) switch
        {
            (true, 2) => (double)attribute.Read<Half>(),
            (true, 4) => attribute.Read<float>(),
            (true, _) => attribute.Read<double>(),
            (_, 1) => attribute.Read<byte>(),
            (_, 2) => attribute.Read<short>(),
            (_, 4) => attribute.Read<int>(),
            _ => attribute.Read<long>(),
        };
    }

    private static double[] Numbers(
        IH5DataType type,
        Func<Half[]> halves,
        Func<float[]> singles,
        Func<double[]> doubles,
        Func<double[]> whole
    ) =>
        type.Class != H5DataTypeClass.FloatingPoint
            ? whole()
            : type.Size switch
            {
                2 => Array.ConvertAll(halves(), value => (double)value),
                4 => Array.ConvertAll(singles(), value => (double)value),
                _ => doubles(),
            };
}
