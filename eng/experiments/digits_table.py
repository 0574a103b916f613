"""The tables of digits.sh: digits_table.py OUT, OUT being that of digits.sh. Needs numpy and PIL.

--cells lists what there is. --picture only draws pictures.png. --known tells what an encoder's numbers hold where the lesion is known: linear
discriminants of the mean embedding within the true tilted rectangle, learnt from the training pictures; needs h5py and sklearn too.
"""
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
    """Each predictor that is done: encoder's name, its seed, the folders of the grids and of the run."""
    for folder in sorted((cells / "predictor").iterdir()):
        if not (folder / "cell.json").exists():
            continue
        told = json.loads((folder / "cell.json").read_text())
        features = next(word.split()[1] for word in told["Depends"] if word.startswith("features "))
        name, *rest = [word.strip() for word in told["Label"].split(",")]
        seed = next((word.split()[1] for word in rest if word.startswith("seed ")), "1")
        yield name, int(seed), cells / "features" / features, folder


if sys.argv[2:] == ["--cells"]:
    for run in runs():
        print(*run)
    sys.exit()

truth = {row["slide"]: row for row in rows(out / "digits" / "truth.csv")}
size = Image.open(next((out / "digits" / "truth").iterdir())).size[0]
grid = size // SIDE
rng = np.random.default_rng(1)


def share(slide):
    """The visible part of the tilted rectangle, as a share of the picture."""
    return int(truth[slide]["area"]) / size**2


everything = [row["slide"] for row in rows(out / "digits" / "test.csv")]


def draw(path, slides, warmth=None):
    """The pictures with the largest tilted rectangles, outlined (orange; the upright ones blue); beneath, what Grad-CAM kept, if given."""
    tests = sorted(slides, key=lambda slide: -share(slide))[:4]
    sheet = Image.new("RGB", (len(tests) * (size + 6) - 6, size if warmth is None else 2 * size + 6), "white")
    for i, slide in enumerate(tests):
        picture = np.asarray(Image.open(out / "digits" / "test" / f"{slide}.tif").convert("RGB"))
        mask = np.asarray(Image.open(out / "digits" / "truth" / f"{slide}.png"))
        rims = []
        for value, colour in ((127, (255, 160, 0)), (255, (0, 160, 255))):
            inside = mask == value
            within = np.roll(inside, 1, 0) & np.roll(inside, -1, 0) & np.roll(inside, 1, 1) & np.roll(inside, -1, 1)
            rims.append((inside & ~within, colour))
        layers = [picture]
        if warmth is not None:
            warm = picture * 0.35
            warm[: grid * SIDE, : grid * SIDE] += np.kron(warmth(slide), np.ones((SIDE, SIDE)))[..., None] * [166, 78, 0]
            layers.append(np.clip(warm, 0, 255).astype(np.uint8))
        for row, layer in enumerate(layers):
            layer = layer.copy()
            for rim, colour in rims:
                layer[rim] = colour
            sheet.paste(Image.fromarray(layer), (i * (size + 6), row * (size + 6)))
    sheet.save(path)


if sys.argv[2:] == ["--picture"]:
    draw(out / "pictures.png", everything)
    sys.exit()


def interval(values):
    """Mean of a column a seed, rows pictures, with the percentile interval over resampled pictures."""
    values = np.asarray(values, float)
    each = values.mean(1) if values.ndim == 2 else values
    if len(each) == 0:
        return "–"
    means = each[rng.integers(0, len(each), (RESAMPLES, len(each)))].mean(1)
    return f"{each.mean():.3f} ({np.quantile(means, 0.025):.3f} to {np.quantile(means, 0.975):.3f})"


def proportion(hits):
    """Mean of a column a seed, rows pictures, with Wilson's interval for as many pictures: too wide rather than too short where seeds differ."""
    hits = np.asarray(hits, float)
    n, z = len(hits), 1.959964
    if n == 0:
        return "–"
    p = hits.mean()
    middle, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{p:.3f} ({max(0, middle - half):.3f} to {min(1, middle + half):.3f})"


def outcome(path):
    """Of each picture: predicted the label, the distractor."""
    return {
        row["slide"]: (row["prediction"] == truth[row["slide"]]["label"], row["prediction"] == truth[row["slide"]]["distractor"])
        for row in rows(path)
    }


found = {}
for name, seed, _, run in runs():
    found.setdefault(name, {})[seed] = outcome(run / "predictions.csv")
order = [name for name in ["mean-rgb", "vae", "contrastive", "bigan", "supervised"] if name in found]


def columns(name, what, keep=lambda slide: True):
    seeds = [each for _, each in sorted(found[name].items())]
    slides = sorted(slide for slide in seeds[0] if keep(slide))
    return np.array([[seed[slide][what] for seed in seeds] for slide in slides], float).reshape(len(slides), len(seeds))


# Grad-CAM and --known: cells of pictures
def in_cells(slide, value):
    mask = np.asarray(Image.open(out / "digits" / "truth" / f"{slide}.png")) == value
    return mask[: grid * SIDE, : grid * SIDE].reshape(grid, SIDE, grid, SIDE).mean((1, 3)) >= 0.5


edges = [0, 0.02, 0.04, 0.06, 0.08, 0.10, 0.13]

if sys.argv[2:] == ["--known"]:
    import h5py
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    split = {row["slide"]: row["split"] for row in rows(out / "digits" / "split.csv")}
    held = {slide: in_cells(slide, 127).ravel() for slide in split}
    kept = {part: [slide for slide in split if split[slide] == part and held[slide].any()] for part in ("train", "test")}
    print("| encoder | lesion known | " + " | ".join(f"{low:.0%} to {high:.0%}" for low, high in zip(edges, edges[1:])) + " |")
    print("|---|---" + "|---" * (len(edges) - 1) + "|")
    for name, seed, features, _ in runs():

        def mean(slide):
            with h5py.File(features / f"{slide}.h5") as file:
                return file["features"][:].astype(float)[held[slide]].mean(0)

        means = {part: np.array([mean(slide) for slide in kept[part]]) for part in kept}
        labels = {part: [truth[slide]["label"] for slide in kept[part]] for part in kept}
        hits = LinearDiscriminantAnalysis().fit(means["train"], labels["train"]).predict(means["test"]) == labels["test"]
        areas = np.array([share(slide) for slide in kept["test"]])
        by_size = (proportion(hits[(areas >= low) & (areas < high)]) for low, high in zip(edges, edges[1:]))
        print(f"| {name} | {proportion(hits)} | " + " | ".join(by_size) + " |")
    sys.exit()

print("| encoder | accuracy | each seed | predicted the distractor |\n|---|---|---|---|")
for name in order:
    own = columns(name, 0)
    print(f"| {name} | {proportion(own)} | {', '.join(f'{mean:.3f}' for mean in own.mean(0))} | {proportion(columns(name, 1))} |")

print("\n| tilted rectangle, share of the picture | pictures | " + " | ".join(order) + " |\n|---|---" + "|---" * len(order) + "|")
for low, high in zip(edges, edges[1:]):
    inside = lambda slide: low <= share(slide) < high
    count = len(columns(order[0], 0, inside))
    print(f"| {low:.0%} to {high:.0%} | {count} | " + " | ".join(proportion(columns(name, 0, inside)) for name in order) + " |")

print("\n| encoder | minus | difference of accuracy, same pictures |\n|---|---|---|")
for i, name in enumerate(order):
    for other in order[:i]:
        print(f"| {name} | {other} | {interval(columns(name, 0).mean(1) - columns(other, 0).mean(1))} |")


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


tests = [slide for slide in everything if (out / "maps" / f"{order[0]}-1" / f"{slide}.csv").exists()]
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
        right = [np.mean([own[i][j] for j, seed in enumerate(maps) if found[name][seed][slide][0]])
                 for i, slide in enumerate(tests) if any(found[name][seed][slide][0] for seed in maps)]
        print(f"| {name} | {kept} | {interval(own)} | {interval(chance)} | {interval(right)} | {len(right)} | {interval(upright)} |")

draw(out / "pictures.png", tests, lambda slide: processed(heat(out / "maps" / f"{order[-1]}-1" / f"{slide}.csv"))[1])
