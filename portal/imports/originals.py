"""The bytes of an uploaded file, a piece at a time: memory stays at one, and nothing is held open in between."""

from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

from sqlalchemy import Select, select

from portal.errors import DomainError
from portal.files import FilePiece

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
