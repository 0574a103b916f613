"""What 8 bits cost a published encoder, layer by layer, and what they would gain: docs/results/benchmarks.md.

usage: /usr/bin/python3 eng/experiments/int8_layers.py DATA [--speed]
DATA: the folder with nic-reference, slides and patches (../shared/data). Needs Debian's python3-torch, python3-h5py,
python3-openslide and python3-pil. --speed also times networks of that shape in ONNX Runtime: python3-onnx and a Release
build of benchmarks/Histonic.Benchmarks.

Activations are rounded to 8 bits, one scale a tensor, weights to 8 bits, one scale a filter; ranges come from
eng/experiments/int8_calibration.jpg. "equalised": channels divided by the root of their size (Nagel et al., ICCV 2019). "corrected": biases
moved by the mean error over the calibration. "least squares": weights rounded one by one, each error spread over the rest
(Frantar et al., ICLR 2023). "float sums": what a convolution makes is not rounded before its activation.
"""
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy
import openslide
import torch
import torch.nn.functional as F
from PIL import Image

ROOT = pathlib.Path(__file__).parent.parent.parent
LAYERS = 5  # four convolutions and a dense layer, as a convolution of 3 x 3


def weights(path):
    """Kernels and biases, every batch normalisation folded into the layer after it."""
    found = {}
    with h5py.File(path) as file:
        model = file["model_weights"] if "model_weights" in file else file
        text = lambda name: name.decode() if isinstance(name, bytes) else name
        for group in (model[text(name)] for name in model.attrs["layer_names"]):  # in the network's order
            for name in map(text, group.attrs["weight_names"]):
                found.setdefault(name.split("/")[-1].split(":")[0], []).append(torch.tensor(group[name][()]).double())
    kernels = [k.permute(3, 2, 0, 1) for k in found["kernel"] if k.ndim == 4]
    kernels += [k.reshape(3, 3, 128, 128).permute(3, 2, 0, 1) for k in found["kernel"] if k.ndim == 2]
    biases = found["bias"]
    scales = [g / (v + 1e-3).sqrt() for g, v in zip(found["gamma"], found["moving_variance"])]
    shifts = [b - m * s for b, m, s in zip(found["beta"], found["moving_mean"], scales)]
    for i in range(1, LAYERS):
        biases[i] = biases[i] + (kernels[i] * shifts[i - 1][None, :, None, None]).sum((1, 2, 3))
        kernels[i] = kernels[i] * scales[i - 1][None, :, None, None]
    return [k.float() for k in kernels], [b.float() for b in biases]


def layer(i, x, kernel):
    return F.conv2d(x, kernel, stride=2 if i < LAYERS - 1 else 1)


def activate(i, x):
    return F.leaky_relu(x, 0.2) if i < LAYERS - 1 else x


def planes(picture):
    return torch.tensor(numpy.asarray(picture.convert("RGB"))).float().permute(2, 0, 1) / 127.5 - 1


def rounding(values):
    low, high = min(values.min().item(), 0), max(values.max().item(), 0)
    scale = (high - low) / 255
    zero = round(-low / scale)
    return lambda x: ((x / scale).round() + zero).clamp(0, 255).sub(zero).mul(scale)


def least_squares(rows, inputs):
    """Rounds each row of weights so that its products with the inputs (weights x samples) stay."""
    moments = (inputs @ inputs.T).double() / inputs.shape[1]
    moments += torch.eye(len(moments)).double() * moments.diagonal().mean() * 0.01
    root = torch.linalg.cholesky(torch.linalg.inv(moments), upper=True)
    rest, scale = rows.double().clone(), rows.double().abs().amax(1) / 127
    result = torch.zeros_like(rest)
    for j in range(rest.shape[1]):
        result[:, j] = (rest[:, j] / scale).round().clamp(-127, 127) * scale
        error = (rest[:, j] - result[:, j]) / root[j, j]
        rest[:, j + 1:] -= error[:, None] * root[j, j + 1:][None]
    return result.float()


def nearest(rows):
    scale = rows.abs().amax(1, keepdim=True) / 127
    return (rows / scale).round().clamp(-127, 127) * scale


def network(kernels, biases, calibration, layers, equalise=True, correct=True, squares=False, float_sums=False):
    """The encoder with some layers in 8 bits, as a function."""
    kernels, biases = list(kernels), list(biases)
    if equalise:
        x = calibration
        for i in range(LAYERS - 1):
            x = activate(i, layer(i, x, kernels[i]) + biases[i][None, :, None, None])
            factors = x.abs().amax((0, 2, 3)).clamp_min(1e-6).sqrt()
            kernels[i], biases[i] = kernels[i] / factors[:, None, None, None], biases[i] / factors
            kernels[i + 1] = kernels[i + 1] * factors[None, :, None, None]
            x = x / factors[None, :, None, None]
    exact = rounded = calibration
    steps = []
    for i in range(LAYERS):
        sums = layer(i, exact, kernels[i]) + biases[i][None, :, None, None]
        before = after = lambda x: x
        kernel = kernels[i]
        if i in layers:
            before = rounding(exact if i else torch.tensor([-1.0, 1.0]))
            rows = kernel.reshape(len(kernel), -1)
            if squares:
                inputs = F.unfold(before(rounded), 3, stride=2 if i < LAYERS - 1 else 1).permute(1, 0, 2).reshape(rows.shape[1], -1)
                chosen = torch.randperm(inputs.shape[1], generator=torch.Generator().manual_seed(1))[:8000]
                rows = least_squares(rows, inputs[:, chosen])
            else:
                rows = nearest(rows)
            kernel = rows.reshape(kernel.shape)
            if i < LAYERS - 1 and not float_sums:
                after = rounding(sums)
        made = layer(i, before(rounded), kernel)
        bias = ((sums - made).mean((0, 2, 3)) if correct else biases[i])[None, :, None, None]
        steps.append((before, kernel, bias, after))
        exact, rounded = activate(i, sums), activate(i, after(made + bias))

    def run(x):
        for i, (before, kernel, bias, after) in enumerate(steps):
            x = activate(i, after(layer(i, before(x), kernel) + bias))
        return x.flatten(1)

    return run


def speed():
    """Patches a second of networks of that shape: float32, the second convolution in 8 bits, and that with float sums."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = numpy.random.RandomState(0)
    benchmarks = ROOT / "artifacts/bin/Histonic.Benchmarks/release/Histonic.Benchmarks"
    folder = pathlib.Path(tempfile.mkdtemp())
    for kind in ("float32", "8 bits", "8 bits, float sums"):
        nodes, constants = [], []

        def constant(name, value):
            constants.append(numpy_helper.from_array(numpy.asarray(value), name))
            return name

        def add(operation, inputs, output, **attributes):
            nodes.append(helper.make_node(operation, inputs, [output], **attributes))
            return output

        last = "x"
        for i in range(1, 5):
            inputs = 3 if i == 1 else 128
            shape = {"kernel_shape": [3, 3], "strides": [2, 2]}
            if i != 2 or kind == "float32":
                kernel = constant(f"w{i}", random.randn(128, inputs, 3, 3).astype("f4") * 0.05)
                last = add("Conv", [last, kernel, constant(f"b{i}", random.randn(128).astype("f4"))], f"c{i}", **shape)
            else:
                into, kernel = ["s", "z"], constant("w", random.randint(-127, 127, (128, 128, 3, 3)).astype("i1"))
                constant("s", numpy.float32(0.05)), constant("z", numpy.uint8(40))
                last = add("QuantizeLinear", [last, *into], "q")
                if kind == "8 bits":
                    last = add("DequantizeLinear", [last, *into], "d")
                    kernel = add("DequantizeLinear", [kernel, constant("ws", numpy.full(128, 1e-3, "f4")), constant("wz", numpy.zeros(128, "i1"))], "wd", axis=0)
                    bias = add("DequantizeLinear", [constant("b", numpy.zeros(128, "i4")), constant("bs", numpy.full(128, 5e-5, "f4")), constant("bz", numpy.zeros(128, "i4"))], "bd", axis=0)
                    last = add("Conv", [last, kernel, bias], "p", **shape)
                    out = [constant("s2", numpy.float32(0.05)), constant("z2", numpy.uint8(128))]
                    last = add("DequantizeLinear", [add("QuantizeLinear", [last, *out], "q2"), *out], "c2")
                else:
                    last = add("ConvInteger", [last, kernel, "z", constant("wz", numpy.int8(0))], "i", **shape)
                    last = add("Mul", [add("Cast", [last], "f", to=TensorProto.FLOAT), constant("m", numpy.full((1, 128, 1, 1), 1e-4, "f4"))], "m2")
                    last = add("Add", [last, constant("a", numpy.full((1, 128, 1, 1), 0.1, "f4"))], "c2")
            last = add("LeakyRelu", [last], f"a{i}", alpha=0.2)
        add("Gemm", [add("Flatten", [last], "flat"), constant("dense", random.randn(128, 1152).astype("f4")), constant("bias", numpy.zeros(128, "f4"))], "embedding", transB=1)
        value = lambda name, *sides: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *sides])
        graph = helper.make_graph(nodes, "g", [value("x", 3, 64, 64)], [value("embedding", 128)], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 8
        onnx.save(model, str(folder / f"{kind}.onnx"))
    for _ in range(3):
        for path in sorted(folder.glob("*.onnx"), reverse=True):
            subprocess.run([benchmarks, "encode", path, "64", "4", folder / "rate"], check=True)
            print(f"{path.stem}: {(folder / 'rate').read_text().strip()} patches/s", flush=True)


def main():
    data = pathlib.Path(sys.argv[1])
    torch.set_num_threads(2)
    kernels, biases = weights(data / "nic-reference/encoder_multitask-4.h5")
    sheet = numpy.asarray(Image.open(ROOT / "eng/experiments/int8_calibration.jpg").convert("RGB"))
    calibration = torch.stack([
        planes(Image.fromarray(sheet[y:y + 64, x:x + 64]))
        for y in range(0, sheet.shape[0] - 63, 64) for x in range(0, sheet.shape[1] - 63, 64)])
    slide = openslide.OpenSlide(str(data / "slides/CMU-1-Small-Region.svs"))
    cmu = torch.stack([
        F.avg_pool2d(planes(slide.read_region((n % 17 * 128, n // 17 * 128), 0, (128, 128)))[None], 2)[0]
        for n in range(0, 391, 3)])
    files = sorted(file for file in (data / "patches/carcinoma-breast").rglob("*") if file.suffix in (".png", ".jpg"))
    chosen = numpy.random.RandomState(0).choice(len(files), 200, replace=False)
    sets = {"CMU-1": cmu, "carcinoma": torch.stack([planes(Image.open(files[n]).resize((64, 64))) for n in chosen])}

    float32 = network(kernels, biases, calibration, (), equalise=False, correct=False)
    reference = F.avg_pool2d(planes(Image.open(data / "nic-reference/example_128.jpg"))[None], 2)
    print("first of the reference embedding (-0.0153 -0.2387 1.2070 -0.3571):", float32(reference)[0, :4])
    wanted = {name: float32(patches) for name, patches in sets.items()}
    for name, options in {
        "all layers": dict(layers=range(LAYERS), equalise=False, correct=False),
        "all layers, equalised, corrected": dict(layers=range(LAYERS)),
        "all layers, equalised, corrected, least squares": dict(layers=range(LAYERS), squares=True),
        "second convolution, equalised, corrected": dict(layers=(1,)),
        "second convolution, equalised, corrected, float sums": dict(layers=(1,), float_sums=True),
    }.items():
        run = network(kernels, biases, calibration, **options)
        cosines = [F.cosine_similarity(run(patches), wanted[of]).mean().item() for of, patches in sets.items()]
        print(f"{name}: mean cosine {', '.join(f'{one:.4f} ({of})' for of, one in zip(sets, cosines))}", flush=True)
    if "--speed" in sys.argv:
        speed()


if __name__ == "__main__":
    main()
