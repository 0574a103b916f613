"""What the removal of pen takes from real H&E: python3 tissue_real.py DATA OUT [HISTONIC].

DATA: the folder that holds patches/. The patches of a class are shrunk to 4 um a pixel and laid out side by side on glass, as one picture;
`histonic tissue` looks for tissue in it with and without the removal of pen. None of these patches is known to hold pen.
"""

import csv
import pathlib
import random
import subprocess
import sys

import numpy as np
from PIL import Image

# class, pixels of a patch to one of 4 um (oral: photographs from microscopes, scale not told)
SETS = [
    *((f"tissue-colorectal/{name}", 8) for name in "adi lym muc mus norm str tum".split()),
    ("metastasis-lymph-node/normal", 16),
    ("metastasis-lymph-node/tumor", 16),
    ("mitosis-breast/normal", 16),
    ("carcinoma-breast/benign", 1),
    ("carcinoma-breast/idc", 1),
    ("carcinoma-oral/normal", 8),
    ("carcinoma-oral/oscc", 8),
]

data, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
histonic = sys.argv[3] if len(sys.argv) > 3 else "artifacts/bin/Histonic.Cli/release/histonic"
out.mkdir(parents=True, exist_ok=True)


def share(picture, *options):
    masks = out / "masks"
    command = [histonic, "tissue", picture, "--out", masks, "--mpp-override", "4", "--min-area", "0", "--max-hole", "0", "--quiet", *options]
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(masks / "tissue.csv") as file:
        return float(next(csv.DictReader(file))["tissue_mm2"])


print("class | patches | tissue, mm2 | taken for pen, %")
for name, step in SETS:
    files = sorted((data / "patches" / name).glob("*.jpg"))
    files = random.Random(1).sample(files, min(len(files), 400))
    patches = []
    for file in files:
        pixels = np.asarray(Image.open(file).convert("RGB")).astype(float)
        rows, columns = pixels.shape[0] // step, pixels.shape[1] // step
        pixels = pixels[: rows * step, : columns * step].reshape(rows, step, columns, step, 3)
        patches.append(pixels.mean((1, 3)).round().astype(np.uint8))
    side, across = patches[0].shape[0] + 8, int(np.ceil(np.sqrt(len(patches))))
    sheet = np.full((side * across, side * across, 3), 243, np.uint8)
    for i, patch in enumerate(patches):
        y, x = i // across * side + 4, i % across * side + 4
        sheet[y : y + patch.shape[0], x : x + patch.shape[1]] = patch[: side - 8, : side - 8]
    picture = out / f"{name.replace('/', '-')}.png"
    Image.fromarray(sheet).save(picture)
    kept, cleaned = share(picture, "--keep-pen"), share(picture)
    print(f"{name} | {len(patches)} | {kept:.2f} | {100 * (1 - cleaned / kept):.2f}")
