"""Reads a compressed slide with h5py and prints what is in it as JSON.

Usage: python3 read_compressed_slide.py FILE.h5
Needs Debian's python3-h5py. Used by CompressedSlideFileH5pyTests.
"""

import json
import sys

import h5py
import numpy


def plain(value):
    if isinstance(value, numpy.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, numpy.generic) else value


with h5py.File(sys.argv[1], "r") as file:
    print(
        json.dumps(
            {
                "root": {name: plain(value) for name, value in file.attrs.items()},
                "coords_attributes": {name: plain(value) for name, value in file["coords"].attrs.items()},
                "types": {name: str(data.dtype) for name, data in file.items()},
                "shapes": {name: list(data.shape) for name, data in file.items()},
                "features": file["features"][:].astype("float64").tolist(),
                "coords": file["coords"][:].tolist(),
                "grid": file["grid"][:].tolist(),
                "last_d4": file["features_d4"][7].astype("float64").tolist() if "features_d4" in file else None,
            }
        )
    )
