"""SHA-256 of regions of CMU-1-Small-Region.svs as OpenSlide decodes them, outside = white.

Usage: python3 openslide_regions.py FOLDER_OF_REAL_DATA
Needs Debian's python3-openslide. Prints the rows of SlideReaderRealTests.Regions.
"""

import hashlib
import sys

import numpy
import openslide

slide = openslide.OpenSlide(sys.argv[1] + "/slides/CMU-1-Small-Region.svs")
for x, y, width, height in [
    (0, 0, 128, 128),
    (0, 0, 2220, 2967),
    (1011, 703, 517, 261),
    (2200, 2960, 20, 7),
    (-30, -20, 64, 64),
    (2200, 2950, 100, 100),
    (5000, 5000, 8, 8),
]:
    # OpenSlide leaves what lies outside transparent black.
    rgba = numpy.array(slide.read_region((x, y), 0, (width, height)))
    rgb = numpy.where(rgba[..., 3:] == 0, 255, rgba[..., :3]).astype(numpy.uint8)
    print(f'{{ {x}, {y}, {width}, {height}, "{hashlib.sha256(rgb.tobytes()).hexdigest()}" }},')
