using System.Text.Json;
using Histonic.Slides;
using PureHDF;

namespace Histonic.Learning.Encoders.Keras;

/// <summary>The encoders that the papers' authors published: Keras 2 models in HDF5 (papers.md 1.2).</summary>
/// <remarks>
/// Read are chains of InputLayer, Conv2D without padding, LeakyReLU, BatchNormalization, Flatten, Dense and
/// GlobalAveragePooling2D, nested in Sequential or not. Any other layer is refused by its name.
/// </remarks>
public static class KerasEncoderFile
{
    /// <summary>Reads an encoder.</summary>
    /// <param name="path">The .h5 file.</param>
    /// <param name="patchSize">
    /// The side P of the patches it is for. When it is a multiple of the network's input (the published ones: 128 and 64), patches
    /// are averaged down in front, as the authors' add_downsample_to_encoder does. mean-RGB takes any.
    /// </param>
    /// <exception cref="InputException">The file is missing, damaged, not a Keras model, or its network is of another kind.</exception>
    public static EncoderWeights Read(string path, int patchSize = 128)
    {
        try
        {
            if (!File.Exists(path))
                throw new InputException(path, "there is no such file", "Check the path");
            Hdf5Length.Check(path, "Download or copy it again");
            using var file = H5File.OpenRead(path);
            if (!file.AttributeExists("model_config"))
            {
                throw new InputException(
                    path,
                    "is not a whole Keras model: it has no model_config",
                    "Save it with model.save(...), weights and architecture together"
                );
            }

            using var config = JsonDocument.Parse(file.Attribute("model_config").Read<string>());
            var reader = new Reader(new KerasWeights(file), patchSize);
            foreach (var layer in KerasLayer.Chain(config.RootElement))
                reader.Add(layer);
            return reader.Finish();
        }
        catch (Exception error) when (error is FormatException or JsonException or KeyNotFoundException)
        {
            throw new InputException(
                path,
                $"holds a network that cannot be imported: {error.Message}",
                "Only chains of convolution, LeakyReLU, batch normalisation and one dense layer can; for others, export ONNX from Keras and import that",
                error
            );
        }
        catch (Exception error) when (error is not HistonicException)
        {
            // PureHDF throws bare exceptions for whatever it cannot read
            throw new InputException(path, "is not a readable HDF5 file", "Write or download it again", error);
        }
    }

    /// <summary>Takes the layers in order; each must be one that may come now.</summary>
    private sealed class Reader(KerasWeights weights, int patchSize)
    {
        private readonly List<ConvolutionLayer> _convolutions = [];
        private int? _inputSide;
        private bool _activated = true; // whether the last convolution has its LeakyReLU
        private double? _slope;
        private bool _flat;
        private bool _mean;
        private DenseLayer? _dense;

        public void Add(KerasLayer layer)
        {
            if (_dense is not null || _mean)
                throw new FormatException($"layer {layer.Name} ({layer.Kind}) comes after the embedding");
            if (layer.Config.TryGetProperty("batch_input_shape", out var shape))
                SetInput(layer, shape);
            switch (layer.Kind)
            {
                case "InputLayer":
                    break;
                case "Conv2D" when !_flat && _activated:
                    AddConvolution(layer);
                    break;
                case "LeakyReLU" when !_activated:
                    AddActivation(layer);
                    break;
                case "BatchNormalization" when _activated && !_flat && _convolutions is [.., { Norm: null }]:
                    _convolutions[^1] = _convolutions[^1] with { Norm = Norm(layer) };
                    break;
                case "Flatten" when !_flat && _activated && _convolutions.Count > 0:
                    _flat = true;
                    break;
                case "Dense" when _flat:
                    layer.Expect("activation", "\"linear\"");
                    _dense = Dense(layer);
                    break;
                case "GlobalAveragePooling2D" when _convolutions.Count == 0:
                    _mean = true;
                    break;
                case "Conv2D"
                or "LeakyReLU"
                or "BatchNormalization"
                or "Flatten"
                or "Dense"
                or "GlobalAveragePooling2D":
                    throw new FormatException($"layer {layer.Name} ({layer.Kind}) stands where the papers' have none");
                default:
                    throw new FormatException($"layer {layer.Name} is a {layer.Kind}");
            }
        }

        public EncoderWeights Finish()
        {
            if (_mean)
                return EncoderWeights.MeanRgb(patchSize);
            if (_dense is null || _inputSide is not { } side)
                throw new FormatException("it has no input of known size, or no dense layer at its end");
            if (patchSize % side != 0)
                throw new FormatException($"its input of {side} pixels does not divide a patch of {patchSize}");
            try
            {
                return new EncoderWeights
                {
                    PatchSize = patchSize,
                    Pool = patchSize / side,
                    LeakySlope = _slope ?? 0,
                    Convolutions = _convolutions,
                    Dense = _dense is null ? [] : [_dense],
                }.Validated();
            }
            catch (InvalidOperationException error)
            {
                throw new FormatException(error.Message, error);
            }
        }

        private void SetInput(KerasLayer layer, JsonElement shape)
        {
            var sizes = shape
                .EnumerateArray()
                .Select(size => size.ValueKind == JsonValueKind.Null ? 0 : size.GetInt32());
            if (sizes.ToArray() is not [_, var height, var width, 3] || height != width)
                throw new FormatException($"layer {layer.Name} takes {shape.GetRawText()} instead of [null, P, P, 3]");
            if (height > 0)
                _inputSide = height;
        }

        private void AddConvolution(KerasLayer layer)
        {
            layer.Expect("padding", "\"valid\"");
            layer.Expect("data_format", "\"channels_last\"");
            layer.Expect("dilation_rate", "[1,1]");
            layer.Expect("activation", "\"linear\"");
            layer.Expect("groups", "1");
            var (filters, side) = (layer.Int("filters"), layer.Square("kernel_size"));
            var (kernel, shape) = weights.Read(layer, "kernel");
            if (shape is not [var height, var width, var inputs, var outputs] || height != side || width != side)
                throw new FormatException($"the kernel of layer {layer.Name} has the shape {string.Join('×', shape)}");
            if (outputs != filters)
                throw new FormatException($"layer {layer.Name} has {filters} filters and a kernel of {outputs}");
            _convolutions.Add(
                new ConvolutionLayer(
                    filters,
                    inputs,
                    side,
                    layer.Square("strides"),
                    Transposed(kernel, side * side * inputs, filters, side * side, inputs),
                    Bias(layer, filters),
                    Norm: null
                )
            );
            _activated = false;
        }

        private void AddActivation(KerasLayer layer)
        {
            var slope = Math.Round(layer.Number("alpha"), 7); // the file has float32's 0.20000000298
            if (_slope is { } known && known != slope)
                throw new FormatException($"layer {layer.Name} has the slope {slope}, those before have {known}");
            (_slope, _activated) = (slope, true);
        }

        private BatchNorm Norm(KerasLayer layer)
        {
            var axis = layer.Config.TryGetProperty("axis", out var value)
                ? value.ValueKind == JsonValueKind.Array
                    ? value[0].GetInt32()
                    : value.GetInt32()
                : -1;
            if (axis is not (-1 or 3))
                throw new FormatException($"layer {layer.Name} normalises axis {axis} instead of the channels");
            var mean = weights.Read(layer, "moving_mean").Values;
            float[] Optional(string flag, string name, float otherwise) =>
                layer.Config.TryGetProperty(flag, out var used) && !used.GetBoolean()
                    ? [.. Enumerable.Repeat(otherwise, mean.Length)]
                    : weights.Read(layer, name).Values;
            return new BatchNorm(
                Optional("scale", "gamma", 1),
                Optional("center", "beta", 0),
                mean,
                weights.Read(layer, "moving_variance").Values,
                layer.Number("epsilon")
            );
        }

        private DenseLayer Dense(KerasLayer layer)
        {
            var (kernel, shape) = weights.Read(layer, "kernel");
            var units = layer.Int("units");
            if (shape is not [var inputs, var outputs] || outputs != units)
                throw new FormatException($"the kernel of layer {layer.Name} has the shape {string.Join('×', shape)}");
            return new DenseLayer(Transposed(kernel, inputs, units, inputs, 1), Bias(layer, units));
        }

        private float[] Bias(KerasLayer layer, int count) =>
            layer.Config.TryGetProperty("use_bias", out var used) && !used.GetBoolean()
                ? new float[count]
                : weights.Read(layer, "bias").Values;

        /// <summary>From Keras's (pixels, inputs, outputs) to (outputs, inputs, pixels).</summary>
        private static float[] Transposed(float[] values, int rows, int outputs, int pixels, int inputs)
        {
            var result = new float[values.Length];
            for (var row = 0; row < rows; row++)
            {
                var (pixel, input) = (row / inputs, row % inputs);
                for (var output = 0; output < outputs; output++)
                    result[(((output * inputs) + input) * pixels) + pixel] = values[(row * outputs) + output];
            }

            return result;
        }
    }
}
