"""Adding, changing and removing the parts of an event. What guests answered or picked is never lost by it."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal import files
from portal.errors import Conflict, NotFound
from portal.events.agenda_models import EventMaterial, EventSession
from portal.events.guest_models import EventAnswer, PlaceState, SessionPlace
from portal.events.models import Event, EventQuestion, EventState
from portal.events.seats import places
from tenants.base import TenantOwned

NO_LONGER = (PlaceState.GIVEN_UP, PlaceState.LAPSED)


def get(session: Session, kind: Any, event: Event, row_id: UUID) -> Any:
    found = session.scalar(select(kind).where(kind.id == row_id, kind.event_id == event.id))
    if found is None:
        raise NotFound("It isn’t there any more. Somebody removed it meanwhile.")
    return found


def require_open(event: Event) -> None:
    if event.state in (EventState.CANCELLED, EventState.CLOSED):
        raise Conflict("This event is over, so it stays as it was.")


def save(
    session: Session,
    event: Event,
    kind: Any,
    columns: dict[str, Any],
    row: Any = None,
    upload: FileStorage | None = None,
) -> TenantOwned:
    """The event is locked: places of sessions change under its lock alone."""
    part = row or kind(event_id=event.id)
    for name, value in columns.items():
        setattr(part, name, value)
    if row is None and hasattr(part, "position"):
        part.position = _next_position(session, kind, event)
    if isinstance(part, EventMaterial):
        _set_file(session, part, upload)
    session.add(part)
    session.flush()
    if isinstance(part, EventSession) and part.is_chosen:
        places.fill(session, event, part)
    return part  # type: ignore[no-any-return]


def _next_position(session: Session, kind: Any, event: Event) -> int:
    last = session.scalar(select(func.max(kind.position)).where(kind.event_id == event.id))
    return 0 if last is None else last + 1


def _set_file(session: Session, material: EventMaterial, upload: FileStorage | None) -> None:
    """A clone of the event may show the same file, so what is replaced stays where another uses it."""
    if upload is not None:
        name, content_type = upload.filename or "file", upload.mimetype or "application/octet-stream"
        material.file_id = files.store(session, name, content_type, cast(BinaryIO, upload.stream)).id
    elif material.url:
        material.file_id = None


def remove(session: Session, row: Any) -> None:
    """Not what guests picked or answered."""
    if isinstance(row, EventSession):
        picked = (SessionPlace.session_id == row.id, SessionPlace.state.not_in(NO_LONGER))
        _refuse_if_any(session, SessionPlace, picked, "%(count)s guests picked this session, so it stays.")
    if isinstance(row, EventQuestion):
        _refuse_if_any(
            session,
            EventAnswer,
            (EventAnswer.question_id == row.id,),
            "%(count)s guests answered this question, so it stays.",
        )
    session.delete(row)


def _refuse_if_any(session: Session, kind: Any, which: Any, words: str) -> None:
    number = session.scalar(select(func.count()).select_from(kind).where(*which)) or 0
    if number:
        raise Conflict(words, count=number)
