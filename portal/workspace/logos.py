"""A logo that people gave us: looked at by Pillow, made small, written anew. What came is never served as it came."""

import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from portal.errors import DomainError

MAX_BYTES = 2 * 1024 * 1024  # bytes
MAX_PIXELS = 20_000_000
SIDE = 256  # pixels: four times what the largest page shows
FORMATS = ("PNG", "JPEG", "WEBP")
SCAN, MAX_SCANS = (
    b"\xff\xda",
    50,
)  # a JPEG is painted scan over scan; a few bytes each, thousands take minutes


def normalize_logo(stream: BinaryIO) -> BytesIO:
    """Return a PNG of at most 256 by 256 pixels, without the data cameras and programs add."""
    given = stream.read(MAX_BYTES + 1)
    if len(given) > MAX_BYTES:
        raise DomainError("This image is larger than 2 MB. Please choose a smaller one.")
    if given.startswith(b"\xff\xd8") and given.count(SCAN) > MAX_SCANS:
        raise DomainError(
            "This image takes too long to process. Please save it again as PNG and choose that file."
        )
    written = BytesIO()
    _small(given).save(written, "PNG", optimize=True)
    written.seek(0)
    return written


def _small(given: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(given), formats=FORMATS)
            _insist_on_few_pixels(picture)
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as wrong:
        raise DomainError("We can’t read this image. Please choose a PNG, JPEG or WebP file.") from wrong
    upright.thumbnail((SIDE, SIDE))
    return upright


def _insist_on_few_pixels(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise ValueError("too many pixels")
