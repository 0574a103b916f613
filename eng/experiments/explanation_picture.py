"""docs/pictures/explanation.jpg from a folder that explanation.sh filled: python3 explanation_picture.py OUT PICTURE.

The slide with its front (truth), and over it the maps that `explain --slides` drew into OUT/pictures/METHOD:
  histonic explain --run OUT/runs/pattern-cnn --features OUT/test/features --slides OUT/test/slides --slide S0003 --method METHOD --thumbnail 420 --out OUT/pictures/METHOD
(attention: pattern-abmil).
"""

import pathlib
import sys

import numpy as np
from PIL import Image

SLIDE, SIDE = "S0003", 420

out, picture = pathlib.Path(sys.argv[1]), sys.argv[2]
maps = [
    np.asarray(Image.open(out / "pictures" / method / f"{SLIDE}.png").convert("RGB"))
    for method in ("grad-cam", "occlusion", "attention")
]
with Image.open(out / "test" / "slides" / f"{SLIDE}.tif") as slide:
    slide.seek(2)
    pixels = np.asarray(slide.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)).astype(float)
truth = Image.open(out / "test" / "truth" / "regions" / f"{SLIDE}.png").resize((SIDE, SIDE), Image.Resampling.NEAREST)
front = np.asarray(truth) == 1
panel = np.full_like(maps[0], 255)
panel[:SIDE] = np.where(front[..., None], pixels * 0.55 + np.array([46, 160, 67]) * 0.45, pixels).round()
Image.fromarray(np.hstack([panel, *maps])).save(picture, quality=80)
