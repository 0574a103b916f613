"""Reads a GeoJSON as QuPath does and holds it to QuPath's rules; prints what it found as JSON.

Usage: python3 read_qupath.py FILE WIDTH HEIGHT (of level 0, as QuPath opens the slide: cropped to OpenSlide's bounds)
Needs nothing but Python. The rules: qupath.lib.io.GsonTools and PathObjectTypeAdapters of QuPath 0.4 to 0.8.
"""

import json
import math
import sys
import uuid

TYPES = {"annotation", "detection", "tile", "cell", "tmaCore", "root"}


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


def crosses(ring):
    """Whether two edges that are not neighbours cross in their middle (all edges here run along an axis)."""
    edges = list(zip(ring, ring[1:]))
    for i, (a, b) in enumerate(edges):
        for c, d in edges[i + 1 :]:
            if a[0] == b[0] and c[1] == d[1]:
                (a, b), (c, d) = (c, d), (a, b)
            if a[1] == b[1] and c[0] == d[0]:
                if min(a[0], b[0]) < c[0] < max(a[0], b[0]) and min(c[1], d[1]) < a[1] < max(c[1], d[1]):
                    return True
    return False


path, width, height = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
with open(path, encoding="utf-8") as file:
    root = json.load(file, parse_constant=lambda name: sys.exit(f"{name} is not JSON"))
assert root["type"] == "FeatureCollection", root["type"]
found = {"types": {}, "classes": [], "measurements": [], "area": {}, "least": [width, height], "most": [0, 0]}
for feature in root["features"]:
    assert feature["type"] == "Feature"
    if "id" in feature:
        uuid.UUID(feature["id"])
    properties = feature["properties"]
    kind = properties["objectType"]
    assert kind in TYPES, kind
    assert "name" not in properties or isinstance(properties["name"], str)
    label = properties.get("classification")
    if isinstance(label, dict):
        # without a colour QuPath throws JsonParseException
        assert isinstance(label["name"], str) and len(label["color"]) == 3, label
        assert all(isinstance(one, int) and 0 <= one <= 255 for one in label["color"]), label
        label = label["name"]
    assert label is None or isinstance(label, str), label
    measurements = properties.get("measurements", {})
    assert isinstance(measurements, dict), "an array is of versions before 0.4"
    for name, value in measurements.items():
        assert number(value) or value in ("NaN", "Infinity", "-Infinity"), (name, value)
    geometry = feature["geometry"]
    assert geometry["type"] == "Polygon", geometry["type"]
    total = 0
    for i, ring in enumerate(geometry["coordinates"]):
        assert len(ring) >= 4 and ring[0] == ring[-1], ring
        assert all(len(point) == 2 and number(point[0]) and number(point[1]) for point in ring), ring
        assert all(0 <= x <= width and 0 <= y <= height for x, y in ring), ring
        assert all(a != b for a, b in zip(ring, ring[1:])), ring
        assert not crosses(ring), ring
        assert area(ring) != 0, ring
        total += abs(area(ring)) * (1 if i == 0 else -1)
        for axis in (0, 1):
            found["least"][axis] = min(found["least"][axis], *(point[axis] for point in ring))
            found["most"][axis] = max(found["most"][axis], *(point[axis] for point in ring))
    found["types"][kind] = found["types"].get(kind, 0) + 1
    found["area"][kind] = found["area"].get(kind, 0) + total
    found["classes"] = sorted(set(found["classes"]) | {label})
    found["measurements"] = sorted(set(found["measurements"]) | set(measurements))
print(json.dumps(found))
