"""The bytes of an uploaded file, a piece at a time: memory stays at one, and nothing is held open in between."""

from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

from sqlalchemy import Select, select

from portal.errors import DomainError
from portal.files import FilePiece
from portal.imports.models import Import

Ask = Callable[[Select[bytes]], bytes | None]


def pieces(ask: Ask, file_id: UUID | None, size: int) -> Iterator[bytes]:
    """`ask` puts one question to the database; in a long job each in a transaction of its own."""
    if file_id is None:
        raise DomainError("The original of this import was deleted.")
    for number in count():
        if size <= 0:
            return
        content = ask(
            select(FilePiece.content).where(FilePiece.file_id == file_id, FilePiece.number == number)
        )
        if content is None:
            raise DomainError("The original of this import was deleted.")
        size -= len(content)
        yield content


def table_of(ask: Ask, this: Import) -> Iterator[bytes]:
    """What the lines are read from: the file as it came, or the sheet that was unpacked from it."""
    return (
        pieces(ask, this.sheet_id, this.sheet_size)
        if this.sheet
        else pieces(ask, this.file_id, this.file_size)
    )
