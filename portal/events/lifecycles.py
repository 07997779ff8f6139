"""The states of an event, of a guest's answer and of a place in a session, and the moves between them.

Whether somebody was there is no state: any answer may be followed by a check-in, which may be undone
(`guest_models.py`).
"""

from enum import StrEnum

from portal.events.history_actions import EventAction, GuestAction
from portal.lifecycle import FIRST_TIME, NOW, Lifecycle


class EventState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"  # people are invited, come, and are counted
    CANCELLED = "cancelled"
    CLOSED = "closed"  # who was there is settled; later changes are corrections


class EventMove(StrEnum):
    OPEN = "open"
    CANCEL = "cancel"
    CLOSE = "close"


EVENT_LIFECYCLE: Lifecycle[EventState, EventMove] = Lifecycle(
    "event",
    EventState.DRAFT,
    {
        EventMove.OPEN: ({EventState.DRAFT}, EventState.OPEN),
        EventMove.CANCEL: ({EventState.OPEN}, EventState.CANCELLED),
        EventMove.CLOSE: ({EventState.OPEN}, EventState.CLOSED),
    },
    columns={
        EventMove.OPEN: {"opened_at": NOW},
        EventMove.CANCEL: {"cancelled_at": NOW},
        EventMove.CLOSE: {"closed_at": NOW},
    },
    actions={
        EventMove.OPEN: EventAction.OPENED,
        EventMove.CANCEL: EventAction.CANCELLED,
        EventMove.CLOSE: EventAction.CLOSED,
    },
)


class GuestState(StrEnum):
    """What a guest answered, or where they stand on the way to it."""

    LISTED = "listed"  # known to the event and not written to: a line of a file, a walk-in, a plus-one
    UNCONFIRMED = "unconfirmed"  # registered; the link in the email was not opened and pressed yet
    REQUESTED = "requested"  # registered; a manager decides
    REFUSED = "refused"
    INVITED = "invited"
    MAYBE = "maybe"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"  # a seat is kept for them for a while
    LAPSED = "lapsed"  # they did not take it
    CANCELLED = "cancelled"  # after a yes; nobody offers them a seat
    REMOVED = "removed"  # by a manager, or they left the program


class GuestMove(StrEnum):
    INVITE = "invite"
    REGISTER = "register"
    REQUEST = "request"
    REFUSE = "refuse"
    ACCEPT = "accept"
    SAY_MAYBE = "say_maybe"
    DECLINE = "decline"
    CANCEL = "cancel"
    WAIT = "wait"
    OFFER = "offer"
    LAPSE = "lapse"
    SKIP = "skip"  # no provider took the email of the offer
    TAKE_BACK = "take_back"  # there are fewer seats now
    REMOVE = "remove"


S, M = GuestState, GuestMove
NO_SEAT = frozenset(S) - {S.ACCEPTED, S.OFFERED, S.REMOVED}  # they hold none, and may say yes
NO_OFFER = {"offered_at": None, "offer_until": None}
NOTHING_HELD = {"seats_held": 0, **NO_OFFER}
NOT_IN_LINE = {"place": None, "missed_offers": 0}
NEITHER = {**NOTHING_HELD, **NOT_IN_LINE}
ANSWERED = {"answered_at": FIRST_TIME, "reached_at": FIRST_TIME, "changed_at": NOW}
GUEST_LIFECYCLE: Lifecycle[GuestState, GuestMove] = Lifecycle(
    "guest",
    S.LISTED,
    {
        M.INVITE: ({S.LISTED}, S.INVITED),
        M.REGISTER: ({S.LISTED}, S.UNCONFIRMED),
        M.REQUEST: ({S.UNCONFIRMED}, S.REQUESTED),
        M.REFUSE: ({S.REQUESTED}, S.REFUSED),
        M.ACCEPT: (NO_SEAT | {S.OFFERED}, S.ACCEPTED),
        M.WAIT: (NO_SEAT - {S.WAITLISTED}, S.WAITLISTED),
        M.SAY_MAYBE: (NO_SEAT - {S.MAYBE} | {S.ACCEPTED, S.OFFERED}, S.MAYBE),
        M.DECLINE: (NO_SEAT - {S.DECLINED, S.CANCELLED} | {S.OFFERED}, S.DECLINED),
        M.CANCEL: ({S.ACCEPTED}, S.CANCELLED),
        M.OFFER: ({S.WAITLISTED}, S.OFFERED),
        M.LAPSE: ({S.OFFERED}, S.LAPSED),
        M.SKIP: ({S.OFFERED}, S.WAITLISTED),
        M.TAKE_BACK: ({S.ACCEPTED, S.OFFERED}, S.WAITLISTED),
        M.REMOVE: (frozenset(S) - {S.REMOVED}, S.REMOVED),
    },
    columns={
        M.INVITE: {"invited_at": NOW},
        M.ACCEPT: {"accepted_at": NOW, **ANSWERED, **NO_OFFER, **NOT_IN_LINE},
        M.WAIT: {"waitlisted_at": NOW, **ANSWERED},
        M.SAY_MAYBE: {**ANSWERED, **NEITHER},
        M.DECLINE: {**ANSWERED, **NEITHER},
        M.CANCEL: {"cancelled_at": NOW, **ANSWERED, **NEITHER},
        M.OFFER: {"offered_at": NOW, "changed_at": NOW},
        M.LAPSE: {"changed_at": NOW, **NEITHER},
        M.SKIP: NOTHING_HELD,
        M.TAKE_BACK: {"changed_at": NOW, **NOTHING_HELD},
        M.REMOVE: {"changed_at": NOW, **NEITHER},
    },
    actions={
        M.REFUSE: GuestAction.REFUSED,
        M.OFFER: GuestAction.OFFERED,
        M.LAPSE: GuestAction.LAPSED,
        M.SKIP: GuestAction.SKIPPED,
        M.TAKE_BACK: GuestAction.SEAT_TAKEN_BACK,
        M.REMOVE: GuestAction.REMOVED,
    },
)


class PlaceState(StrEnum):
    """Of a guest in a session with places of its own."""

    WISHED = "wished"  # picked, while the guest has no seat at the event yet
    TAKEN = "taken"
    WAITING = "waiting"
    OFFERED = "offered"
    LAPSED = "lapsed"
    GIVEN_UP = "given_up"


class PlaceMove(StrEnum):
    TAKE = "take"
    WAIT = "wait"
    OFFER = "offer"
    LAPSE = "lapse"
    SKIP = "skip"
    GIVE_UP = "give_up"
    WISH = "wish"


P, PM = PlaceState, PlaceMove
PLACE_LIFECYCLE: Lifecycle[PlaceState, PlaceMove] = Lifecycle(
    "place",
    P.WISHED,
    {
        PM.TAKE: (frozenset(P) - {P.TAKEN}, P.TAKEN),
        PM.WAIT: (frozenset(P) - {P.TAKEN, P.WAITING, P.OFFERED}, P.WAITING),
        PM.OFFER: ({P.WAITING}, P.OFFERED),
        PM.LAPSE: ({P.OFFERED}, P.LAPSED),
        PM.SKIP: ({P.OFFERED}, P.WAITING),
        PM.GIVE_UP: (frozenset(P) - {P.GIVEN_UP}, P.GIVEN_UP),
        PM.WISH: (frozenset(P) - {P.WISHED}, P.WISHED),
    },
    columns={
        PM.TAKE: {"seats_held": 1, **NO_OFFER, **NOT_IN_LINE},
        PM.WAIT: {"waitlisted_at": NOW},
        PM.OFFER: {"seats_held": 1, "offered_at": NOW},
        PM.LAPSE: NEITHER,
        PM.SKIP: NOTHING_HELD,
        PM.GIVE_UP: NEITHER,
        PM.WISH: NEITHER,
    },
)
