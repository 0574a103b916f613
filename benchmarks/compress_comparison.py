"""compress beside openslide-python + PyTorch and beside ONNX Runtime alone, on the same slide in the same run.

usage: /usr/bin/python3 benchmarks/compress_comparison.py ENCODER.h5 [ROUNDS] [--peer FILE] [--large]
ENCODER.h5: a Keras encoder of the papers' architecture, which both sides read (nic-reference/encoder_multitask-4.h5).
--peer: the other pipeline (SLIDE ENCODER.h5 OUT.h5); --large: also a slide of 100,000 x 100,000 px (2 GB), for the memory.
Needs Release builds of src/Histonic.Cli and benchmarks/Histonic.Benchmarks; the peer needs Debian's python3-torch, python3-openslide, python3-h5py.

Rates count the patches that were embedded. Every figure is the median over rounds; turns are taken within a round.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "artifacts/bin/Histonic.Cli/release/histonic"
BENCHMARKS = ROOT / "artifacts/bin/Histonic.Benchmarks/release/Histonic.Benchmarks"
DATA = Path(tempfile.gettempdir()) / "histonic-compress-benchmark"


def slide(side, *options):
    path = DATA / f"slide-{side}{''.join(options)}.tif"
    if not path.exists():
        DATA.mkdir(exist_ok=True)
        part = path.with_suffix(".part.tif")
        subprocess.run([BENCHMARKS, "slide", str(side), part, *options], check=True)
        part.rename(path)
    return path


def run(command):
    """Seconds and peak memory in MB of a program."""
    start = time.perf_counter()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def compress(path, encoder, *options):
    out = DATA / "out"
    shutil.rmtree(out, ignore_errors=True)
    seconds, peak = run([PROGRAM, "compress", path, "--encoder", encoder, "--out", out, "--quiet", *options])
    with h5py.File(out / f"{path.stem}.h5") as file:
        return seconds, peak, file["features"].shape[0], [
            str(file.attrs["pixels"]), f"cosine {file.attrs['path_cosine']:.5f}"]


def encoder_only(onnx):
    subprocess.run([BENCHMARKS, "encode", onnx, "128", "5", DATA / "rate.txt"], check=True)
    return float((DATA / "rate.txt").read_text())


def main():
    words = sys.argv[1:]
    large = "--large" in words
    peer = Path(words[words.index("--peer") + 1]) if "--peer" in words else None
    keras = Path(words[0])
    rounds = int(words[1]) if len(words) > 1 and words[1].isdigit() else 3
    path = slide(20_480)
    onnx = DATA / "same.onnx"
    subprocess.run([PROGRAM, "encoder", "import", keras, "--out", onnx, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    cases = {
        "default encoder": ("histonic-he", ()),
        "default encoder, --exact": ("histonic-he", ("--exact",)),
        "same encoder": (onnx, ()),
        "same encoder, --exact": (onnx, ("--exact",)),
        "default encoder, 8 symmetries": ("histonic-he", ("--symmetries", "8")),
        "default encoder, 8 symmetries, --exact": ("histonic-he", ("--symmetries", "8", "--exact")),
    }
    rates = {name: [] for name in cases}
    alone, theirs, notes = [], [], {}
    for turn in range(rounds):
        alone.append(encoder_only(ROOT / "models/histonic-he.onnx"))
        if peer:
            seconds, _ = run(["/usr/bin/python3", peer, path, keras, DATA / "peer.h5"])
            with h5py.File(DATA / "peer.h5") as file:
                theirs.append((file["features"].shape[0] / seconds, seconds))
            print(f"round {turn + 1}: peer {theirs[-1][0]:.0f} patches/s, {seconds:.1f} s the slide", flush=True)
        for name, (encoder, options) in cases.items():
            if "symmetries" in name and turn > 0:
                continue
            seconds, peak, patches, how = compress(path, encoder, *options)
            rates[name].append((patches / seconds, seconds, peak, patches))
            notes[name] = ", ".join(how)
            print(f"round {turn + 1}: {name}: {patches} patches, {seconds:.1f} s, {peak:.0f} MB ({notes[name]})", flush=True)
    only = statistics.median(alone)
    print(f"ONNX Runtime alone, float32, {os.cpu_count()} threads: {only:.0f} patches/s ({', '.join(f'{r:.0f}' for r in alone)})")
    for name, all_of in rates.items():
        rate = statistics.median(one[0] for one in all_of)
        line = f"{name}: {rate:.0f} patches/s with start and tissue search ({notes[name]}); {rate / only:.2f} of ONNX Runtime alone"
        if "symmetries" in name:
            line = f"{name}: {only / rate:.2f} x the time of ONNX Runtime alone for one"
        elif theirs:
            other = statistics.median(one[0] for one in theirs)
            times = statistics.median(one[1] for one in theirs) / statistics.median(one[1] for one in all_of)
            line += f"; {rate / other:.2f} x the peer's rate, {times:.2f} x as fast for the slide"
        print(line)
    if large:
        peaks = {}
        for side in (10_000, 100_000):
            seconds, peaks[side], patches, _ = compress(slide(side), "histonic-he")
            print(f"{side} x {side} px: {patches} patches, {seconds:.0f} s, {patches / seconds:.0f} patches/s, peak {peaks[side]:.0f} MB", flush=True)
        print(f"memory of 100,000 against 10,000: {peaks[100_000] / peaks[10_000]:.3f}")
    seconds = min(run([PROGRAM, "compress", path, "--encoder", "histonic-he", "--out", DATA / "out", "--exact", "--symmetries", "8", "--quiet"])[0] for _ in range(5))
    print(f"start to end when there is nothing to do: {seconds:.2f} s")


if __name__ == "__main__":
    main()
