"""Embeddings of one slide as CLAM, TRIDENT, STAMP and wsilearn write them with h5py, and as the NIC authors do with numpy.

Usage: python3 make_interchange.py FOLDER
Needs Debian's python3-h5py. The layouts (types, chunks, attributes, order of rows) follow those tools' own sources;
the numbers are made up: channel c of the patch at column x, row y of the grid is 10 y + x + c / 8, exact in half
precision. Slide: 4000 x 3000 px at 0.25 um/px; patches of 256 px at 0.5 um/px (512 px at level 0).
"""

import json
import os
import sys

import h5py
import numpy

out = sys.argv[1]
SIDE, CHANNELS = 512, 8
# a ring of tissue on 5 rows x 7 columns
cells = [(row, column) for row in range(5) for column in range(7) if row in (0, 4) or column in (1, 5)]
value = lambda row, column: [10 * row + column + c / 8 for c in range(CHANNELS)]


def path(*parts):
    name = os.path.join(out, *parts)
    os.makedirs(os.path.dirname(name), exist_ok=True)
    return name


def table(order, dtype):
    return numpy.array([value(*cell) for cell in order], dtype).reshape(len(order), CHANNELS)


# CLAM: x is the outer loop; features and coordinates resizable; how they were cut stands in patches/
order = sorted(cells, key=lambda cell: (cell[1], cell[0]))
coords = numpy.array([(column * SIDE, row * SIDE) for row, column in order])
with h5py.File(path("clam", "h5_files", "ring.h5"), "w") as file:
    file.create_dataset("features", data=table(order, numpy.float32), chunks=(32, CHANNELS), maxshape=(None, CHANNELS))
    file.create_dataset("coords", data=coords.astype(numpy.int32), chunks=(32, 2), maxshape=(None, 2))
with h5py.File(path("clam", "patches", "ring.h5"), "w") as file:
    data = file.create_dataset("coords", data=coords.astype(numpy.int64), chunks=(32, 2), maxshape=(None, 2))
    data.attrs.update(
        {
            "patch_size": 256,
            "patch_level": 1,
            "downsample": (2.0, 2.0),
            "downsampled_level_dim": numpy.array((2000, 1500)),
            "level_dim": numpy.array((2000, 1500)),
            "name": "ring",
            "save_path": "/somewhere/patches",
        }
    )

# the same with contours of their own origins, as CLAM segments them: two pieces, off each other's lattice
pieces = [(cell, (0, 0) if cell[0] < 2 else (100, 60)) for cell in order]
with h5py.File(path("clam", "h5_files", "contours.h5"), "w") as file:
    file["features"] = table(order, numpy.float32)
    file["coords"] = numpy.array(
        [(column * SIDE + dx, row * SIDE + dy) for (row, column), (dx, dy) in pieces], numpy.int32
    )
with h5py.File(path("clam", "patches", "contours.h5"), "w") as file:
    data = file.create_dataset("coords", data=numpy.zeros((len(order), 2), numpy.int64))
    data.attrs.update(
        {"patch_size": 512, "patch_level": 0, "downsample": (1.0, 1.0), "level_dim": numpy.array((4000, 3000))}
    )

# TRIDENT: chunks of one row; patch_size_level0 may be a float; what is not known is the word None
for name, rows, side0 in (("ring", cells, 512), ("float", cells, 512.0), ("empty", [], 512)):
    with h5py.File(path("trident", "20x_256px_0px_overlap", "features_uni_v1", name + ".h5"), "w") as file:
        features = file.create_dataset(
            "features", data=table(rows, numpy.float32), chunks=(1, CHANNELS), maxshape=(None, CHANNELS)
        )
        features.attrs.update({"name": name, "savetodir": "/out", "encoder": "uni_v1"})
        data = file.create_dataset(
            "coords",
            data=numpy.array([(column * SIDE, row * SIDE) for row, column in rows], numpy.int64).reshape(-1, 2),
            chunks=(1, 2),
            maxshape=(None, 2),
        )
        data.attrs.update(
            {
                "patch_size": 256,
                "patch_size_level0": side0,
                "level0_magnification": 40,
                "target_magnification": 20,
                "overlap": 0,
                "name": name,
                "savetodir": "/out",
                "level0_width": 4000,
                "level0_height": 3000,
                "custom_mpp_keys": "None",
            }
        )
with h5py.File(path("trident", "20x_256px_0px_overlap", "patches", "ring_patches.h5"), "w") as file:
    file["coords"] = numpy.zeros((1, 2), numpy.int64)

# STAMP: half precision, micrometres in single precision, threads in any order, compressed
shuffled = [cells[i] for i in numpy.random.RandomState(5).permutation(len(cells))]
with h5py.File(path("stamp", "uni-0a1b2c3d", "batch 1", "ring.h5"), "w") as file:
    file.create_dataset("feats", data=table(shuffled, numpy.float16), compression="gzip")
    file["coords"] = numpy.array([(column * SIDE * 0.25, row * SIDE * 0.25) for row, column in shuffled], numpy.float32)
    file.attrs.update(
        {
            "stamp_version": "2.1.0",
            "extractor": "uni",
            "unit": "um",
            "tile_size_um": 128.0,
            "tile_size_px": 256,
            "code_hash": "0a1b2c3d",
            "feat_type": "tile",
        }
    )

# wsilearn: coordinates in pixels of the compression's size
with h5py.File(path("wsilearn", "ring.h5"), "w") as file:
    file.create_dataset("features", data=table(cells, numpy.float16), chunks=(1, CHANNELS), maxshape=(None, CHANNELS))
    file["coords"] = numpy.array([(column * 256, row * 256) for row, column in cells])
    file["shape"] = numpy.array((5, 7, CHANNELS))
    file["distance_map"] = numpy.zeros((5, 7), numpy.float32)
    file["metadata"] = json.dumps(
        {"stride": 256, "spacing": 0.5, "patch_size": 256, "width": 7, "height": 5, "code_size": CHANNELS, "n": len(cells)}
    )

# NIC: channels, rows, columns; background exactly 0
grid = numpy.zeros((CHANNELS, 5, 7), numpy.float16)
for row, column in cells:
    grid[:, row, column] = value(row, column)
grid[:, 0, 0] = 0.5  # the value of a patch must not be 0 in every channel: that is background
numpy.save(path("npy", "ring.npy"), grid)
