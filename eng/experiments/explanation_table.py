"""Prints the tables of docs/results/explanation.md from overlap.csv of explanation.sh.

Usage: python3 explanation_table.py OUT/overlap.csv
"""

import csv
import sys

rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
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
        print(f"| {name} | " + " | ".join(words(target, "grad-cam-1", measure, name) for target in targets) + " |")
