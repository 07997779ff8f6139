"""Bytes that people gave us, kept in the database in 1 MB pieces: hosts share no disk."""

from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.errors import NotFound
from tenants.base import TenantOwned, same_tenant

PIECE = 1024 * 1024


class StoredFile(TenantOwned):
    __tablename__ = "stored_files"
    rules = (CheckConstraint("size >= 0", name="size_not_negative"),)
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(default=0)


class FilePiece(TenantOwned):
    __tablename__ = "file_pieces"
    rules = (
        same_tenant("file_id", "stored_files", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "file_id", "number"),
        CheckConstraint(f"octet_length(content) <= {PIECE}", name="at_most_one_megabyte"),
    )
    file_id: Mapped[UUID]
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


def store(session: Session, name: str, content_type: str, stream: BinaryIO) -> StoredFile:
    kept = StoredFile(name=name, content_type=content_type)
    session.add(kept)
    session.flush()
    for number, content in enumerate(iter(lambda: stream.read(PIECE), b"")):
        session.add(piece := FilePiece(file_id=kept.id, number=number, content=content))
        session.flush()
        session.expunge(piece)
        kept.size += len(content)
    return kept


def get(session: Session, file_id: UUID) -> StoredFile:
    found = session.scalar(select(StoredFile).where(StoredFile.id == file_id))
    if found is None:
        raise NotFound("We couldn’t find this file.")
    return found


def pieces(session: Session, file_id: UUID) -> Iterator[bytes]:
    rows = select(FilePiece.content).where(FilePiece.file_id == file_id).order_by(FilePiece.number)
    yield from session.scalars(rows.execution_options(yield_per=1))


def read(session: Session, file_id: UUID) -> bytes:
    return b"".join(pieces(session, file_id))
