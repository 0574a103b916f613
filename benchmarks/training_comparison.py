"""Multitask training of the published encoder, from files to weights, against the same network in Debian's PyTorch, in turns.

usage: /usr/bin/python3 benchmarks/training_comparison.py [ROUNDS]     (needs python3-torch and a Release build)

Histonic reads, augments and trains on synthetic patches of four tasks (made first); PyTorch gets its patches ready-made and augments
nothing. Printed: patches a second of every round, medians, their ratio, and the peak memory of the training program.
"""
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = Path(__file__).parent.parent / "artifacts/bin/Histonic.Cli/release/histonic"
TASKS = ("mitosis", "tumour", "epithelium", "tissue")
PATCHES = 12_800  # of a round
THREADS = os.cpu_count()


def pytorch(batch, steps):
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    layers, inputs = [nn.AvgPool2d(2)], 3
    for _ in range(4):
        layers += [nn.Conv2d(inputs, 128, 3, 2), nn.LeakyReLU(0.2), nn.BatchNorm2d(128, 1e-3, 0.2)]
        inputs = 128
    trunk = nn.Sequential(*layers, nn.Flatten(), nn.Linear(1152, 128))
    heads = nn.ModuleList(
        nn.Sequential(nn.Linear(128, 256), nn.BatchNorm1d(256, 1e-3, 0.2), nn.LeakyReLU(0.2), nn.Linear(256, 2))
        for _ in TASKS
    )
    adam = torch.optim.Adam([*trunk.parameters(), *heads.parameters()], 1e-3)
    patches = torch.rand(batch, 3, 128, 128) * 2 - 1
    labels = torch.arange(batch) % 2
    loss_of = nn.CrossEntropyLoss()

    def step():
        adam.zero_grad()
        parts = trunk(patches).chunk(len(TASKS))
        losses = [loss_of(head(x), y) for head, x, y in zip(heads, parts, labels.chunk(len(TASKS)))]
        (sum(losses) / len(TASKS)).backward()
        adam.step()

    for _ in range(3):
        step()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    print(steps * batch / (time.perf_counter() - start))


def histonic(data, batch):
    run = data / "run"
    shutil.rmtree(run, ignore_errors=True)
    steps = str(PATCHES // batch)
    tasks = [word for task in TASKS for word in ("--task", f"{task}={data / 'patches' / task}@0.5")]
    subprocess.run(
        [PROGRAM, "encoder", "train", *tasks, "--batch", str(batch), "--steps-per-epoch", steps, "--max-steps", steps,
         "--out", run, "--quiet"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    metrics = json.loads((run / "metrics.json").read_text())
    return metrics["patches_per_second"], metrics["waited_share"]


def main(rounds):
    data = Path(tempfile.gettempdir()) / "histonic-training-benchmark"
    if not (data / "patches" / "patches.json").exists():
        subprocess.run([PROGRAM, "synth", "patches", "--per-class", "200", "--out", data / "patches", "--quiet"], check=True)
    for batch in (64, 256):
        ours, theirs = [], []
        for turn in range(rounds):
            rate, waited = histonic(data, batch)
            ours.append(rate)
            printed = subprocess.run(
                [sys.executable, __file__, "pytorch", str(batch), str(PATCHES // 4 // batch)],
                check=True, capture_output=True, text=True,
            ).stdout
            theirs.append(float(printed))
            print(f"batch {batch}, round {turn + 1}: histonic {rate:.0f} (waited {waited:.1%}), PyTorch {theirs[-1]:.0f} patches/s", flush=True)
        a, b = statistics.median(ours), statistics.median(theirs)
        print(f"batch {batch}: histonic {a:.0f}, PyTorch {b:.0f} patches/s, ratio {a / b:.2f} (medians of {rounds})", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"largest peak memory of a program: {peak} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["pytorch"]:
        pytorch(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
