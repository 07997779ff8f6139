"""The bytes of an uploaded file, a piece at a time: memory stays at one, and nothing is held open in between."""

from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

from sqlalchemy import Select, select

from portal.errors import DomainError
from portal.files import FilePiece
from portal.imports.models import Import

ReadPiece = Callable[[Select[bytes]], bytes | None]


def pieces(read_piece: ReadPiece, file_id: UUID | None, size: int) -> Iterator[bytes]:
    """`ask` puts one question to the database; in a long job each in a transaction of its own."""
    if file_id is None:
        raise DomainError("The file of this import was deleted.")
    for number in count():
        if size <= 0:
            return
        content = read_piece(
            select(FilePiece.content).where(FilePiece.file_id == file_id, FilePiece.number == number)
        )
        if content is None:
            raise DomainError("The file of this import was deleted.")
        size -= len(content)
        yield content


def line_source(read_piece: ReadPiece, this: Import) -> Iterator[bytes]:
    """What the lines are read from: the file as it came, or the sheet that was unpacked from it."""
    return (
        pieces(read_piece, this.sheet_id, this.sheet_size)
        if this.sheet
        else pieces(read_piece, this.file_id, this.file_size)
    )
