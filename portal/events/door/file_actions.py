"""Reading a file of attendance, saying whom a line means, and undoing a file. The event is locked throughout."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from portal.events import queries as events
from portal.events.attendance_models import AttendanceAlias, AttendanceFile, AttendanceLine, AttendanceMatch
from portal.events.door import file_presence, file_queries
from portal.events.door.file_matching import known_guests
from portal.events.door.presence import is_corrected
from portal.events.door.reports.people import Participant, sum_up
from portal.events.door.reports.reading import UnreadableReport, read_report
from portal.events.guest_models import EventGuest, GuestSource
from portal.events.history_actions import EventAction, GuestAction
from portal.events.lifecycles import EventState
from portal.events.models import Event
from portal.id_arrays import is_one_of
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC
from tenants.email_addresses import normalize_email
from tenants.models import Membership

MOST_PEOPLE = 5000
WITH_GUEST = (AttendanceMatch.MATCHED, AttendanceMatch.TOO_SHORT)


def read_file(
    session: Session, event_id: UUID, name: str, content: bytes, *, by: Membership
) -> AttendanceFile:
    """Read again, the same file changes nothing."""
    event = events.lock_event(session, event_id)
    digest = sha256(content).hexdigest()
    known = file_queries.file_of_digest(session, event.id, digest)
    if known is not None:
        return known
    _require_begun(event)
    report = read_report(content, event.starts_at, event.time_zone)
    people = sum_up(report.joins)
    if len(people) > MOST_PEOPLE:
        raise UnreadableReport(
            "This file names more than %(most)s people. Please split it.", most=MOST_PEOPLE
        )
    this = AttendanceFile(
        event_id=event.id, file_name=name[:200], digest=digest, platform=report.platform, by_id=by.id
    )
    session.add(this)
    session.flush()
    _write_lines(session, event, this, people, by)
    event.has_record = True
    detail = {"file": this.file_name, "people": len(people)}
    history.record(session, event, EventAction.ATTENDANCE_IMPORTED, by=by, **detail)
    return this


def say_who(
    session: Session, event_id: UUID, line_id: UUID, guest_id: UUID, *, by: Membership
) -> AttendanceLine:
    """A manager knows whom a name means; for somebody of the program this is remembered for later files."""
    here = events.lock_guest(session, guest_id)
    line = file_queries.current_line(session, event_id, line_id)
    if here.event.id != event_id or line.match is not AttendanceMatch.UNMATCHED:
        raise Conflict("Somebody else decided this meanwhile. Nothing was changed.")
    _apply_to(session, here.event, here.guest, [*_lines_of(session, line.file_id, guest_id), line], by)
    if here.guest.advocate_id is not None:
        _remember(session, line.alias, here.guest.advocate_id)
    return line


def say_newcomer(session: Session, event_id: UUID, line_id: UUID, *, by: Membership) -> AttendanceLine:
    """Somebody who was there and is on no list becomes a guest who walked in."""
    event = events.lock_event(session, event_id)
    line = file_queries.current_line(session, event.id, line_id)
    known = events.guest_by_address(session, event.id, line.email)
    if known is None:
        address = normalize_email(line.email) or None
        known = EventGuest(event_id=event.id, source=GuestSource.WALK_IN, name=line.name)
        known.email, known.email_norm = (line.email, address) if address else ("", None)
        session.add(known)
        session.flush()
    return say_who(session, event_id, line_id, known.id, by=by)


def ignore(session: Session, event_id: UUID, line_id: UUID) -> AttendanceLine:
    """Staff, a room's screen, a telephone."""
    events.lock_event(session, event_id)
    line = file_queries.current_line(session, event_id, line_id)
    if line.match is AttendanceMatch.UNMATCHED:
        line.match = AttendanceMatch.IGNORED
    return line


def release(session: Session, event_id: UUID, line_id: UUID) -> AttendanceLine:
    """This was somebody else: what was known of the guest before is so again, and the line waits for a manager."""
    event = events.lock_event(session, event_id)
    line = file_queries.current_line(session, event.id, line_id)
    if line.guest_id is not None:
        for guest in _lock_guests(session, [line.guest_id]):
            _take_back(session, line.file_id, guest)
        session.execute(delete(AttendanceAlias).where(AttendanceAlias.alias == line.alias))
    line.match = AttendanceMatch.UNMATCHED
    return line


def undo_file(session: Session, event_id: UUID, file_id: UUID, *, by: Membership) -> str:
    """As if it had not been read. A later file stands on this one, so it goes first."""
    event = events.lock_event(session, event_id)
    newest = file_queries.newest_file(session, event.id)
    if newest is None or newest.id != file_id:
        raise Conflict("Undo the file that was read last first. Nothing was changed.")
    guest_ids = session.scalars(
        select(AttendanceLine.guest_id).where(
            AttendanceLine.file_id == file_id, AttendanceLine.before.is_not(None)
        )
    ).all()
    for guest in _lock_guests(session, [each for each in guest_ids if each]):
        _take_back(session, file_id, guest)
    _note(session, event, [each for each in guest_ids if each], by, newest.file_name, is_undone=True)
    name = newest.file_name
    session.flush()
    session.delete(newest)
    return name


def _require_begun(event: Event) -> None:
    if event.state in {EventState.DRAFT, EventState.CANCELLED} or utc_now() < event.starts_at:
        raise UnreadableReport("This event hasn’t begun, so nobody was there yet.")


def _write_lines(
    session: Session, event: Event, this: AttendanceFile, people: Sequence[Participant], by: Membership
) -> None:
    guests = known_guests(session, event.id, [person.alias for person in people])
    found: dict[UUID, list[AttendanceLine]] = defaultdict(list)
    for person in people:
        line = _line(this, person)
        session.add(line)
        if (guest_id := guests.find(person)) is not None:
            found[guest_id].append(line)
    for guest in _lock_guests(session, found):
        file_presence.apply(event, guest, found[guest.id])
    session.flush()
    _note(session, event, list(found), by, this.file_name)


def _line(this: AttendanceFile, person: Participant) -> AttendanceLine:
    return AttendanceLine(
        file_id=this.id,
        alias=person.alias,
        name=person.name,
        email=person.email,
        joins=person.joins,
        minutes=person.minutes,
        joined_at=person.joined_at,
        left_at=person.left_at,
        match=AttendanceMatch.UNMATCHED,
    )


def _lock_guests(session: Session, ids: Iterable[UUID]) -> Sequence[EventGuest]:
    """All at once, before anything is written about them."""
    theirs = select(EventGuest).where(EventGuest.id == is_one_of(ids)).order_by(EventGuest.id)
    return session.scalars(theirs.with_for_update(key_share=True)).all()


def _apply_to(
    session: Session, event: Event, guest: EventGuest, lines: Sequence[AttendanceLine], by: Membership
) -> None:
    """Anew for all lines of the file that mean this guest."""
    before = next((line.before for line in lines if line.before), None)
    if before is not None:
        file_presence.restore(guest, before)
    file_presence.apply(event, guest, sorted(lines, key=lambda line: line.before is None))
    _note(session, event, [guest.id], by, "")


def _lines_of(session: Session, file_id: UUID, guest_id: UUID) -> Sequence[AttendanceLine]:
    mine = select(AttendanceLine).where(AttendanceLine.file_id == file_id)
    return session.scalars(mine.where(AttendanceLine.guest_id == guest_id)).all()


def _take_back(session: Session, file_id: UUID, guest: EventGuest) -> None:
    for line in _lines_of(session, file_id, guest.id):
        if line.before:
            file_presence.restore(guest, line.before)
        line.guest_id, line.before, line.match = None, None, AttendanceMatch.UNMATCHED


def _remember(session: Session, alias: str, advocate_id: UUID) -> None:
    changed = update(AttendanceAlias).where(AttendanceAlias.alias == alias).values(advocate_id=advocate_id)
    if not session.execute(changed.returning(AttendanceAlias.id), execution_options=WITHOUT_SYNC).all():
        session.add(AttendanceAlias(alias=alias, advocate_id=advocate_id))


def _note(
    session: Session,
    event: Event,
    guest_ids: Sequence[UUID],
    by: Membership,
    file_name: str,
    *,
    is_undone: bool = False,
) -> None:
    action = GuestAction.CHECK_IN_UNDONE if is_undone else GuestAction.CHECKED_IN
    actions = [action, *([GuestAction.ATTENDANCE_CORRECTED] if is_corrected(event) else [])]
    for each in actions:
        history.record_many(
            session, EventGuest.__tablename__, guest_ids, each, by=by, source="file", file=file_name
        )
