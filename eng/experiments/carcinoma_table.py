"""The runs of carcinoma.sh as a table, paired tests, and the curve of number of tasks: carcinoma_table.py OUT CSV."""
import csv, json, pathlib, random, re, sys

out, path = pathlib.Path(sys.argv[1]), sys.argv[2]
keys = {"above20": ["auc"], "share": ["spearman", "mae"]}
rows = []
for run in sorted((out / "runs").iterdir()):
    if not (run / "metrics.json").exists():
        continue
    encoder, model, target = run.name.split(".")
    metrics = json.loads((run / "metrics.json").read_text())
    metrics = metrics.get("pooled", metrics)
    for key in keys[target]:
        m = metrics[key]
        rows.append([encoder, model, target, key, m["value"], m["low"], m["high"], m["n"]])
with open(path, "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["encoder", "model", "target", "metric", "value", "low", "high", "n"])
    writer.writerows(rows)
columns = [(target, key) for target in keys for key in keys[target]]
runs = list(dict.fromkeys(tuple(row[:2]) for row in sorted(rows, key=lambda row: row[1:2] + row[:1])))


def table(cell):
    """A row a run, a column a metric."""
    print("| encoder | model | " + " | ".join(" ".join(column) for column in columns) + " |\n|---|---" + "|---" * len(columns) + "|")
    for encoder, model in runs:
        cells = [cell(encoder, model, *column) for column in columns]
        if any(cells):
            print(f"| {encoder} | {model} | " + " | ".join(text or "–" for text in cells) + " |")


values = {tuple(row[:4]): row[4:] for row in rows}
table(lambda *of: f"{values[of][0]:.3f} ({values[of][1]:.3f} to {values[of][2]:.3f})" if of in values else None)

# paired tests against published-multitask-4; Holm over the encoders of one model, target and metric (comparison.json's own goes over metrics)
tests = {}
for folder in sorted((out / "comparisons").iterdir()):
    encoder, model, target = folder.name.split(".")
    found = json.loads((folder / "comparison.json").read_text())["metrics"]
    for key in keys[target]:
        tests.setdefault((model, target, key), []).append((found[key]["p"], encoder, found[key]["difference"], found[key]["test"]))
told = {}
for (model, target, key), those in tests.items():
    held = 0.0
    for i, (p, encoder, d, _) in enumerate(sorted(those, key=lambda t: t[0])):
        held = max(held, min(1.0, p * (len(those) - i)))
        told[encoder, model, target, key] = f"{d['value']:+.3f} ({d['low']:+.3f} to {d['high']:+.3f}), {p:.2g}, {held:.2g}"
print()
table(lambda *of: told.get(of))


# number of tasks against performance over our 15 subsets, as `experiment` does it: bootstrap over encoders, draws of one number of tasks drawn again
def tasks(encoder):
    found = re.fullmatch(r"(?:mtl(\d)(?:-.+)?|mitosis|oral|metastasis|tissue)-s\d+", encoder)
    return int(found[1] or 1) if found else None


def ranks(values):
    order = sorted(values)
    return [order.index(v) + (order.count(v) + 1) / 2 for v in values]


def spearman(pairs):
    x, y = (ranks(side) for side in zip(*pairs))
    mx, my = sum(x) / len(x), sum(y) / len(y)
    xy, xx, yy = (sum((a - m) * (b - n) for a, b in zip(s, t)) for s, t, m, n in ((x, y, mx, my), (x, x, mx, mx), (y, y, my, my)))
    return xy / (xx * yy) ** 0.5 if xx and yy else None


print("\n| model | target, metric | mean of 1, 2, 3, 4 tasks | encoders | rho of number of tasks (95 % bootstrap over encoders) |\n|---|---|---|---|---|")
chance = random.Random(1)
for model, target, key in dict.fromkeys(tuple(row[1:4]) for row in rows):
    pairs = [(tasks(row[0]), row[4]) for row in rows if tuple(row[1:4]) == (model, target, key) and tasks(row[0])]
    if len({n for n, _ in pairs}) < 2:
        continue
    draws = []
    while len(draws) < 2000:
        rho = spearman(chance.choices(pairs, k=len(pairs)))
        if rho is not None:
            draws.append(rho)
    draws.sort()
    means = ", ".join(f"{sum(v for n, v in pairs if n == k) / sum(n == k for n, _ in pairs):.3f}" for k in sorted({n for n, _ in pairs}))
    print(f"| {model} | {target} {key} | {means} | {len(pairs)} | {spearman(pairs):+.3f} ({draws[49]:+.3f} to {draws[1949]:+.3f}) |")
