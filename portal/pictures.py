"""A picture that people gave us: looked at by Pillow and written anew. What came is never served as it came."""

import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from portal.errors import DomainError

MEGABYTE = 1024 * 1024
MAX_PIXELS = 20_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
SCAN, MAX_SCANS = (
    b"\xff\xda",
    50,
)  # a JPEG is painted scan over scan; a few bytes each, thousands take minutes


def read_picture(stream: BinaryIO, max_bytes: int) -> Image.Image:
    """Upright, and without the data cameras and programs add."""
    given = stream.read(max_bytes + 1)
    if len(given) > max_bytes:
        raise DomainError(
            "This image is larger than %(most)s MB. Please choose a smaller one.", most=max_bytes // MEGABYTE
        )
    if given.startswith(b"\xff\xd8") and given.count(SCAN) > MAX_SCANS:
        raise DomainError(
            "This image takes too long to process. Please save it again as PNG and choose that file."
        )
    return _opened(given)


def _opened(given: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(given), formats=FORMATS)
            _insist_on_few_pixels(picture)
            return ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as wrong:
        raise DomainError("We can’t read this image. Please choose a PNG, JPEG or WebP file.") from wrong


def _insist_on_few_pixels(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise ValueError("too many pixels")
