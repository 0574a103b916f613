"""docs/pictures/tissue.jpg from a folder that tissue.sh filled: python3 tissue_picture.py OUT PICTURE."""

import pathlib
import sys

import numpy as np
from PIL import Image

PANELS = [("pen", "S0004"), ("blur+max-blur", "S0004"), ("dust", "S0006"), ("fat", "S0006"), ("pale", "S0006")]
SIDE = 224

out, picture = pathlib.Path(sys.argv[1]), sys.argv[2]
panels = []
for masks, name in PANELS:
    with Image.open(out / "cohorts" / masks.split("+")[0] / "slides" / f"{name}.tif") as slide:
        slide.seek(2)
        pixels = np.asarray(slide.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)).astype(float)
    tissue = np.asarray(Image.open(out / "masks" / masks / f"{name}.png").resize((SIDE, SIDE), Image.Resampling.NEAREST)) > 0
    shaded = np.where(tissue[..., None], pixels * 0.55 + np.array([46, 160, 67]) * 0.45, pixels)
    panels.append(np.vstack([pixels, shaded]))
Image.fromarray(np.hstack(panels).round().astype(np.uint8)).save(picture, quality=75)
