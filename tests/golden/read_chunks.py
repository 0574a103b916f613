"""Prints how h5py finds a dataset stored: shape, chunks, largest shape, and the sum of its numbers.

Usage: python3 read_chunks.py FILE DATASET
Needs Debian's python3-h5py.
"""

import json
import sys

import h5py
import numpy

with h5py.File(sys.argv[1], "r") as file:
    data = file[sys.argv[2]]
    print(
        json.dumps(
            {
                "shape": data.shape,
                "chunks": data.chunks,
                "maxshape": data.maxshape,
                "sum": float(numpy.sum(data[:].astype(numpy.float64))),
            }
        )
    )
