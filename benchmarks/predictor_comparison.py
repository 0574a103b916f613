"""Training the slide network beside the same network in Debian's PyTorch, on the same grids, in the same run.

usage: /usr/bin/python3 benchmarks/predictor_comparison.py [ROUNDS | --whole]
--whole: instead, a whole 4-fold cross-validation of 400 slides, every cell of them tissue, with reading, tests and report.
Needs Debian's python3-torch and python3-h5py, and the program built (dotnet build -c Release). Makes 120 compressed slides of
64 x 64 cells x 128 channels once, in the folder for temporary files. Prints slides a second (forward, backward and step, with
the drawing of crops; of ours also the validation after each epoch, which PyTorch is spared), their ratio, and the peak memory.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import h5py
import numpy
import torch
from torch import nn

SLIDES, SIDE, CHANNELS, CROP, BATCH = 120, 64, 128, 64, 16
HISTONIC = pathlib.Path(__file__).parent.parent / "artifacts/bin/Histonic.Cli/release/histonic"
FOLDER = pathlib.Path(tempfile.gettempdir()) / "histonic-predictor-benchmark"


def run(*words):
    start = time.perf_counter()
    process = subprocess.Popen([str(HISTONIC), *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(errors.decode())
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def make(folder=FOLDER, slides=SLIDES, full=False):
    if (folder / "features" / f"s{slides - 1:03d}.h5").exists():
        return
    (folder / "npy").mkdir(parents=True, exist_ok=True)
    random = numpy.random.RandomState(1)
    y, x = numpy.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2
    lines = ["slide,patient,grade"]
    for i in range(slides):
        grid = random.randn(CHANNELS, SIDE, SIDE).astype(numpy.float16)
        if not full:
            grid[:, (y / (20 + 11 * random.rand())) ** 2 + (x / (20 + 11 * random.rand())) ** 2 >= 1] = 0
        numpy.save(folder / "npy" / f"s{i:03d}.npy", grid)
        lines.append(f"s{i:03d},p{i:03d},{'high' if i % 2 else 'low'}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    known = ["--mpp-override", "0.5", "--mpp", "0.5", "--patch-size", "128", "--stride", "128", "--encoder-name", "noise"]
    run("convert", str(folder / "npy"), "--to", "histonic", *known, "--out", str(folder / "features"))


class Separable(nn.Sequential):
    def __init__(self, stride):
        super().__init__(
            nn.Conv2d(128, 128, 3, stride=stride, groups=128, bias=False),
            nn.Conv2d(128, 128, 1),
            nn.BatchNorm2d(128, eps=1e-3),
            nn.LeakyReLU(0.3),
            nn.Dropout2d(0.2),
        )


def theirs(epochs):
    """The papers' network at the crop that fits 64 x 64: strides 2, 2, 2, 1, 1, 1 (histonic's CnnPlan.For(64))."""
    torch.manual_seed(1)
    random = numpy.random.RandomState(2)
    grids = []
    for i in range(SLIDES // 2):  # two of four folds train
        with h5py.File(FOLDER / "features" / f"s{i:03d}.h5") as file:
            grid = numpy.zeros((CHANNELS, SIDE, SIDE), numpy.float32)
            rows, columns = file["grid"][:].T
            grid[:, rows, columns] = file["features"][:].T
            grids.append(grid)
    labels = numpy.arange(len(grids)) % 2
    network = nn.Sequential(
        *[Separable(stride) for stride in (2, 2, 2, 1, 1, 1)],
        nn.Flatten(),
        nn.Linear(128, 128),
        nn.BatchNorm1d(128, eps=1e-3),
        nn.LeakyReLU(0.3),
        nn.Linear(128, 2),
    )
    adam = torch.optim.Adam(network.parameters(), lr=1e-2)
    off = (CROP - SIDE) // 2
    start, seen = None, 0
    for epoch in range(epochs + 1):
        if epoch == 1:  # the first one warms up
            start, seen = time.perf_counter(), 0
        order = random.permutation(len(grids))
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            x = numpy.zeros((len(batch), CHANNELS, CROP, CROP), numpy.float32)
            for place, i in enumerate(batch):
                grid = numpy.rot90(grids[i], random.randint(4), (1, 2))
                x[place, :, off : off + SIDE, off : off + SIDE] = grid[:, :, ::-1] if random.randint(2) else grid
            adam.zero_grad()
            loss = nn.functional.cross_entropy(network(torch.from_numpy(x)), torch.from_numpy(labels[batch]))
            loss.backward()
            adam.step()
            seen += len(batch)
    return seen / (time.perf_counter() - start)


def words_for(folder):
    words = ["train", "--features", str(folder / "features"), "--labels", str(folder / "labels.csv"), "--task"]
    return [*words, "classification", "--target", "grade", "--quiet"]


def whole():
    folder = FOLDER / "whole"
    make(folder, 400, full=True)
    with tempfile.TemporaryDirectory() as out:
        seconds, peak = run(*words_for(folder), "--out", f"{out}/run")
    print(f"400 slides of {SIDE} x {SIDE} x {CHANNELS}, 4 folds: {seconds:.0f} s, {peak:.0f} MB")


def ours(few, many):
    words = words_for(FOLDER)
    times, peak = [], 0
    for epochs in (few, many):
        with tempfile.TemporaryDirectory() as out:
            seconds, memory = run(*words, "--epochs", str(epochs), "--out", f"{out}/run")
        times.append(seconds)
        peak = max(peak, memory)
    # what does not grow with the epochs (reading, tests, report) falls out of the difference
    return 4 * SLIDES // 2 * (many - few) / (times[1] - times[0]), peak


if __name__ == "__main__":
    if "--whole" in sys.argv:
        sys.exit(whole())
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    make()
    torch.set_num_threads(os.cpu_count())
    rows = []
    for number in range(rounds):
        other = theirs(4)
        rate, peak = ours(2, 8)
        rows.append((rate, other, peak))
        print(f"round {number + 1}: histonic {rate:.1f} slides/s, PyTorch {torch.__version__} {other:.1f}; {rate / other:.2f} x", flush=True)
    ratio = statistics.median(rate / other for rate, other, _ in rows)
    print(f"median ratio {ratio:.2f}; peak memory of histonic {max(peak for *_, peak in rows):.0f} MB")
