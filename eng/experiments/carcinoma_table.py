"""The runs of carcinoma.sh as a table: carcinoma_table.py OUT CSV."""
import csv, json, pathlib, sys

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
for r in rows:
    print(f"| {r[0]} | {r[1]} | {r[2]} {r[3]} | {r[4]:.3f} ({r[5]:.3f} to {r[6]:.3f}) | {r[7]} |")

# paired tests against published-multitask-4; Holm over the encoders of one model, target and metric (comparison.json's own goes over metrics)
tests = {}
for folder in sorted((out / "comparisons").iterdir()):
    encoder, model, target = folder.name.split(".")
    found = json.loads((folder / "comparison.json").read_text())["metrics"]
    for key in keys[target]:
        tests.setdefault((model, target, key), []).append((found[key]["p"], encoder, found[key]["difference"], found[key]["test"]))
for (model, target, key), those in sorted(tests.items()):
    held = 0.0
    for i, (p, encoder, d, test) in enumerate(sorted(those, key=lambda t: t[0])):
        held = max(held, min(1.0, p * (len(those) - i)))
        print(f"| {encoder} | {model} | {target} {key} | {d['value']:+.3f} ({d['low']:+.3f} to {d['high']:+.3f}) | {p:.2g} | {held:.2g} | {test} |")
