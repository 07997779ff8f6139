"""The list of events, and the list of guests with their answers and what can be done with many at once."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.declarations.lists import (
    CellKind,
    DeclaredList,
    ListColumn,
    ListFilter,
    ListReader,
    ListSearch,
    ListTab,
    Place,
)
from portal.events import labels
from portal.events.guest_models import EventGuest, GuestNeeds
from portal.events.manage import bulk_acts, guest_facts, queries
from portal.events.models import Event, EventState
from portal.exports import cells
from tenants.database import tenant
from tenants.models import MANAGER_ROLES

E, G = Event, EventGuest
EVENT_STATES = {state: badge.word for state, badge in labels.STATES.items()}
GUEST_STATES = {state: badge.word for state, badge in labels.GUEST_STATES.items()}
IS_ON = and_(E.state.in_([EventState.OPEN, EventState.CLOSED]))


def _zone(reader: ListReader) -> str:
    return tenant(reader.session).time_zone


def _day(reader: ListReader, moment: cells.SqlValue) -> ColumnElement[str]:
    return cells.day_in(_zone(reader), moment)


def _count(*which: ColumnElement[bool]) -> ColumnElement[str]:
    """Of the guests of an event, for its file."""
    theirs = select(func.count()).select_from(G).where(G.event_id == E.id, *which).correlate(E)
    return cast(theirs.scalar_subquery(), String)


def _number(name: str, label: object, *which: ColumnElement[bool], from_width: str = "") -> ListColumn:
    return ListColumn(
        name=name,
        label=label,
        is_numeric=True,
        kind=CellKind.NUMBER,
        from_width=from_width,
        cell=lambda _: _count(*which),
    )


EVENTS = DeclaredList(
    name="events",
    label=_l("Events"),
    order=_l("next first"),
    endpoint="events.index",
    roles=frozenset(MANAGER_ROLES),
    model=Event,
    rows=lambda _: select(Event),
    columns=(
        ListColumn(
            name="title",
            label=_l("Event"),
            place=Place.ALWAYS,
            cell=lambda _: cells.text(E.title),
            sort=(E.title,),
        ),
        ListColumn(
            name="kind",
            label=_l("Kind"),
            place=Place.FILE,
            cell=lambda _: cells.labeled(E.kind, labels.KINDS),
        ),
        ListColumn(
            name="starts",
            label=_l("When"),
            cell=lambda reader: _day(reader, E.starts_at),
            kind=CellKind.DAY,
            sort=(E.starts_at,),
        ),
        ListColumn(
            name="place",
            label=_l("Place"),
            from_width="lg",
            cell=lambda _: cells.text(E.venue),
        ),
        ListColumn(
            name="state",
            label=_l("State"),
            place=Place.ON_CHOICE,
            cell=lambda _: cells.labeled(E.state, EVENT_STATES),
            from_width="md",
        ),
        _number("seats", _l("Seats taken"), G.seats_held > 0, from_width="md"),
        _number("invited", _l("Invited"), queries.WAS_INVITED, from_width="md"),
        _number("coming", _l("Coming"), G.state == "accepted", G.host_id.is_(None)),
        _number("attended", _l("Attended"), queries.HAS_COME, queries.WAS_INVITED),
        ListColumn(name="rate", label=_l("Of invited"), is_numeric=True, from_width="md"),
    ),
    sort="starts",
    cells="events/manage/list_cells.html",
    tabs=(
        ListTab(
            name="upcoming",
            label=_l("Upcoming"),
            condition=lambda reader: and_(E.state == EventState.OPEN, E.ends_at >= reader.now),
            is_counted=True,
            columns=("title", "starts", "place", "seats", "invited", "coming"),
        ),
        ListTab(
            name="draft",
            label=_l("Drafts"),
            condition=lambda _: E.state == EventState.DRAFT,
            is_counted=True,
            columns=("title", "starts", "place"),
        ),
        ListTab(
            name="past",
            label=_l("Past"),
            condition=lambda reader: and_(IS_ON, E.ends_at < reader.now),
            is_counted=True,
            sort="-starts",
            columns=("title", "starts", "invited", "coming", "attended", "rate"),
        ),
        ListTab(
            name="cancelled",
            label=_l("Canceled"),
            condition=lambda _: E.state == EventState.CANCELLED,
            is_counted=True,
            sort="-starts",
            columns=("title", "starts", "place", "invited"),
        ),
    ),
    filters=(
        ListFilter(
            name="kind",
            label=_l("Kind"),
            condition=lambda value: E.kind == value if value in set(labels.KINDS) else None,
            words=labels.KINDS,
        ),
    ),
    search=ListSearch(
        label=_l("Find an event"),
        placeholder=_l("Title or place"),
        condition=lambda _reader, text: or_(
            E.title.icontains(text, autoescape=True), E.venue.icontains(text, autoescape=True)
        ),
    ),
    facts=lambda reader, rows: queries.counts_of(reader.session, [row.id for row in rows]),
)


# Guests.


def _guests(_reader: ListReader) -> Select[EventGuest]:
    found = select(G).join(E, E.id == G.event_id)
    found = found.outerjoin(Advocate, Advocate.id == G.advocate_id)
    return found.outerjoin(Account, Account.id == Advocate.account_id).outerjoin(
        GuestNeeds, GuestNeeds.guest_id == G.id
    )


NAME = case((Advocate.id.is_not(None), Advocate.first_name + " " + Advocate.last_name), else_=G.name)
SORT_NAME = func.coalesce(Advocate.name_sort, func.lower(func.coalesce(func.nullif(G.name, ""), G.email)))
COMPANY = func.coalesce(Account.name, func.nullif(Advocate.company, ""), G.company)
ADDRESS = func.coalesce(Advocate.email, G.email)
NEEDS = func.concat_ws(
    ", ", func.nullif(func.array_to_string(GuestNeeds.food, ", "), ""), func.nullif(GuestNeeds.note, "")
)
NEVER = literal("9999-12-31").cast(G.answered_at.type)


def _in_event(value: str) -> ColumnElement[bool] | None:
    try:
        return G.event_id == UUID(value)
    except ValueError:
        return None


def _event_title(reader: ListReader, value: str) -> str:
    return reader.session.scalar(select(E.title).where(E.id == UUID(value))) or value


def _tab(name: str, label: object, **more: object) -> ListTab:
    states = queries.VIEWS[name]
    return ListTab(name=name, label=label, condition=lambda _: G.state.in_(states), **more)  # type: ignore[arg-type]


GUESTS = DeclaredList(
    name="event-guests",
    label=_l("Guests"),
    order=_l("by name"),
    endpoint="events.guests",
    roles=frozenset(MANAGER_ROLES),
    model=EventGuest,
    rows=_guests,
    columns=(
        ListColumn(
            name="name",
            label=_l("Guest"),
            place=Place.ALWAYS,
            cell=lambda _: cells.text(NAME),
            sort=(SORT_NAME,),
        ),
        ListColumn(name="email", label=_l("Email"), place=Place.FILE, cell=lambda _: cells.text(ADDRESS)),
        ListColumn(name="company", label=_l("Company"), from_width="md", cell=lambda _: cells.text(COMPANY)),
        ListColumn(
            name="event", label=_l("Event"), place=Place.ON_CHOICE, cell=lambda _: cells.text(E.title)
        ),
        ListColumn(
            name="state",
            label=_l("Answer"),
            from_width="md",
            cell=lambda _: cells.labeled(G.state, GUEST_STATES),
            sort=(G.state,),
        ),
        ListColumn(
            name="answered",
            label=_l("Answered"),
            from_width="lg",
            cell=lambda reader: _day(reader, G.changed_at),
            kind=CellKind.DAY,
            sort=(func.coalesce(G.changed_at, NEVER),),
            sorts_down_first=True,
        ),
        ListColumn(
            name="needs", label=_l("Food and access"), from_width="lg", cell=lambda _: cells.text(NEEDS)
        ),
        ListColumn(name="note", label=_l("Note"), from_width="xl", cell=lambda _: cells.text(G.note)),
        ListColumn(
            name="source",
            label=_l("How they came"),
            place=Place.ON_CHOICE,
            cell=lambda _: cells.labeled(G.source, labels.SOURCES),
        ),
        ListColumn(
            name="attended",
            label=_l("Was there"),
            from_width="md",
            cell=lambda reader: _day(reader, G.attended_at),
            kind=CellKind.DAY,
            sort=(func.coalesce(G.attended_at, NEVER),),
        ),
    ),
    sort="name",
    cells="events/manage/guest_cells.html",
    tabs=(
        _tab("coming", _l("Coming")),
        _tab("waiting", _l("Wait list")),
        _tab("maybe", _l("Maybe")),
        _tab("declined", _l("Declined")),
        _tab("cancelled", _l("Can’t come anymore")),
        _tab("silent", _l("Silent")),
        _tab("approval", _l("To approve")),
        ListTab(name="everybody", label=_l("Everybody")),
    ),
    names_every_tab=True,
    tabs_label=_l("Answers"),
    filters=(
        ListFilter(name="event", label=_l("Event"), condition=_in_event, show=_event_title, is_offered=False),
        ListFilter(
            name="source",
            label=_l("How they came"),
            condition=lambda value: G.source == value if value in set(labels.SOURCES) else None,
            words=labels.SOURCES,
        ),
        ListFilter(
            name="there",
            label=_l("Was there"),
            condition={"yes": queries.HAS_COME, "no": ~queries.HAS_COME}.get,
            words={"yes": _l("Was there"), "no": _l("Wasn’t seen")},
        ),
    ),
    search=ListSearch(
        label=_l("Find a guest"),
        placeholder=_l("Name, company or email"),
        condition=lambda _reader, text: or_(
            NAME.icontains(text, autoescape=True),
            COMPANY.icontains(text, autoescape=True),
            ADDRESS.icontains(text, autoescape=True),
        ),
    ),
    loads=(joinedload(G.advocate).joinedload(Advocate.account), joinedload(G.event)),
    facts=guest_facts.facts_of,
    acts=bulk_acts.ACTS,
    lock=bulk_acts.lock,
    row_title=lambda guest: guest.full_name,
    row_about=lambda guest: guest.event.title,
)
LISTS = (EVENTS, GUESTS)
