"""Asks of the desk count for a person's cap and never wait for it: whatever else was sent to that person."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.advocates.ask_kinds import GUESTS, AskKind
from portal.advocates.models import AdvocateState
from portal.declarations.email_kinds import EmailClass
from portal.outreach.governance.open_asks import OpenAsk
from portal.outreach.governance.sending_hours import SendingHours
from portal.outreach.governance.sending_rules import (
    ALLOWED,
    RecipientState,
    SendingContext,
    SendingLimits,
    decide,
)
from portal.outreach.models import HoldReason
from portal.outreach.sequences.forecast import PlannedEmail
from tenants.clock import utc_now

DESK = {AskKind.CALL, AskKind.SITE_VISIT, AskKind.SPEAKING, AskKind.WRITTEN, AskKind.QUOTE, AskKind.RFP}
NOW = utc_now()
ADA = uuid4()
LIMITS = SendingLimits(SendingHours(0, 0, weekdays_only=False), 3, 8, 20, "Europe/Berlin")


def email_about(ask_id: UUID, kind: AskKind, email_kind: str = "ask") -> PlannedEmail:
    return PlannedEmail(
        email_kind,
        EmailClass.PROGRAM,
        kind.purpose.value,
        "ada@corvid.example",
        ADA,
        subject_id=ask_id,
        links={"answer": {"version": 1}},
    )


def context_of(asks: dict[UUID, AskKind]) -> SendingContext:
    person = RecipientState(AdvocateState.ENROLLED, [kind.purpose.value for kind in AskKind])
    return SendingContext(
        now=NOW,
        tomorrow=NOW + timedelta(days=1),
        limits=LIMITS,
        recipients={ADA: person},
        open_asks={ask_id: OpenAsk(1, kind) for ask_id, kind in asks.items()},
    )


def after(history: list[tuple[AskKind, int]], kind: AskKind) -> tuple[SendingContext, PlannedEmail]:
    """Asks of these kinds were emailed so many hours ago, oldest first; now one of this kind is to leave."""
    asks = {uuid4(): past for past, _ in history} | {(mine := uuid4()): kind}
    context = context_of(asks)
    for (ask_id, past), (_, hours) in zip(
        asks.items(), sorted(history, key=lambda told: -told[1]), strict=False
    ):
        context.now = NOW - timedelta(hours=hours)
        context.record_send(email_about(ask_id, past))
    context.now = NOW
    return context, email_about(mine, kind)


@settings(max_examples=200, deadline=None)
@given(
    history=st.lists(st.tuples(st.sampled_from(sorted(GUESTS)), st.integers(0, 720)), max_size=40),
    kind=st.sampled_from(sorted(DESK)),
    email_kind=st.sampled_from(["ask", "ask_reminder"]),
)
def test_no_history_of_events_board_meetings_and_surveys_ever_holds_the_email_of_a_desk_ask(
    history: list[tuple[AskKind, int]], kind: AskKind, email_kind: str
) -> None:
    context, email = after(history, kind)
    assert decide(email._replace(kind=email_kind), context) == ALLOWED


@pytest.mark.parametrize("kind", [kind for kind in AskKind if kind not in DESK])
def test_every_other_ask_waits_for_the_cap_that_asks_of_the_desk_fill(kind: AskKind) -> None:
    context, email = after([(AskKind.CALL, 30), (AskKind.QUOTE, 20), (AskKind.WRITTEN, 10)], kind)
    assert decide(email, context).hold_reason is HoldReason.FREQUENCY_CAP


def test_the_email_of_an_ask_that_is_over_is_held_whatever_its_kind() -> None:
    context, email = after([], AskKind.CALL)
    context.open_asks = {}
    assert decide(email, context).hold_reason is HoldReason.OBSOLETE
