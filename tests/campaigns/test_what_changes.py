"""Whatever happens between list and turn: nobody is asked without consent, over budget, paused or suppressed."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, AdvocateState
from portal.asks.models import Ask, AskKind, AskState
from portal.campaigns.models import LeftOut, PersonState
from portal.outreach.models import Email
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from portal.surveys import actions as surveys
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.campaigns.campaigns import people_of, work
from tests.surveys.surveys import draft, switch_on, those_with
from tests.world import World

Happening = Callable[[Session, Advocate], object]
towns = count(1)


def withdraw_consent(session: Session, person: Advocate) -> None:
    person.consents = ["calls"]


def pause(session: Session, person: Advocate) -> None:
    person.state, person.paused_at = AdvocateState.PAUSED, utc_now()


def leave(session: Session, person: Advocate) -> None:
    person.state, person.left_at = AdvocateState.DEPARTED, utc_now()


def bounce(session: Session, person: Advocate) -> None:
    suppress(session, person.email, SuppressionReason.BOUNCED)


def unsubscribe(session: Session, person: Advocate) -> None:
    suppress(session, person.email, SuppressionReason.UNSUBSCRIBED, purpose="feedback")


def opt_out(session: Session, person: Advocate) -> None:
    suppress(session, person.email, SuppressionReason.OPTED_OUT)


def lose_the_address(session: Session, person: Advocate) -> None:
    person.email = "nowhere"


def invite_to_a_board(session: Session, person: Advocate) -> None:
    """Twenty minutes of attention, all there are."""
    session.add(_ask(person, AskKind.BOARD_MEETING, attention=20))


def survey_them(session: Session, person: Advocate) -> None:
    session.add(_ask(person, AskKind.SURVEY, attention=1))


def _ask(person: Advocate, kind: AskKind, attention: int) -> Ask:
    at = utc_now() - timedelta(days=1)
    return Ask(
        kind=kind, advocate_id=person.id, account_id=person.account_id, subject_type="favor", subject_id=person.id,
        minutes=0, attention_minutes=attention, due_on=at.date(), state=AskState.EXPIRED, sent_at=at, ended_at=at,
    )  # fmt: skip


def nothing(session: Session, person: Advocate) -> None: ...


HAPPENINGS: dict[Happening, LeftOut | None] = {
    nothing: None,
    withdraw_consent: LeftOut.CONSENT,
    pause: LeftOut.PAUSED,
    leave: LeftOut.PAUSED,
    bounce: LeftOut.UNREACHABLE,
    unsubscribe: LeftOut.UNREACHABLE,
    opt_out: LeftOut.OPTED_OUT,
    lose_the_address: LeftOut.UNREACHABLE,
    invite_to_a_board: LeftOut.BUDGET,
    survey_them: LeftOut.LATELY,
}


@pytest.fixture(scope="module")
def world(app: Portal) -> World:
    built = World.build(app, "Ledger")
    switch_on(built)
    return built


@pytest.fixture(scope="module")
def dana(world: World) -> Membership:
    return world.member(Role.MANAGER, name="Dana Okafor")


@settings(max_examples=15)
@given(happenings=st.lists(st.sampled_from(list(HAPPENINGS)), min_size=1, max_size=8))
def test_nobody_is_asked_who_must_not_be_and_the_first_reason_is_kept(
    world: World, dana: Membership, happenings: list[Happening]
) -> None:
    town = f"Town No{next(towns)}"
    people = [world.advocate(account=world.account(f"{town} {place}")) for place in range(len(happenings))]
    survey = draft(world, audience=those_with("person.name", town))
    with world.session() as session:
        surveys.launch(session, survey.id, by=dana)
    work(world, 1)
    assert {row.state for row in people_of(world, survey)} == {PersonState.QUEUED}
    for person, happens in zip(people, happenings, strict=True):
        with world.session() as session:
            happens(session, session.get_one(Advocate, (person.tenant_id, person.id)))
    work(world)
    reasons = {row.advocate_id: row.left_out for row in people_of(world, survey)}
    assert reasons == {p.id: HAPPENINGS[how] for p, how in zip(people, happenings, strict=True)}
    free = {person.id for person, happens in zip(people, happenings, strict=True) if happens is nothing}
    with world.session() as session:
        asked = set(session.scalars(select(Ask.advocate_id).where(Ask.subject_id == survey.id)))
        emailed = set(session.scalars(select(Email.advocate_id).where(Email.advocate_id.in_(reasons))))
    assert (asked, emailed) == (free, free)
