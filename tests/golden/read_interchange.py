"""Reads a slide as the readers of CLAM, TRIDENT, STAMP and wsilearn do, and prints what they get.

Usage: python3 read_interchange.py FORMAT FILE [PATCHES_FILE]
Needs Debian's python3-h5py (numpy for npy). Prints JSON: the size of a patch at level 0, coordinates in pixels of level 0
(for stamp: micrometres; for wsilearn: cells), and the sum of each embedding, sorted by coordinates.
"""

import json
import sys

import h5py
import numpy

kind, path = sys.argv[1:3]


def show(side, coords, features, **more):
    order = sorted(range(len(coords)), key=lambda i: (float(coords[i][1]), float(coords[i][0])))
    print(
        json.dumps(
            {
                "side": float(side),
                "coords": [[float(v) for v in coords[i]] for i in order],
                "sums": [float(numpy.sum(features[i].astype(numpy.float64))) for i in order],
                "types": [str(coords.dtype), str(features.dtype)],
                **more,
            }
        )
    )


if kind == "npy":
    grid = numpy.load(path)
    distances = numpy.load(path.replace(".npy", "_distance_map.npy"))
    rows, columns = numpy.nonzero(numpy.any(grid != 0, axis=0))
    show(1, numpy.stack([columns, rows], 1), grid[:, rows, columns].T, total=float(distances.sum()), shape=list(distances.shape))
    sys.exit()
with h5py.File(path, "r") as file:
    if kind == "clam":
        with h5py.File(sys.argv[3], "r") as patches:
            attrs = patches["coords"].attrs
            side = attrs["patch_size"] * int(attrs["downsample"][0])  # as its heat maps do
            assert (patches["coords"][:] == file["coords"][:]).all() and attrs["level_dim"].shape == (2,)
        show(side, file["coords"][:], file["features"][:])
    elif kind == "trident":
        attrs = file["coords"].attrs
        assert attrs["overlap"] >= 0 and attrs["level0_width"] > 0 and attrs["name"] and attrs["target_magnification"] > 0
        show(attrs["patch_size_level0"], file["coords"][:], file["features"][:], encoder=file["features"].attrs["encoder"])
    elif kind == "stamp":
        assert file.attrs["unit"] == "um" and file.attrs["feat_type"] == "tile"
        version = tuple(int(part) for part in file.attrs["stamp_version"].split("."))
        assert version <= (2, 4, 0), "its reader refuses files of a newer version than its own"
        show(file.attrs["tile_size_um"], file["coords"][:], file["feats"][:], encoder=file.attrs["extractor"])
    else:
        metadata = json.loads(file["metadata"][()])
        shape = file["shape"][:]
        cells = file["coords"][:] // metadata["stride"]
        assert (cells.max(0) < shape[[1, 0]]).all() and file["distance_map"].shape == tuple(shape[:2])
        show(metadata["patch_size"], cells, file["features"][:])
