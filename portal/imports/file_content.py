"""The bytes of an uploaded file, a piece at a time: memory stays at one, and nothing is held open in between."""

from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

from sqlalchemy import Select, select

from portal.files import FilePiece
from portal.imports.failures import ImportFailure
from portal.imports.models import Import
from portal.imports.parsing.errors import UnreadableFile

ReadPiece = Callable[[Select[bytes]], bytes | None]


def pieces(read_piece: ReadPiece, file_id: UUID | None, size: int) -> Iterator[bytes]:
    """Yield a file's pieces. `read_piece` asks the database once; in a long job each in its own transaction."""
    if file_id is None:
        raise UnreadableFile(ImportFailure.FILE_DELETED)
    for number in count():
        if size <= 0:
            return
        content = read_piece(
            select(FilePiece.content).where(FilePiece.file_id == file_id, FilePiece.number == number)
        )
        if content is None:
            raise UnreadableFile(ImportFailure.FILE_DELETED)
        size -= len(content)
        yield content


def line_source(read_piece: ReadPiece, this: Import) -> Iterator[bytes]:
    return (
        pieces(read_piece, this.sheet_id, this.sheet_size)
        if this.sheet
        else pieces(read_piece, this.file_id, this.file_size)
    )
