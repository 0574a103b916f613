"""Dice of tissue masks against the truth of synthetic slides: python3 tissue_dice.py OUT, a folder that tissue.sh filled.

The truth has pixels of 8 um; a mask with finer ones is brought to them: what is at least half tissue is tissue.
Truth: every class but background; under pen nothing is tissue; fat is not; blurred tissue is, but with --max-blur it is not.
"""

import csv
import pathlib
import sys

import numpy as np
from PIL import Image

PEN, FAT, BLUR = 1 | 2 | 4 | 8, 32, 64


def dice(mask, truth):
    both = mask.sum() + truth.sum()
    return 2 * (mask & truth).sum() / both if both else 1.0


def picture(path):
    return np.asarray(Image.open(path))


def coarser(mask, shape):
    finer = mask.shape[0] // shape[0]
    if mask.shape != (shape[0] * finer, shape[1] * finer):
        raise SystemExit(f"a mask of {mask.shape} pixels does not divide into a truth of {shape}")
    return mask.reshape(shape[0], finer, shape[1], finer).mean((1, 3)) >= 0.5


out = pathlib.Path(sys.argv[1])
rows = []
for masks in sorted((out / "masks").iterdir()):
    case, _, option = masks.name.partition("+")
    cohort = out / "cohorts" / case
    scores = []
    for file in sorted(masks.glob("S*.png")):
        truth = picture(cohort / "truth" / file.name) > 0
        spoilt = cohort / "truth" / "artefacts" / file.name
        bits = picture(spoilt) if spoilt.exists() else np.zeros(truth.shape, np.uint8)
        truth &= (bits & (PEN | FAT)) == 0
        if option == "max-blur":
            truth &= (bits & BLUR) == 0
        scores.append(dice(coarser(picture(file) > 0, truth.shape), truth))
        rows.append((case, option, file.stem, f"{scores[-1]:.4f}"))
    worst = int(np.argmin(scores))
    print(f"{masks.name:28} n {len(scores):3}  median {np.median(scores):.3f}  worst {min(scores):.3f} ({sorted(masks.glob('S*.png'))[worst].stem})")
with open(out / "dice.csv", "w", newline="") as file:
    csv.writer(file).writerows([("artefact", "option", "slide", "dice"), *rows])
