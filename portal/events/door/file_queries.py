"""Reading files of attendance: their numbers, the lines that wait for a manager, whom a line may mean."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.events.attendance_models import AttendanceFile, AttendanceLine, AttendanceMatch
from portal.paging import KeysetPage, paginate

L = AttendanceLine


@dataclass(frozen=True)
class FileCounts:
    file: AttendanceFile
    numbers: dict[AttendanceMatch, int]

    def of(self, match: str) -> int:
        return self.numbers.get(AttendanceMatch(match), 0)


def files_of(session: Session, event_id: UUID) -> list[FileCounts]:
    """Newest first: that one can be undone."""
    mine = select(AttendanceFile).where(AttendanceFile.event_id == event_id)
    files = session.scalars(mine.order_by(AttendanceFile.id.desc())).all()
    counted = select(L.file_id, L.match, func.count()).join(AttendanceFile, AttendanceFile.id == L.file_id)
    rows = session.execute(
        counted.where(AttendanceFile.event_id == event_id).group_by(L.file_id, L.match)
    ).all()
    return [FileCounts(file, {row[1]: row[2] for row in rows if row[0] == file.id}) for file in files]


def newest_file(session: Session, event_id: UUID) -> AttendanceFile | None:
    mine = select(AttendanceFile).where(AttendanceFile.event_id == event_id)
    return session.scalar(mine.order_by(AttendanceFile.id.desc()).limit(1))


def file_of_digest(session: Session, event_id: UUID, digest: str) -> AttendanceFile | None:
    mine = select(AttendanceFile).where(AttendanceFile.event_id == event_id)
    return session.scalar(mine.where(AttendanceFile.digest == digest))


def lines_of(
    session: Session, event_id: UUID, match: AttendanceMatch, cursor: str | None
) -> KeysetPage[AttendanceLine]:
    its = select(L).join(AttendanceFile, AttendanceFile.id == L.file_id)
    its = its.where(AttendanceFile.event_id == event_id, L.match == match)
    return paginate(session, its, key=(L.id,), cursor=cursor)


def line(session: Session, event_id: UUID, line_id: UUID) -> AttendanceLine:
    return _found(session.scalar(_its(event_id, line_id)))


def current_line(session: Session, event_id: UUID, line_id: UUID) -> AttendanceLine:
    """As it is now: nobody changes lines but under the lock of their event."""
    newest = {"populate_existing": True}
    return _found(session.scalar(_its(event_id, line_id), execution_options=newest))


def _its(event_id: UUID, line_id: UUID) -> Any:
    its = select(L).join(AttendanceFile, AttendanceFile.id == L.file_id)
    return its.where(AttendanceFile.event_id == event_id, L.id == line_id)


def _found(found: AttendanceLine | None) -> AttendanceLine:
    if found is None:
        raise NotFound("We couldn’t find this line of a file.")
    return found
