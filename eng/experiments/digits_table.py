"""The tables of docs/results/digits.md: digits_table.py OUT [--cells], OUT being that of digits.sh. Needs numpy and PIL."""
import csv, json, pathlib, sys

import numpy as np
from PIL import Image

out = pathlib.Path(sys.argv[1])
cells = out / "synthetic-digits" / "cells"
SIDE = 9  # pixels of a cell
RESAMPLES = 2000


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def runs():
    """Each predictor that is done: encoder's name, its seed, the encoder's file, the run's folder."""

    def depends(stage, name, on):
        told = json.loads((cells / stage / name / "cell.json").read_text())
        return told["Label"], next(word.split()[1] for word in told["Depends"] if word.startswith(on + " "))

    for folder in sorted((cells / "predictor").iterdir()):
        if not (folder / "cell.json").exists():
            continue
        label, features = depends("predictor", folder.name, "features")
        _, encoder = depends("features", features, "encoder")
        name, *rest = [word.strip() for word in label.split(",")]
        seed = next((word.split()[1] for word in rest if word.startswith("seed ")), "1")
        yield name, int(seed), cells / "encoder" / encoder / "encoder.onnx", folder


if sys.argv[2:] == ["--cells"]:
    for run in runs():
        print(*run)
    sys.exit()

truth = {row["slide"]: row for row in rows(out / "digits" / "truth.csv")}
size = Image.open(next((out / "digits" / "truth").iterdir())).size[0]
grid = size // SIDE
rng = np.random.default_rng(1)


def interval(values):
    """Mean of a column a seed, rows pictures, with the percentile interval over resampled pictures."""
    values = np.asarray(values, float)
    each = values.mean(1) if values.ndim == 2 else values
    if len(each) == 0:
        return "–"
    means = each[rng.integers(0, len(each), (RESAMPLES, len(each)))].mean(1)
    return f"{each.mean():.3f} ({np.quantile(means, 0.025):.3f} to {np.quantile(means, 0.975):.3f})"


def outcome(path):
    """Of each picture: predicted the label, the distractor."""
    return {
        row["slide"]: (row["prediction"] == truth[row["slide"]]["label"], row["prediction"] == truth[row["slide"]]["distractor"])
        for row in rows(path)
    }


found = {}
for name, seed, _, run in runs():
    found.setdefault(name, {})[seed] = (outcome(run / "predictions.csv"), outcome(out / "test" / f"{name}-{seed}.csv"))
order = [name for name in ["mean-rgb", "vae", "contrastive", "bigan", "supervised"] if name in found]


def columns(name, which, what, keep=lambda slide: True):
    seeds = [each[which] for _, each in sorted(found[name].items())]
    slides = sorted(slide for slide in seeds[0] if keep(slide))
    return np.array([[seed[slide][what] for seed in seeds] for slide in slides], float).reshape(len(slides), len(seeds))


def share(slide):
    """The visible part of the tilted rectangle, as a share of the picture."""
    return int(truth[slide]["area"]) / size**2


print("| encoder | accuracy, cross-validated | each seed | predicted the distractor | accuracy, test pictures |\n|---|---|---|---|---|")
for name in order:
    own = columns(name, 0, 0)
    print(
        f"| {name} | {interval(own)} | {', '.join(f'{mean:.3f}' for mean in own.mean(0))} "
        f"| {interval(columns(name, 0, 1))} | {interval(columns(name, 1, 0))} |"
    )

edges = [0, 0.02, 0.04, 0.06, 0.08, 0.10, 0.125]
print("\n| tilted rectangle, share of the picture | pictures | " + " | ".join(order) + " |\n|---" * 1 + "|---" * (1 + len(order)) + "|")
for low, high in zip(edges, edges[1:]):
    inside = lambda slide: low <= share(slide) < high
    count = len(columns(order[0], 0, 0, inside))
    print(f"| {low:.0%} to {high:.1%} | {count} | " + " | ".join(interval(columns(name, 0, 0, inside)) for name in order) + " |")

print("\n| encoder | minus | difference of accuracy, same pictures |\n|---|---|---|")
for i, name in enumerate(order):
    for other in order[:i]:
        print(f"| {name} | {other} | {interval(columns(name, 0, 0).mean(1) - columns(other, 0, 0).mean(1))} |")


# Grad-CAM on the test pictures
def in_cells(slide, value):
    mask = np.asarray(Image.open(out / "digits" / "truth" / f"{slide}.png")) == value
    return mask[: grid * SIDE, : grid * SIDE].reshape(grid, SIDE, grid, SIDE).mean((1, 3)) >= 0.5


def heat(path):
    values = np.zeros((grid, grid))
    for row in rows(path):
        values[int(row["row"]), int(row["column"])] = float(row["value"] or 0)
    return values


def smooth(values, sigma=1.0):
    taps = np.exp(-np.arange(-4, 5) ** 2 / (2 * sigma**2))
    taps /= taps.sum()
    for axis in (0, 1):
        padded = np.pad(values, [(4, 4) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        values = sum(tap * np.take(padded, np.arange(i, i + grid), axis) for i, tap in enumerate(taps))
    return values


def processed(values):
    """Smoothed and stretched to 0 to 1; what is kept by either threshold."""
    values = smooth(values)
    low, high = values.min(), values.max()
    values = (values - low) / (high - low) if high > low else values * 0
    return {"top quarter": values >= np.quantile(values, 0.75), "above half": values >= 0.5}, values


def jaccard(a, b):
    return (a & b).sum() / max(1, (a | b).sum())


tests = sorted(row["slide"] for row in rows(out / "digits" / "test.csv"))
lesions = {slide: in_cells(slide, 127) for slide in tests}
uprights = {slide: in_cells(slide, 255) for slide in tests}
print("\n| encoder | kept | Jaccard, tilted rectangle | the same maps on other pictures' | where the prediction is right | n | upright rectangle |")
print("|---|---|---|---|---|---|---|")
for name in order:
    maps = {
        seed: {slide: processed(heat(out / "maps" / f"{name}-{seed}" / f"{slide}.csv"))[0] for slide in tests} for seed in found[name]
    }
    for kept in ("top quarter", "above half"):
        own, chance, upright = ([[f(slide, maps[seed][slide][kept]) for seed in maps] for slide in tests] for f in (
            lambda slide, mask: jaccard(mask, lesions[slide]),
            lambda slide, mask: np.mean([jaccard(mask, lesions[other]) for other in tests if other != slide]),
            lambda slide, mask: jaccard(mask, uprights[slide]),
        ))
        right = [np.mean([own[i][j] for j, seed in enumerate(maps) if found[name][seed][1][slide][0]])
                 for i, slide in enumerate(tests) if any(found[name][seed][1][slide][0] for seed in maps)]
        print(f"| {name} | {kept} | {interval(own)} | {interval(chance)} | {interval(right)} | {len(right)} | {interval(upright)} |")

# pictures to look at: the test pictures with the largest tilted rectangles, with what Grad-CAM keeps of the last encoder
columns_shown = sorted(tests, key=lambda slide: -share(slide))[:4]
sheet = Image.new("RGB", (len(columns_shown) * (size + 6) - 6, 2 * size + 6), "white")
for i, slide in enumerate(columns_shown):
    picture = Image.open(out / "digits" / "test" / f"{slide}.tif").convert("RGB")
    mask = np.asarray(Image.open(out / "digits" / "truth" / f"{slide}.png"))
    edged = np.asarray(picture).copy()
    for value, colour in ((127, (255, 160, 0)), (255, (0, 160, 255))):
        inside = mask == value
        rim = inside & ~(np.roll(inside, 1, 0) & np.roll(inside, -1, 0) & np.roll(inside, 1, 1) & np.roll(inside, -1, 1))
        edged[rim] = colour
    _, values = processed(heat(out / "maps" / f"{order[-1]}-1" / f"{slide}.csv"))
    warm = np.kron(values, np.ones((SIDE, SIDE)))
    below = np.asarray(picture) * 0.35
    below[: grid * SIDE, : grid * SIDE, 0] += 255 * 0.65 * warm
    below[: grid * SIDE, : grid * SIDE, 1] += 120 * 0.65 * warm
    outlined = np.clip(below, 0, 255).astype(np.uint8)
    outlined[(edged != np.asarray(picture)).any(2)] = edged[(edged != np.asarray(picture)).any(2)]
    sheet.paste(Image.fromarray(edged), (i * (size + 6), 0))
    sheet.paste(Image.fromarray(outlined), (i * (size + 6), size + 6))
sheet.save(out / "pictures.png")
