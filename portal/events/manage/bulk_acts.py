"""What a manager does with many guests at once: let them in or not, take them off. Messages have their own page."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.declarations.bulk_acts import BulkAct, BulkOptions, Refusals, RowIds
from portal.events.guest_models import EventGuest, GuestState
from portal.events.labels import TAKEN_OFF_THE_LIST
from portal.events.models import Event
from portal.events.queries import LockedGuest
from portal.events.seats import leaving, registrations
from portal.id_arrays import is_one_of

G = EventGuest
POPULATE = {"populate_existing": True}


class NotDecided(StrEnum):
    STATE = "state"  # nobody has to decide about them
    OVER = "over"


class NotRemoved(StrEnum):
    GONE = "gone"
    CAME = "came"


def lock(session: Session, ids: Sequence[UUID]) -> None:
    """Events before guests, each in the order of their ids."""
    theirs = select(G.event_id).where(G.id == is_one_of(ids))
    events = select(Event).where(Event.id.in_(theirs)).order_by(Event.id)
    session.scalars(events.with_for_update(key_share=True), execution_options=POPULATE).all()
    guests = select(G).where(G.id == is_one_of(ids)).order_by(G.id)
    session.scalars(guests.with_for_update(key_share=True), execution_options=POPULATE).all()


def locked_guests(session: Session, ids: Sequence[UUID]) -> list[LockedGuest]:
    """Of rows that `lock` has taken."""
    rows = select(Event, G).join(G, G.event_id == Event.id).where(G.id == is_one_of(ids)).order_by(G.id)
    return [LockedGuest(event, guest) for event, guest in session.execute(rows)]


def _not_decided(session: Session, ids: RowIds, _options: BulkOptions) -> Refusals:
    rows = select(Event, G).join(G, G.event_id == Event.id).where(G.id.in_(ids))
    refused: dict[UUID, str] = {}
    for event, guest in session.execute(rows):
        if guest.state is not GuestState.REQUESTED:
            refused[guest.id] = NotDecided.STATE
        elif not event.takes_answers:
            refused[guest.id] = NotDecided.OVER
    return refused


def _not_removed(session: Session, ids: RowIds, _options: BulkOptions) -> Refusals:
    rows = session.execute(select(G.id, G.state, G.attended_at).where(G.id.in_(ids)))
    refused: dict[UUID, str] = {}
    for guest_id, state, attended_at in rows:
        if state is GuestState.REMOVED:
            refused[guest_id] = NotRemoved.GONE
        elif attended_at is not None:
            refused[guest_id] = NotRemoved.CAME
    return refused


def _approve(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    for here in locked_guests(session, ids):
        registrations.approve(session, here, by=options.by)


def _refuse(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    for here in locked_guests(session, ids):
        registrations.refuse(session, here, by=options.by)


def _remove(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    for here in locked_guests(session, ids):
        leaving.remove(session, here, TAKEN_OFF_THE_LIST, by=options.by)


def _decision(
    name: str, label: Any, words: Callable[[int], str], icon: str, apply: Any, lede: Any, *, danger: bool
) -> BulkAct:
    return BulkAct(
        name=name,
        label=label,
        title=lambda n: f"{words(n)}?",
        lede=lede,
        submit=words,
        done=lambda n: ngettext("%(num)d registration decided.", "%(num)d registrations decided.", n),
        nobody=_l("None of these registrations wait for you"),
        reasons={
            NotDecided.STATE: _l("Don’t wait for anybody’s approval"),
            NotDecided.OVER: _l("The event takes no more answers"),
        },
        refusals=_not_decided,
        apply=apply,
        icon=icon,
        is_danger=danger,
    )


APPROVE = _decision(
    "approve",
    _l("Approve…"),
    lambda n: ngettext("Let %(num)d person in", "Let %(num)d people in", n),
    "check",
    _approve,
    _l("Each gets a seat, or a place on the wait list, and is told at once."),
    danger=False,
)
REFUSE = _decision(
    "refuse",
    _l("Don’t approve…"),
    lambda n: ngettext("Turn %(num)d person down", "Turn %(num)d people down", n),
    "x",
    _refuse,
    _l("Each is told once, kindly. They hold no seat."),
    danger=True,
)
REMOVE = BulkAct(
    name="remove",
    label=_l("Take off the list…"),
    title=lambda n: ngettext("Take %(num)d guest off the list?", "Take %(num)d guests off the list?", n),
    lede=_l("Their seats go to whoever waits, their links open nothing any more, and open invitations end."),
    submit=lambda n: ngettext("Take %(num)d guest off", "Take %(num)d guests off", n),
    done=lambda n: ngettext("%(num)d guest is off the list.", "%(num)d guests are off the list.", n),
    nobody=_l("None of these guests can be taken off"),
    reasons={
        NotRemoved.GONE: _l("Off the list already"),
        NotRemoved.CAME: _l("Were there: undo the check-in first"),
    },
    refusals=_not_removed,
    apply=_remove,
    icon="user-minus",
    is_danger=True,
)
ACTS = (APPROVE, REFUSE, REMOVE)
