"""Writes patch sets in PatchCamelyon's layout with h5py, and prints the sum of every patch.

usage: patch_set.py FOLDER STEM KIND PATCHES SIDE CHUNK
KIND: pair (STEM_x.h5, STEM_y.h5, gzip, y of n x 1 x 1 x 1, uint8), single (STEM.h5, gzip with shuffle, y of n, int64),
plain (STEM.h5, not chunked), auto (pair, with chunks as h5py chooses them, which part patches), lzf (STEM.h5, a filter that is not read)
The pixel at row r, column c, colour k of patch i is (7 i + 3 r + 5 c + 11 k + i r c) mod 251; its label is i mod 2.
"""

import os
import sys

import h5py
import numpy as np

folder, stem, kind = sys.argv[1:4]
n, side, chunk = map(int, sys.argv[4:7])
i, r, c, k = np.ogrid[:n, :side, :side, :3]
x = ((7 * i + 3 * r + 5 * c + 11 * k + i * r * c) % 251).astype(np.uint8)
y = (np.arange(n) % 2).astype(np.uint8)
chunks = True if kind == "auto" else (chunk, side, side, 3)
if kind in ("pair", "auto"):
    with h5py.File(os.path.join(folder, stem + "_x.h5"), "w") as file:
        file.create_dataset("x", data=x, chunks=chunks, compression="gzip")
    with h5py.File(os.path.join(folder, stem + "_y.h5"), "w") as file:
        file.create_dataset("y", data=y.reshape(n, 1, 1, 1), chunks=(min(n, 1024), 1, 1, 1), compression="gzip")
else:
    with h5py.File(os.path.join(folder, stem + ".h5"), "w") as file:
        if kind == "single":
            file.create_dataset("x", data=x, chunks=chunks, compression="gzip", shuffle=True, maxshape=(None, side, side, 3))
            file.create_dataset("y", data=y.astype("i8"))
        elif kind == "lzf":
            file.create_dataset("x", data=x, chunks=chunks, compression="lzf")
            file.create_dataset("y", data=y)
        else:
            file.create_dataset("x", data=x)
            file.create_dataset("y", data=y.astype("i4"))
print("\n".join(str(int(patch.sum())) for patch in x.astype(np.int64)))
