"""An event of a filled workspace: full, with a guest who comes and says something of everything."""

from datetime import timedelta
from typing import Any, TypeVar

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.events import agenda_models as agenda
from portal.events import attendance_models as attendance
from portal.events import guest_models as guests
from portal.events import models as events
from portal.events.guests.models import CalendarFeed
from portal.events.lifecycles import EventState, GuestState, PlaceState
from portal.files import StoredFile
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership
from tests.rules.filled_people import new

Part = TypeVar("Part", bound=TenantOwned)


def invited(mark: str, account: Account, ada: Advocate, manager: Membership) -> list[TenantOwned]:
    starts = utc_now() + timedelta(days=9)
    picture = new(StoredFile, name=f"{mark}.webp", content_type="image/webp")
    event = new(
        events.Event,
        kind=events.EventKind.ROUNDTABLE,
        title=f"Roundtable {mark}",
        description=mark,
        state=EventState.OPEN,
        opened_at=utc_now(),
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        records_close_at=starts + timedelta(days=10),
        time_zone="Europe/Berlin",
        venue=f"Hall {mark}",
        join_url=f"https://{mark.lower()}.example/join",
        capacity=1,
        seats_taken=1,
        host_id=manager.id,
        registration=events.RegistrationMode.CUSTOMERS,
        slug=mark,
        picture_id=picture.id,
    )
    slides = new(StoredFile, name=f"{mark}.pdf", content_type="application/pdf")
    return [
        picture,
        slides,
        event,
        *_parts(mark, event, slides, manager),
        *_guest(mark, event, account, ada, manager),
    ]


def _parts(mark: str, event: events.Event, slides: StoredFile, manager: Membership) -> list[TenantOwned]:
    def part(kind: type[Part], **given: Any) -> Part:
        return new(kind, event_id=event.id, **given)

    return [
        part(events.EventWave, invite_at=event.starts_at, by_id=manager.id, audience={"note": mark}),
        part(events.EventCost, label=mark, unit_cents=9500),
        part(agenda.EventSpeaker, name=f"Speaker {mark}"),
        part(
            agenda.EventMaterial,
            title=mark,
            url="https://slides.example",
            moment=agenda.MaterialMoment.BEFORE,
        ),
        part(
            agenda.EventMaterial,
            title=f"Slides {mark}",
            file_id=slides.id,
            moment=agenda.MaterialMoment.BEFORE,
        ),
        part(attendance.EventDoorLink, name=mark, made_by_id=manager.id, expires_at=event.ends_at),
    ]


def _guest(
    mark: str, event: events.Event, account: Account, ada: Advocate, manager: Membership
) -> list[TenantOwned]:
    now = utc_now()
    asked = new(events.EventQuestion, event_id=event.id, question=f"What about {mark}?")
    session = new(
        agenda.EventSession,
        event_id=event.id,
        title=mark,
        starts_at=event.starts_at,
        is_chosen=True,
        capacity=1,
        seats_taken=1,
    )
    guest = new(
        guests.EventGuest,
        event_id=event.id,
        name=f"Guest {mark}",
        email=f"guest@{mark}.example",
        email_norm=f"guest@{mark.lower()}.example",
        account_id=account.id,
        source=guests.GuestSource.REGISTERED,
        state=GuestState.ACCEPTED,
        seats_held=1,
        confirmed_at=now,
        answered_at=now,
        accepted_at=now,
        note=mark,
    )
    read = new(
        attendance.AttendanceFile,
        event_id=event.id,
        file_name=f"{mark}.csv",
        digest=mark,
        platform=attendance.AttendancePlatform.ZOOM,
        by_id=manager.id,
    )
    match = attendance.AttendanceMatch.UNMATCHED
    return [
        *(asked, session, guest, read),
        new(guests.GuestNeeds, guest_id=guest.id, food=["vegan"], note=mark),
        new(guests.EventAnswer, guest_id=guest.id, question_id=asked.id, answer=mark),
        new(
            guests.SessionPlace,
            session_id=session.id,
            guest_id=guest.id,
            state=PlaceState.TAKEN,
            seats_held=1,
        ),
        new(guests.EventFeedback, guest_id=guest.id, score=9, comment=mark, changed_at=now),
        new(attendance.AttendanceLine, file_id=read.id, alias=mark, name=mark, minutes=50, match=match),
        new(CalendarFeed, advocate_id=ada.id),
        new(attendance.AttendanceAlias, alias=f"ada {mark}", advocate_id=ada.id),
    ]
