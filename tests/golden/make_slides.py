"""One picture as slides of many vendors' formats, small, for the readers' conformance tests.

Usage: python3 make_slides.py FOLDER
Needs Debian's python3-tifffile, python3-pil, python3-numpy and libjpeg-turbo-progs. Nothing in them comes from a scanner: the
layouts follow the public descriptions of the formats (openslide.org/formats) and the OME-TIFF specification.
Writes slide.png (the truth: 768 x 512, smooth enough for JPEG) and the same pixels as the other files.
"""

import os
import struct
import subprocess
import sys
from io import BytesIO

import numpy
import tifffile
from PIL import Image

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
WIDTH, HEIGHT, TILE = 768, 512, 256
y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
blob = lambda cx, cy, r: numpy.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * r * r))
picture = numpy.stack(
    [
        235 - 90 * blob(200, 180, 90) - 60 * blob(560, 330, 110) + 10 * numpy.sin(x / 37),
        225 - 150 * blob(200, 180, 70) - 110 * blob(560, 330, 120) + 12 * numpy.sin(y / 29),
        230 - 60 * blob(230, 200, 120) - 70 * blob(520, 300, 80) + 10 * numpy.sin((x + y) / 41),
    ],
    axis=2,
)
picture = numpy.clip(numpy.round(picture), 0, 255).astype(numpy.uint8)
Image.fromarray(picture).save(os.path.join(out, "slide.png"))
half = lambda a: numpy.round(
    a.reshape(a.shape[0] // 2, 2, a.shape[1] // 2, 2, 3).mean(axis=(1, 3))
).astype(numpy.uint8)
levels = [picture, half(picture), half(half(picture))]
label = numpy.full((40, 60, 3), (20, 60, 200), numpy.uint8)


def jpeg(pixels, **options):
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=97, subsampling=0, **options)
    return stream.getvalue()


def path(name):
    return os.path.join(out, name)


def tiles_of(pixels, tile):
    for top in range(0, pixels.shape[0], tile):
        for left in range(0, pixels.shape[1], tile):
            full = numpy.full((tile, tile, 3), 255, numpy.uint8)
            part = pixels[top : top + tile, left : left + tile]
            full[: part.shape[0], : part.shape[1]] = part
            yield full


class Tiff:
    """A classic little-endian TIFF, written directory by directory."""

    def __init__(self, name):
        self.file = open(path(name), "wb")
        self.file.write(b"II*\0\0\0\0\0")
        self.link = 4

    def block(self, data):
        at = self.file.seek(0, 2)
        self.file.write(data)
        if len(data) % 2:
            self.file.write(b"\0")
        return at

    def directory(self, tags):
        """tags: {number: (type, values)}, type 2 = text, 3 = short, 4 = long, 5 = fractions, 7 = bytes, 11 = float."""
        packed = []
        for number, (kind, values) in sorted(tags.items()):
            if kind in (2, 7, 1):
                data = values if isinstance(values, bytes) else values.encode() + b"\0"
                count = len(data)
            else:
                letter = {3: "H", 4: "I", 5: "I", 9: "i", 11: "f"}[kind]
                values = values if isinstance(values, (list, tuple)) else [values]
                data = struct.pack("<%d%s" % (len(values), letter), *values)
                count = len(values) // 2 if kind == 5 else len(values)
            packed.append((number, kind, count, data))
        entries = b""
        for number, kind, count, data in packed:
            field = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack("<I", self.block(data))
            entries += struct.pack("<HHI", number, kind, count) + field
        at = self.file.seek(0, 2)
        self.file.write(struct.pack("<H", len(packed)) + entries + b"\0\0\0\0")
        self.file.seek(self.link)
        self.file.write(struct.pack("<I", at))
        self.link = at + 2 + len(entries)

    def tiled(self, pixels, encode, compression, description, photometric=2, tile=TILE, more=None):
        blocks = [encode(one) for one in tiles_of(pixels, tile)]
        offsets = [self.block(one) for one in blocks]
        self.directory(
            {
                254: (4, 0),
                256: (4, pixels.shape[1]),
                257: (4, pixels.shape[0]),
                258: (3, [8, 8, 8]),
                259: (3, compression),
                262: (3, photometric),
                277: (3, 3),
                284: (3, 1),
                322: (3, tile),
                323: (3, tile),
                324: (4, offsets),
                325: (4, [len(one) for one in blocks]),
                **({270: (2, description)} if description else {}),
                **(more or {}),
            }
        )

    def strip(self, data, pixels, compression, photometric, more):
        at = self.block(data)
        self.directory(
            {
                254: (4, 0),
                256: (4, pixels.shape[1]),
                257: (4, pixels.shape[0]),
                258: (3, [8, 8, 8]),
                259: (3, compression),
                262: (3, photometric),
                273: (4, at),
                277: (3, 3),
                278: (4, pixels.shape[0]),
                279: (4, len(data)),
                284: (3, 1),
                **more,
            }
        )


# Pyramidal TIFF, JPEG tiles in YCbCr
plain = Tiff("generic.tif")
for i, level in enumerate(levels):
    plain.tiled(level, jpeg, 7, None, photometric=6, more={254: (4, int(i > 0)), 530: (3, [1, 1])})

# Aperio: level 0, thumbnail in strips, coarser levels, label and macro
head = "Aperio Image Library v11.2.1\r\n%dx%d (256x256) " % (WIDTH, HEIGHT)



def jpeg2000(tile):
    stream = BytesIO()
    Image.fromarray(tile).save(stream, "JPEG2000", irreversible=False, no_jp2=True, mct=0)
    return stream.getvalue()


for name, encode, compression, photometric, words in (
    ("aperio.svs", jpeg, 7, 6, "JPEG/YCC Q=97"),
    ("aperio_jpeg2000.svs", jpeg2000, 33005, 2, "J2K/RGB"),
):
    more = {530: (3, [1, 1])} if photometric == 6 else {}
    svs = Tiff(name)
    svs.tiled(picture, encode, compression, head + words + "|AppMag = 20|MPP = 0.4990", photometric, more=more)
    thumbnail = levels[2]
    svs.strip(thumbnail.tobytes(), thumbnail, 1, 2, {270: (2, head + "-> 192x128 - |AppMag = 20")})
    for level in levels[1:]:
        svs.tiled(level, encode, compression, head + words, photometric, more=more)
    svs.strip(label.tobytes(), label, 1, 2, {254: (4, 1), 270: (2, "Aperio Image Library v11.2.1\r\nlabel 60x40")})
    svs.strip(label.tobytes(), label, 1, 2, {254: (4, 9), 270: (2, "Aperio Image Library v11.2.1\r\nmacro 60x40")})

# OME-TIFF: RGB pixels; planes of one page; three grey pages. Levels are sub-directories.
for name, axes, data, options in (
    ("ome_rgb.ome.tif", "YXS", lambda one: one, {"photometric": "rgb"}),
    (
        "ome_planar.ome.tif",
        "SYX",
        lambda one: one.transpose(2, 0, 1),
        {"photometric": "rgb", "planarconfig": "separate"},
    ),
    ("ome_pages.ome.tif", "CYX", lambda one: one.transpose(2, 0, 1), {"photometric": "minisblack"}),
):
    with tifffile.TiffWriter(path(name), ome=True) as tif:
        for i, level in enumerate(levels):
            tif.write(
                numpy.ascontiguousarray(data(level)),
                tile=(TILE, TILE),
                compression="zlib",
                predictor=2,
                metadata=(
                    {
                        "axes": axes,
                        "PhysicalSizeX": 0.499,
                        "PhysicalSizeXUnit": "µm",
                        "PhysicalSizeY": 0.499,
                        "PhysicalSizeYUnit": "µm",
                    }
                    if i == 0
                    else None
                ),
                **({"subifds": 2} if i == 0 else {"subfiletype": 1}),
                **options,
            )



# Hamamatsu NDPI: one JPEG a level with restart markers, by which it can be read in parts; lens -1 = macro
def restarted(pixels):
    return subprocess.run(
        ["jpegtran", "-restart", "4B", "-copy", "none"], input=jpeg(pixels), stdout=subprocess.PIPE, check=True
    ).stdout


ndpi = Tiff("hamamatsu.ndpi")
for level, lens in [(picture, 20.0), (levels[1], 10.0), (levels[2], 5.0), (label, -1.0)]:
    per_centimetre = int(1e7 / 0.499 * lens / 20) if lens > 0 else 100000
    ndpi.strip(
        restarted(level),
        level,
        7,
        6,
        {
            271: (2, "Hamamatsu"),
            272: (2, "C13210"),
            282: (5, [per_centimetre, 1000]),
            283: (5, [per_centimetre, 1000]),
            296: (3, 3),
            65420: (4, 1),
            65421: (11, lens),
            65424: (9, 0),
        },
    )

# Leica SCN: sizes and places in nanometres; the slide lies off the corner of the collection
NM = 499


def scn_image(pages, left, top, width, height, objective):
    dimensions = "".join(
        '<dimension sizeX="%d" sizeY="%d" r="%d" ifd="%d"/>' % (pixels.shape[1], pixels.shape[0], r, ifd)
        for r, (ifd, pixels) in enumerate(pages)
    )
    return (
        '<image><creationDate>2020-01-01T00:00:00</creationDate><device model="SCN" version="1"/>'
        '<pixels sizeX="%d" sizeY="%d">%s</pixels>'
        '<view sizeX="%d" sizeY="%d" offsetX="%d" offsetY="%d" spacingZ="0"/>'
        "<scanSettings><objectiveSettings><objective>%s</objective></objectiveSettings>"
        "<illuminationSettings><illuminationSource>brightfield</illuminationSource></illuminationSettings>"
        "</scanSettings></image>"
    ) % (pages[0][1].shape[1], pages[0][1].shape[0], dimensions, width, height, left, top, objective)


macro = numpy.full((80, 120, 3), 200, numpy.uint8)
plane = (NM * 2400, NM * 1600)
scn = Tiff("leica.scn")
xml = (
    '<?xml version="1.0" encoding="utf-8"?><scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01">'
    '<collection name="c" sizeX="%d" sizeY="%d">%s%s</collection></scn>'
) % (
    *plane,
    scn_image([(0, macro)], 0, 0, *plane, "0.6"),
    scn_image(list(enumerate(levels, 1)), NM * 1200, NM * 400, NM * WIDTH, NM * HEIGHT, "20"),
)
for i, level in enumerate([macro, *levels]):
    per_centimetre = [int(1e10 / NM / 2 ** max(i - 1, 0)), 1000]
    scn.tiled(
        level,
        jpeg,
        7,
        xml if i == 0 else None,
        photometric=6,
        more={282: (5, per_centimetre), 283: (5, per_centimetre), 296: (3, 3), 530: (3, [1, 1])},
    )

# Ventana BIF: one area of 3 x 2 tiles whose joints do not overlap
TILES = (WIDTH // TILE, HEIGHT // TILE)
iscan = '<?xml version="1.0"?><iScan Magnification="20" ScanRes="0.499" UnitNumber="1"></iScan>'
# tiles are numbered from the bottom row up, every other row backwards
number = lambda column, row: row * TILES[0] + (column if row % 2 == 0 else TILES[0] - 1 - column) + 1
joint = '<TileJointInfo FlagJoined="1" Confidence="100" Direction="%s" Tile1="%d" Tile2="%d" OverlapX="0" OverlapY="0"/>'
joints = "".join(
    joint % ("RIGHT", number(column, row), number(column + 1, row))
    for row in range(TILES[1])
    for column in range(TILES[0] - 1)
) + "".join(
    joint % ("UP", number(column, row), number(column, row + 1))
    for row in range(TILES[1] - 1)
    for column in range(TILES[0])
)
encode_info = (
    '<?xml version="1.0"?><EncodeInfo Ver="2"><SlideInfo><AoiInfo XIMAGESIZE="%d" YIMAGESIZE="%d" YIMAGEUSED="1"/></SlideInfo>'
    '<SlideStitchInfo><ImageInfo AOIScanned="1" AOIIndex="0" NumRows="%d" NumCols="%d" Width="%d" Height="%d" '
    'Pos-X="0" Pos-Y="0">%s</ImageInfo></SlideStitchInfo>'
    '<AoiOrigin><AOI0 OriginX="0" OriginY="0"/></AoiOrigin></EncodeInfo>'
) % (TILE, TILE, TILES[1], TILES[0], TILE, TILE, joints)
bif = Tiff("ventana.bif")
bif.strip(label.tobytes(), label, 1, 2, {270: (2, "Label Image"), 700: (1, iscan.encode())})
for i, level in enumerate(levels):
    bif.tiled(
        level,
        jpeg,
        7,
        "level=%d mag=%g quality=95" % (i, 20 / 2**i),
        photometric=6,
        more={530: (3, [1, 1]), **({700: (1, encode_info.encode())} if i == 0 else {})},
    )

# MIRAX: 8 x 8 camera images, of which 3 x 2 from (4, 4) on hold the slide
ACROSS, FIRST = 8, 4
Image.fromarray(levels[2]).save(path("mirax.mrxs"), "JPEG")
os.makedirs(path("mirax"), exist_ok=True)
uuid = "0123456789ABCDEF"
ini = {
    "GENERAL": {
        "SLIDE_VERSION": "01.02",
        "SLIDE_ID": uuid,
        "IMAGENUMBER_X": ACROSS,
        "IMAGENUMBER_Y": ACROSS,
        "OBJECTIVE_MAGNIFICATION": 20,
        "CameraImageDivisionsPerSide": 1,
    },
    "HIERARCHICAL": {
        "HIER_COUNT": 1,
        "NONHIER_COUNT": 0,
        "INDEXFILE": "Index.dat",
        "HIER_0_NAME": "Slide zoom level",
        "HIER_0_COUNT": len(levels),
    },
    "DATAFILE": {"FILE_COUNT": 1, "FILE_0": "Data0000.dat"},
}
pages = []
data = b"01.02" + uuid.encode()
for k, level in enumerate(levels):
    ini["HIERARCHICAL"]["HIER_0_VAL_%d" % k] = "ZoomLevel_%d" % k
    ini["HIERARCHICAL"]["HIER_0_VAL_%d_SECTION" % k] = "LAYER_0_LEVEL_%d_SECTION" % k
    ini["LAYER_0_LEVEL_%d_SECTION" % k] = {
        "OVERLAP_X": 0,
        "OVERLAP_Y": 0,
        "MICROMETER_PER_PIXEL_X": 0.499 * 2**k,
        "MICROMETER_PER_PIXEL_Y": 0.499 * 2**k,
        "IMAGE_FORMAT": "JPEG",
        "IMAGE_FILL_COLOR_BGR": 16777215,
        "DIGITIZER_WIDTH": TILE,
        "DIGITIZER_HEIGHT": TILE,
        "IMAGE_CONCAT_FACTOR": 0 if k == 0 else 1,
    }
    entries = []
    columns = -(-level.shape[1] // TILE)
    for i, tile in enumerate(tiles_of(level, TILE)):
        row, column = divmod(i, columns)
        index = (FIRST + row * 2**k) * ACROSS + FIRST + column * 2**k
        encoded = jpeg(tile)
        entries.append((index, len(data), len(encoded), 0))
        data += encoded
    pages.append(entries)
with open(path("mirax/Data0000.dat"), "wb") as file:
    file.write(data)
header = b"01.02" + uuid.encode()
records = len(header) + 8
at = records + 4 * len(pages)
pointers, body = [], b""
for entries in pages:
    pointers.append(at + len(body))
    body += struct.pack("<ii", 0, at + len(body) + 8)
    body += struct.pack("<ii", len(entries), 0) + b"".join(struct.pack("<4i", *entry) for entry in entries)
with open(path("mirax/Index.dat"), "wb") as file:
    file.write(header + struct.pack("<ii", records, at + len(body)))
    file.write(struct.pack("<%di" % len(pointers), *pointers) + body + struct.pack("<i", 0))
with open(path("mirax/Slidedat.ini"), "w") as file:
    for section, values in ini.items():
        file.write("[%s]\n%s\n" % (section, "".join("%s = %s\n" % pair for pair in values.items())))
