"""The picture of an event, as large as its pages show it."""

from io import BytesIO
from typing import BinaryIO

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import files
from portal.events.models import Event
from portal.files import StoredFile
from portal.pictures import MEGABYTE, read_picture

MAX_BYTES = 8 * MEGABYTE
LARGEST = (1600, 1600)  # pixels
QUALITY = 85


def set_picture(session: Session, event: Event, stream: BinaryIO) -> None:
    written = small_picture(stream)
    remove_picture(session, event)
    event.picture_id = files.store(session, "event.webp", "image/webp", written).id


def remove_picture(session: Session, event: Event) -> None:
    if (old := event.picture_id) is not None:
        event.picture_id = None
        session.flush()
        session.execute(delete(StoredFile).where(StoredFile.id == old))


def small_picture(stream: BinaryIO) -> BytesIO:
    picture = read_picture(stream, MAX_BYTES)
    picture.thumbnail(LARGEST)
    written = BytesIO()
    picture.save(written, "WEBP", quality=QUALITY)
    written.seek(0)
    return written
