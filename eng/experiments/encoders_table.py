"""Prints the tables of docs/results/encoders.md from the table.csv of `histonic encoder evaluate`.

usage: python3 eng/experiments/encoders_table.py OUT/evaluation/table.csv [METHOD]

An encoder NAME-sK is the K-th seed of NAME: seeds are put together as mean ± half their range, and the interval shown is the widest
that covers the seeds' own 95 % intervals. METHOD: mlp (default), knn or head.
"""
import csv
import re
import sys
from collections import defaultdict

method = sys.argv[2] if len(sys.argv) > 2 else "mlp"
rows = [row for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")) if row["metric"] == "auc" and row["method"] == method]
tasks = list(dict.fromkeys(row["task"] for row in rows))
cells = defaultdict(lambda: defaultdict(list))
for row in rows:
    cells[re.sub(r"-s\d+$", "", row["encoder"])][row["task"]].append(
        tuple(float(row[key]) for key in ("value", "low", "high"))
    )

print("| encoder | seeds |", " | ".join(tasks), "|")
print("|---|---|" + "---|" * len(tasks))
for encoder, by_task in cells.items():
    seeds = max(len(values) for values in by_task.values())
    line = []
    for task in tasks:
        values = by_task.get(task)
        if not values:
            line.append("–")
            continue
        mean = sum(value for value, _, _ in values) / len(values)
        spread = (max(v for v, _, _ in values) - min(v for v, _, _ in values)) / 2
        low, high = min(low for _, low, _ in values), max(high for _, _, high in values)
        line.append(f"{mean:.3f}{f' ± {spread:.3f}' if len(values) > 1 else ''} ({low:.3f} to {high:.3f})")
    print(f"| {encoder} | {seeds} | {' | '.join(line)} |")
