#!/usr/bin/python3
"""How long the viewer's tiles take from cold: a viewer of its own, every tile asked for once, in random order, one at a time;
then 50 of other tiles at once, five times.

usage: benchmarks/view_tiles.py DIR [TILES]     (the program must be built: dotnet build -c Release)
Prints the median, the 95th percentile and the greatest time in ms: first of opening each slide and of its first view (the tiles
that a window of 1,280 × 900 shows of the whole slide, 8 at a time), then of the other tiles. No tile is kept by the viewer, but
slides stay open. The files themselves may lie in the system's cache.
"""
import concurrent.futures
import json
import pathlib
import random
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request

folder = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 400
program = pathlib.Path(__file__).parent.parent / "artifacts/bin/Histonic.Cli/release/histonic"
viewer = subprocess.Popen([program, "view", folder, "--port", "0"], stdout=subprocess.PIPE, text=True)
try:
    base = re.search(r"http://[^ ]*:\d+", viewer.stdout.readline()).group()

    def get(path):
        with urllib.request.urlopen(base + path) as answer:
            return answer.read()

    def ask(path):
        start = time.perf_counter()
        get(path)
        return 1000 * (time.perf_counter() - start)

    def tell(name, times):
        times.sort()
        print(
            f"{name}: {len(times)}, median {statistics.median(times):.1f} ms, "
            f"95th percentile {times[int(0.95 * (len(times) - 1))]:.1f} ms, greatest {times[-1]:.1f} ms"
        )

    opening, first, tiles = [], [], []
    for slide in json.loads(get("/api/cohort"))["slides"]:
        if not slide["hasPixels"]:
            continue
        address = f"/api/slides/{slide['id']}"
        start = time.perf_counter()
        facts = json.loads(get(address))
        opening.append(1000 * (time.perf_counter() - start))
        width, height = facts["width"], facts["height"]
        level = (max(width, height) - 1).bit_length()
        shown = []
        while level >= 0:
            here = [
                f"{address}/image_files/{level}/{column}_{row}.jpg"
                for row in range((height + 255) // 256)
                for column in range((width + 255) // 256)
            ]
            # the coarsest level that has as many pixels as the window
            if width >= 860 or height >= 838:
                shown = here
            tiles += here
            width, height, level = (width + 1) // 2, (height + 1) // 2, level - 1
        start = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(get, shown))
        first.append(1000 * (time.perf_counter() - start))
        tiles = [tile for tile in tiles if tile not in set(shown)]
    tell("slides opened", opening)
    tell("whole slide shown", first)
    random.Random(1).shuffle(tiles)
    if len(tiles) < count + 250:
        count = max(1, len(tiles) - 250)
    tell("tiles one at a time", [ask(tile) for tile in tiles[:count]])
    together = []
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        for start in range(count, min(count + 250, len(tiles)), 50):
            together += pool.map(ask, tiles[start : start + 50])
    tell("tiles 50 at once, all answered", together)
finally:
    viewer.send_signal(signal.SIGINT)
    viewer.wait(20)
