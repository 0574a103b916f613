"""Prints the tables of docs/results/explanation.md from the folder that explanation.sh filled.

Usage: python3 explanation_table.py OUT (needs NumPy)
"""

import csv
import pathlib
import sys

import numpy as np

out = pathlib.Path(sys.argv[1])


def read(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


rows = read(out / "overlap.csv")
found = {(row["target_and_method"], row["measure"], row["map"]): row for row in rows}
targets = ["pattern", "proliferation", "survival"]
methods = [
    ("grad-cam-1", "cnn: Grad-CAM, first convolution"),
    ("grad-cam-2", "cnn: Grad-CAM, second convolution"),
    ("occlusion", "cnn: occlusion"),
    ("attention", "abmil: attention"),
    ("occlusion-abmil", "abmil: occlusion"),
]


def words(target, method, measure, name):
    row = found.get((f"{target}-{method}", measure, name))
    if row is None:
        return "–"
    value, low, high = (float(row[one]) for one in ("value", "low", "high"))
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def table(title, measure, maps):
    print(f"\n{title}\n")
    print("| map | " + " | ".join(targets) + " |\n|---|---|---|---|")
    for method, label in methods:
        for name, suffix in maps:
            if any((f"{target}-{method}", measure, name) in found for target in targets):
                cells = " | ".join(words(target, method, measure, name) for target in targets)
                print(f"| {label}{suffix} | {cells} |")


both = [("explained", ""), ("random weights", ", random weights"), ("explained - random weights", ", difference")]
table("AUC of the map against the region", "auc", both)
table("Jaccard index of the hottest quarter of cells with the region", "jaccard", both)
table("Rank correlation with the map of random weights", "rank_correlation", [("random weights", "")])
for measure in ("auc", "jaccard"):
    print(f"\nBaselines, {measure}\n\n| map | " + " | ".join(targets) + " |\n|---|---|---|---|")
    for name in ("chance", "tissue"):
        # the same maps beside every method
        beside = [next(method for method, _ in methods if (f"{target}-{method}", measure, name) in found) for target in targets]
        cells = (words(target, method, measure, name) for target, method in zip(targets, beside))
        print(f"| {name} | " + " | ".join(cells) + " |")

# the two patterns apart: mean over slides, percentile bootstrap over patients
print("\nAUC against the front by true pattern\n\n| map | desmoplastic | replacement |\n|---|---|---|")
labels = {row["slide"]: row for row in read(out / "test" / "labels.csv")}
for method, label in methods:
    path = out / "maps" / f"pattern-{method}" / "overlap.csv"
    if not path.exists():
        continue
    cells = []
    for pattern in ("desmoplastic", "replacement"):
        patients = {}
        for row in read(path):
            if row["map"] == "explained" and row["auc"] and labels[row["slide"]]["pattern"] == pattern:
                patients.setdefault(row["patient"], []).append(float(row["auc"]))
        groups = [np.array(values) for values in patients.values()]
        random = np.random.default_rng(1)
        drawn = [
            np.concatenate([groups[i] for i in random.integers(0, len(groups), len(groups))]).mean() for _ in range(2000)
        ]
        low, high = np.quantile(drawn, [0.025, 0.975])
        every = np.concatenate(groups)
        cells.append(f"{every.mean():.3f} ({low:.3f} to {high:.3f}), {len(every)} slides")
    print(f"| {label} | {cells[0]} | {cells[1]} |")
