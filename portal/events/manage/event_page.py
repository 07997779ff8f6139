"""The page of an event: what is taken, who waits, who answered what, what goes out next and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from portal import history
from portal.advocates.models import Advocate
from portal.campaigns import campaign_page
from portal.campaigns import queries as campaigns
from portal.campaigns.campaign_page import CampaignPanel
from portal.campaigns.models import Campaign
from portal.errors import NotFound
from portal.events.campaign import CAMPAIGN
from portal.events.guest_models import EventGuest, GuestState
from portal.events.labels import HISTORY_ACTIONS
from portal.events.manage import guest_facts, queries
from portal.events.manage.event_parts import EventParts, read_parts
from portal.events.manage.guest_facts import GuestFacts
from portal.events.manage.queries import VIEWS, GuestCounts
from portal.events.models import Event, EventState
from portal.web.filters import moment
from tenants.clock import utc_now
from tenants.models import Membership

G = EventGuest
SHOWN = 7  # guests of a tab
SHOWN_IN_LINE = 8
MOST_DOTS = 40


@dataclass(frozen=True)
class EventPage:
    event: Event
    counts: GuestCounts
    parts: EventParts
    line: Sequence[EventGuest]
    guests: Sequence[EventGuest]
    facts: GuestFacts
    view: str
    sending: CampaignPanel | None
    history: list[tuple[str, str, str]]

    @property
    def is_over(self) -> bool:
        return self.event.ends_at <= utc_now()

    @property
    def offered(self) -> int:
        return self.counts.by_state.get(GuestState.OFFERED, 0)

    @property
    def waiting(self) -> int:
        return self.counts.by_state.get(GuestState.WAITLISTED, 0)

    @property
    def taken(self) -> int:
        """Seats of those who come with whom they bring; what is offered is held, too."""
        return self.event.seats_taken - self.offered_seats

    @property
    def offered_seats(self) -> int:
        return (
            sum(guest.seats_held for guest in self.line) if self.offered <= len(self.line) else self.offered
        )

    @property
    def dots(self) -> list[tuple[str, int, int]]:
        """(class, x, radius) of each seat and of whoever waits; none where a bar says it better."""
        capacity = self.event.capacity
        if capacity is None or capacity > MOST_DOTS:
            return []
        free = max(capacity - self.event.seats_taken, 0)
        kinds = ["taken"] * self.taken + ["offered"] * self.offered_seats + ["free"] * free
        seats = [(kind, 9 + 20 * place, 7) for place, kind in enumerate(kinds)]
        after = 20 * len(kinds) + 21
        return seats + [("wait", after + 20 * place, 5) for place in range(min(self.waiting, 10))]

    @property
    def cost_per_guest(self) -> int | None:
        people = self.counts.attended + self.counts.extra if self.is_over else self.counts.accepted
        return self.parts.cost_cents // people if people and self.parts.cost_cents else None

    @property
    def tabs(self) -> list[tuple[str, int]]:
        """Those that have somebody, and the one that is open."""
        return [
            (name, self.counts.view(name)) for name in VIEWS if self.counts.view(name) or name == self.view
        ]

    @property
    def upcoming(self) -> list[tuple[datetime, str]]:
        return next_emails(self.event, self.counts)


def read(session: Session, event_id: UUID, reader: Membership, view: str) -> EventPage:
    event, sending = _event_and_campaign(session, event_id, reader)
    counts = queries.counts(session, event)
    chosen = view if view in VIEWS else _first_view(counts)
    guests = _guests(session, event, chosen)
    return EventPage(
        event=event,
        counts=counts,
        parts=read_parts(session, event),
        line=_line(session, event) if counts.view("waiting") else (),
        guests=guests,
        facts=guest_facts.facts(session, [one.id for one in guests]) if guests else GuestFacts(),
        view=chosen,
        sending=sending,
        history=[_history_line(one) for one in history.entries_about(session, event)],
    )


def _first_view(counts: GuestCounts) -> str:
    """Who must be decided about comes first, then who comes."""
    return next((name for name in ("approval", "coming", "silent", "maybe") if counts.view(name)), "coming")


def _event_and_campaign(
    session: Session, event_id: UUID, reader: Membership
) -> tuple[Event, CampaignPanel | None]:
    its = and_(Campaign.subject_type == Event.__tablename__, Campaign.subject_id == Event.id)
    mine = select(Event, Campaign, campaigns.counts()).outerjoin(Campaign, its).where(Event.id == event_id)
    row = session.execute(mine.options(joinedload(Event.host), *campaigns.MEMBERS)).one_or_none()
    if row is None:
        raise NotFound("We couldn’t find this event.")
    event, campaign, lines = row
    progress = campaigns.progress_of(lines)
    panel = campaign_page.panel(session, CAMPAIGN, campaign, progress, reader) if campaign else None
    return event, panel


def _with_people(event: Event) -> Any:
    people = joinedload(G.advocate).joinedload(Advocate.account)
    return select(G).where(G.event_id == event.id, G.host_id.is_(None)).options(people)


def _line(session: Session, event: Event) -> Sequence[EventGuest]:
    """Offers first, then who waits, in order."""
    waits = _with_people(event).where(G.state.in_(VIEWS["waiting"]))
    order = (G.state != GuestState.OFFERED, G.missed_offers, G.is_priority.desc(), G.place)
    found: Sequence[EventGuest] = session.scalars(waits.order_by(*order).limit(SHOWN_IN_LINE)).all()
    return found


def _guests(session: Session, event: Event, view: str) -> Sequence[EventGuest]:
    theirs = _with_people(event).where(G.state.in_(VIEWS[view]))
    found: Sequence[EventGuest] = session.scalars(
        theirs.order_by(G.changed_at.desc(), G.id).limit(SHOWN)
    ).all()
    return found


def next_emails(event: Event, counts: GuestCounts) -> list[tuple[datetime, str]]:
    """When guests are written to by themselves; nobody is, once it is canceled."""
    if event.state is not EventState.OPEN:
        return []
    coming = counts.accepted
    people = ngettext("to one person who comes", "to %(num)d people who come", coming)
    planned = [
        (event.starts_at - timedelta(days=7), _("A week before, %(people)s", people=people)),
        (event.starts_at - timedelta(days=1), _("One day before, %(people)s", people=people)),
        (event.starts_at - timedelta(hours=2), _("Two hours before, %(people)s", people=people)),
        (
            event.ends_at + timedelta(hours=14),
            _("Thanks and a question to those who came, materials to the others"),
        ),
    ]
    return [(at, words) for at, words in planned if at > utc_now() and (coming or at > event.ends_at)]


def _history_line(entry: history.HistoryEntry) -> tuple[str, str, str]:
    words = {str(action): words for action, words in HISTORY_ACTIONS.items()}
    return moment(entry.created_at), entry.by_name, str(words.get(entry.action, entry.action))
