"""An event's part of the answer page of its asks, and how they are told: guests and speakers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import links
from portal.advocates.models import Advocate
from portal.asks import change_actions as changes
from portal.asks import summary_labels
from portal.asks.answer_codes import DeclineReason
from portal.asks.answering.reasons import usual_reasons
from portal.asks.models import Ask, AskKind
from portal.asks.timeline_text import TimelineAsk, ask_text
from portal.declarations.answers import AnswerPart, DeclineAnswer, ExtraAnswer, ReasonChoice
from portal.declarations.asks import AskSummary, ImpactEntry, ImpactHeadline, ImpactPart
from portal.events import queries, speakers
from portal.events.emails import COME_TO_EVENT
from portal.events.guest_models import EventGuest, GuestState
from portal.events.link_purposes import LINK_PATHS, EventLinkPurpose
from portal.events.models import Event
from portal.events.seats import answers
from portal.i18n import mark
from portal.web.filters import moment
from portal.web.forms import Form

GUEST_REASONS = (DeclineReason.TOO_BUSY, DeclineReason.NOT_ME, DeclineReason.TOO_OFTEN)


@dataclass(frozen=True)
class AskedGuest:
    """What the page shows: of a speaker there may be no row of a guest yet."""

    event: Event
    guest: EventGuest | None

    @property
    def guest_page(self) -> str:
        """Where a guest finds everything; a speaker who is no guest yet has none."""
        if self.guest is None:
            return ""
        token = links.token(
            EventLinkPurpose.GUEST, self.guest.tenant_id, self.guest.id, self.guest.link_version
        )
        return f"/{LINK_PATHS[EventLinkPurpose.GUEST]}/{token}"


class AnswerForm(Form):
    """A yes asks for nothing more; sessions and company are on the guest's own page."""


def lock(session: Session, ask: Ask) -> None:
    if ask.kind is AskKind.EVENT:
        queries.lock_guest_of_ask(session, ask.id)
    else:
        queries.lock_event(session, ask.subject_id)


def content(session: Session, ask: Ask) -> AskedGuest:
    guest = queries.guest_of_ask(session, ask.id)
    return AskedGuest(guest.event if guest else queries.get(session, ask.subject_id), guest)


def accept(session: Session, ask: Ask, shown: AskedGuest, form: AnswerForm) -> None:
    if ask.kind is AskKind.EVENT:
        answers.say_yes(session, queries.lock_guest_of_ask(session, ask.id))
    else:
        speakers.accept(session, ask)


def decline(session: Session, ask: Ask, answer: DeclineAnswer) -> None:
    """The ledger wrote it down; the seat is free for others."""
    if ask.kind is AskKind.EVENT:
        answers.say_no(session, queries.lock_guest_of_ask(session, ask.id))
    else:
        speakers.decline(session, ask)


def say_maybe(session: Session, ask: Ask) -> None:
    if ask.kind is AskKind.EVENT:
        answers.say_maybe(session, queries.lock_guest_of_ask(session, ask.id))
    else:
        changes.say_maybe(session, ask)


def changeable_until(session: Session, ask: Ask) -> datetime | None:
    """Until the start, while the event takes answers."""
    guest = queries.guest_of_ask(session, ask.id)
    if guest is None or not guest.event.takes_answers or guest.state is GuestState.REMOVED:
        return None
    return guest.event.starts_at


def reasons(ask: Ask, shown: AskedGuest) -> Sequence[ReasonChoice]:
    usual = usual_reasons(ask)
    return [one for one in usual if one.code in GUEST_REASONS] if ask.kind is AskKind.EVENT else usual


ANSWER_PART = AnswerPart(
    lock=lock,
    content=content,
    form=lambda shown: AnswerForm(),
    accept=accept,
    decline=decline,
    template="events/answering/ask.html",
    answered_template="events/answering/answered.html",
    extra=(ExtraAnswer("maybe", mark("Maybe"), say_maybe),),
    reasons=reasons,
    changeable_until=changeable_until,
    can_suggest_colleague=False,
)


def summaries(session: Session, asks: Sequence[Ask]) -> dict[UUID, AskSummary]:
    events = _events(session, [ask.subject_id for ask in asks])
    return {ask.id: _summary(ask, events.get(ask.subject_id)) for ask in asks}


def _summary(ask: Ask, event: Event | None) -> AskSummary:
    if event is None:
        return summary_labels.summary(ask)
    own = {"length": moment(event.starts_at, event.time_zone), "effort": "", "link_phrase": COME_TO_EVENT}
    if ask.kind is AskKind.EVENT:
        own |= {"question": _("Will you come to “%(title)s”?", title=event.title), "yes_label": _("Answer")}
    else:
        own |= {"question": _("Would you speak at “%(title)s”?", title=event.title)}
    return summary_labels.summary(ask, **own)


def _events(session: Session, ids: Sequence[UUID]) -> dict[UUID, Event]:
    return {event.id: event for event in session.scalars(select(Event).where(Event.id.in_(ids)))}


EVENT_OF_ASK = (  # for the timeline of a person: in the statement that reads their asks
    select(
        func.jsonb_build_object(
            *("title", Event.title, "came", func.coalesce(EventGuest.attended_at.is_not(None), False)),
        )
    )
    .select_from(Event)
    .outerjoin(EventGuest, EventGuest.ask_id == Ask.id)
    .where(Event.id == Ask.subject_id)
    .correlate(Ask)
    .scalar_subquery()
)


def timeline_texts(session: Session, asks: Sequence[TimelineAsk]) -> dict[UUID, str]:
    """“Closing in three days”: event invitation: accepted. Was there."""
    return {ask.id: _timeline_text(ask, ask.program_detail) for ask in asks}


def _timeline_text(ask: TimelineAsk, detail: Mapping[str, Any] | None) -> str:
    if detail is None:
        return ask_text(ask)
    said = _("“%(title)s”: %(what)s", title=detail["title"], what=ask_text(ask))
    return f"{said}. {_('Was there.')}" if detail["came"] else said


def impact_entries(session: Session, asks: Sequence[Ask]) -> dict[UUID, ImpactEntry]:
    """How many were there together."""
    came = select(func.count()).where(EventGuest.event_id == Event.id, EventGuest.attended_at.is_not(None))
    rows = select(Ask.id, Event.title, came.correlate(Event).scalar_subquery())
    its = rows.join(Event, Event.id == Ask.subject_id).where(Ask.id.in_([ask.id for ask in asks]))
    return {
        ask_id: ImpactEntry(title, ngettext("One guest was there.", "%(num)d guests were there.", number))
        for ask_id, title, number in session.execute(its)
    }


def impact_headline(session: Session, advocate: Advocate) -> ImpactHeadline:
    """To come is no favor, so it is in no title."""
    return ImpactHeadline()


IMPACT_PART = ImpactPart(impact_entries, impact_headline)
