"""A logo that people gave us, small enough for the top of every page."""

from io import BytesIO
from typing import BinaryIO

from portal.pictures import MEGABYTE, read_picture

MAX_BYTES = 2 * MEGABYTE
SIDE = 256  # pixels: four times what the largest page shows


def normalize_logo(stream: BinaryIO) -> BytesIO:
    """Return a PNG of at most 256 by 256 pixels."""
    upright = read_picture(stream, MAX_BYTES)
    upright.thumbnail((SIDE, SIDE))
    written = BytesIO()
    upright.save(written, "PNG", optimize=True)
    written.seek(0)
    return written
