"""What came of an event: both rates, arrivals, feedback, cost for each who came, by company, and deals."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Deal
from portal.accounts.name_normalization import normal_name
from portal.advocates.models import Advocate
from portal.events import metrics
from portal.events.guest_models import EventFeedback, EventGuest
from portal.events.manage.event_parts import EventParts, read_parts
from portal.events.models import Event
from tenants.rows_at_once import rows_at_once

G = EventGuest
STEPS = 12  # of the curve of arrivals
COMMENTS = 50
COMPANIES = 25
DEALS = 25
PROMOTES, DETRACTS = 9, 6


@dataclass(frozen=True)
class Arrivals:
    """How many were there by the end of each step."""

    ends: list[datetime]
    numbers: list[int]

    @property
    def total(self) -> int:
        return sum(self.numbers)

    @property
    def running(self) -> list[int]:
        return [sum(self.numbers[: place + 1]) for place in range(len(self.numbers))]


@dataclass(frozen=True)
class Feedback:
    scores: Counter[int]

    @property
    def answered(self) -> int:
        return sum(self.scores.values())

    @property
    def nps(self) -> int | None:
        """Of this event alone; it is in no other number."""
        if not self.answered:
            return None
        promoters = sum(number for score, number in self.scores.items() if score >= PROMOTES)
        detractors = sum(number for score, number in self.scores.items() if score <= DETRACTS)
        return round(100 * (promoters - detractors) / self.answered)


@dataclass(frozen=True)
class EventResults:
    event: Event
    numbers: dict[str, int]  # by the parts of the metric
    arrivals: Arrivals
    feedback: Feedback
    comments: Sequence[dict[str, Any]]
    companies: Sequence[dict[str, Any]]
    sources: Sequence[dict[str, Any]]
    deals: Sequence[Deal]
    parts: EventParts

    @property
    def people(self) -> int:
        return self.numbers["attended"] + self.numbers["walk-ins"] + self.numbers["plus-ones"]

    @property
    def of_invited(self) -> int | None:
        return _percent(self.numbers["attended"], self.numbers["invited"])

    @property
    def of_accepted(self) -> int | None:
        return _percent(self.numbers["accepted-attended"], self.numbers["accepted"])

    @property
    def cost_per_guest(self) -> int | None:
        return self.parts.cost_cents // self.people if self.people and self.parts.cost_cents else None


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def read(session: Session, event: Event) -> EventResults:
    found = rows_at_once(
        session,
        _numbers(event.id),
        _arrived(event.id),
        _scores(event.id),
        _comments(event.id),
        _companies(event.id),
        _sources(event.id),
        _companies_there(event.id),
    )
    numbers, arrived, scores, comments, companies, sources, there = found
    return EventResults(
        event=event,
        numbers=numbers[0],
        arrivals=arrival_curve(event, [datetime.fromisoformat(row["attended_at"]) for row in arrived]),
        feedback=Feedback(Counter({row["score"]: row["number"] for row in scores})),
        comments=comments,
        companies=companies,
        sources=sources,
        deals=_deals(session, [row["company"] for row in there]),
        parts=read_parts(session, event),
    )


def arrival_curve(event: Event, arrived: Sequence[datetime]) -> Arrivals:
    """From half an hour before the start, or the first who came, to the end, or the last."""
    first = min([event.starts_at - timedelta(minutes=30), *arrived])
    last = max([event.ends_at, *arrived])
    step = (last - first) / STEPS
    numbers = Counter(min(int((at - first) / step), STEPS - 1) for at in arrived)
    return Arrivals(
        [first + step * (place + 1) for place in range(STEPS)], [numbers[place] for place in range(STEPS)]
    )


def _numbers(event_id: UUID) -> Select[*tuple[Any, ...]]:
    counted = [func.count().filter(which).label(name) for name, which in metrics.PARTS.items()]
    return select(*counted).where(G.event_id == event_id)


def _arrived(event_id: UUID) -> Select[*tuple[Any, ...]]:
    return select(G.attended_at).where(G.event_id == event_id, G.attended_at.is_not(None))


def _scores(event_id: UUID) -> Select[*tuple[Any, ...]]:
    F = EventFeedback  # noqa: N806
    found = select(F.score, func.count().label("number")).join(G, G.id == F.guest_id)
    return found.where(G.event_id == event_id).group_by(F.score)


def _name() -> Any:
    advocate = Advocate.first_name + " " + Advocate.last_name
    return func.coalesce(advocate, func.nullif(G.name, ""), G.email).label("name")


def _comments(event_id: UUID) -> Select[*tuple[Any, ...]]:
    F = EventFeedback  # noqa: N806
    found = select(F.score, F.comment, F.may_quote, _name(), G.id.label("guest_id")).join(
        G, G.id == F.guest_id
    )
    found = found.outerjoin(Advocate, Advocate.id == G.advocate_id)
    said = found.where(G.event_id == event_id, F.comment != "")
    return said.order_by(F.score, F.changed_at).limit(COMMENTS)


def _company() -> Any:
    return func.coalesce(Account.name, func.nullif(Advocate.company, ""), func.nullif(G.company, ""), "-")


def _with_companies(found: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    found = found.outerjoin(Advocate, Advocate.id == G.advocate_id)
    return found.outerjoin(Account, Account.id == func.coalesce(G.account_id, Advocate.account_id))


def _companies(event_id: UUID) -> Select[*tuple[Any, ...]]:
    P = metrics.PARTS  # noqa: N806
    name = _company().label("company")
    numbers = [
        func.count().filter(P[part]).label(label)
        for part, label in (("invited", "invited"), ("accepted", "accepted"), ("attended", "attended"))
    ]
    account = func.min(func.cast(Account.id, Account.name.type)).label("account_id")
    found = _with_companies(select(name, Account.industry, account, *numbers).select_from(G))
    found = found.where(G.event_id == event_id).group_by(name, Account.industry)
    return found.order_by(func.count().filter(P["attended"]).desc(), name).limit(COMPANIES)


def _sources(event_id: UUID) -> Select[*tuple[Any, ...]]:
    utm = case((G.utm_source != "", G.utm_source), else_="")
    came = func.count().filter(G.attended_at.is_not(None)).label("attended")
    found = select(G.source, utm.label("utm"), func.count().label("guests"), came).where(
        G.event_id == event_id
    )
    return found.group_by(G.source, utm).order_by(func.count().desc())


def _companies_there(event_id: UUID) -> Select[*tuple[Any, ...]]:
    came = _with_companies(select(_company().label("company")).select_from(G))
    return came.where(G.event_id == event_id, G.attended_at.is_not(None)).distinct()


def _deals(session: Session, companies: Sequence[str]) -> Sequence[Deal]:
    """Of companies whose people were there, each once. That they were there is no proof that it helped."""
    names = {normal_name(name) for name in companies} - {""}
    if not names:
        return []
    theirs = select(Deal).where(Deal.prospect_norm.in_(names))
    return session.scalars(theirs.order_by(Deal.amount_cents.desc().nulls_last(), Deal.id).limit(DEALS)).all()
