"""May this email leave now? The rules of the claim, each with the word a manager reads and the moment it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from jobs import mail
from jobs.worker_context import open_worker_context
from portal.advocates import actions as advocates
from portal.advocates.emails import ENROLL_INVITATION
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.email_content import Recipient, SignedLink
from portal.gateways.mail import SendOutcome, SendResult
from portal.gateways.queue import JobQueue, WorkQueue
from portal.links import LinkPurpose
from portal.outreach.emails import NEW_LINK, OWN_EMAIL
from portal.outreach.governance.models import DailyMailStats
from portal.outreach.messages import claim, send_results
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.sequences import control
from portal.outreach.sequences.models import EmailSequence, SequenceState
from portal.outreach.status_codes import StatusCode
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import OPT_OUT_REASONS, SuppressionReason
from portal.references.link_purposes import CallLinkPurpose
from tenants import clock
from tenants.clock import utc_now
from tests.client import Client
from tests.mailbox import Mailbox
from tests.world import World

TUESDAY_TEN = datetime(2026, 12, 1, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture(autouse=True)
def _an_office(acme: Any) -> None:
    open_worker_context(acme.settings, JobQueue(acme.settings.redis_url))


def news(world: Any, advocate: Advocate, **more: Any) -> Email:
    """An email of a program."""
    to = Recipient(advocate.email, advocate.name, advocate_id=advocate.id)
    with world.session() as session:
        email = compose(session, OWN_EMAIL, to, f"{uuid7()}", purpose=more.pop("purpose", "calls"))
        for name, value in more.items():
            setattr(email, name, value)
    return email


def receipt(world: Any, advocate: Advocate) -> Email:
    """What somebody asked for."""
    to = Recipient(advocate.email, advocate.name, advocate_id=advocate.id)
    links = {"page": SignedLink(CallLinkPurpose.SLOT, uuid7())}
    with world.session() as session:
        return compose(session, NEW_LINK, to, f"{uuid7()}", fields={"what": "it"}, links=links)


def claimed(world: Any, most: int = 1000) -> int:
    with world.session() as session:
        return len(
            claim.claim(session, "mail", lease=timedelta(seconds=60), limit=most, gateway="mailbox").emails
        )


def held(world: World, email: Email) -> tuple[HoldReason, Any]:
    email = world.reload(email)
    assert email.state is EmailState.HELD, email.state
    assert email.status_code
    return email.hold_reason, email.due_at


def changed(world: Any, row_type: Any, row_id: UUID, **facts: Any) -> None:
    with world.session() as session:
        row = session.get_one(row_type, (world.tenant_id, row_id))
        for name, value in facts.items():
            setattr(row, name, value)


def test_an_email_waits_for_the_readers_morning_and_then_leaves_by_itself(
    acme: World, mailbox: Mailbox
) -> None:
    acme.set_outreach_policies(send_from_hour=8, send_until_hour=18, weekdays_only=1)
    clock.set_time(TUESDAY_TEN)
    near, far = acme.advocate(), acme.advocate(time_zone="America/Los_Angeles")
    emails = [news(acme, near), news(acme, far), receipt(acme, far)]
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    morning = datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert held(acme, emails[1]) == (HoldReason.QUIET_HOURS, morning)
    assert len(mailbox.all()) == 2, "an answer to what somebody did never waits"
    clock.set_time(morning)
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    assert len(mailbox.to(far.email)) == 2


def test_a_sequence_narrows_the_hours_and_nobody_widens_them(acme: World) -> None:
    acme.set_outreach_policies(send_from_hour=8, send_until_hour=18, weekdays_only=1)
    clock.set_time(TUESDAY_TEN)
    late, never = (
        news(acme, acme.advocate(), window_from=window[0], window_until=window[1])
        for window in ((14, 20), (20, 23))
    )
    assert claimed(acme) == 1, "a window outside the hours is passed over"
    assert held(acme, late) == (HoldReason.QUIET_HOURS, TUESDAY_TEN.replace(hour=14))
    assert acme.reload(never).state is EmailState.SENDING


def test_nobody_gets_more_emails_a_week_than_the_workspace_allows(acme: World) -> None:
    acme.set_outreach_policies(emails_per_week=2)
    clock.set_time(TUESDAY_TEN)
    ada, bob = acme.advocate(), acme.advocate()
    for _ in range(2):
        news(acme, ada)
        assert claimed(acme) == 1
        clock.set_offset(clock.offset() + timedelta(days=1))
    third, other = news(acme, ada), news(acme, bob)
    assert claimed(acme) == 1
    assert acme.reload(other).state is EmailState.SENDING
    why, free = held(acme, third)
    assert why is HoldReason.FREQUENCY_CAP
    assert abs(free - TUESDAY_TEN - timedelta(days=7)) < timedelta(minutes=5)
    clock.set_time(free)
    assert claimed(acme) == 1


def test_of_three_emails_at_once_to_one_person_two_leave_whoever_claims_them(acme: World) -> None:
    acme.set_outreach_policies(emails_per_week=2)
    ada = acme.advocate()
    for _ in range(8):
        news(acme, ada)
    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(lambda _: claimed(acme, most=2), range(8))) == 2


def test_the_workspace_has_a_limit_of_its_own_for_a_day(acme: World) -> None:
    acme.set_outreach_policies(emails_per_day=3)
    emails = [news(acme, acme.advocate()) for _ in range(5)]
    asked_for = receipt(acme, acme.advocate())
    assert claimed(acme) == 4
    assert acme.reload(asked_for).state is EmailState.SENDING
    berlin = ZoneInfo("Europe/Berlin")
    why, free = held(acme, emails[-1])
    assert (why, free.astimezone(berlin).hour) == (HoldReason.DAILY_LIMIT, 0)
    assert free.astimezone(berlin).date() == utc_now().astimezone(berlin).date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("complained", "single", "bulk", "asked_for"),
    [(0, True, True, True), (1, True, True, True), (2, True, False, True), (5, False, False, True)],
)
def test_complaints_rest_what_goes_to_many_and_then_all_but_answers(
    acme: World, complained: int, single: bool, bulk: bool, asked_for: bool
) -> None:
    """Of 1,500 emails: 2 are 0.13 %, 5 are 0.33 %. One alone says nothing yet."""
    with acme.session() as session:
        yesterday = (utc_now() - timedelta(days=1)).date()
        session.add(DailyMailStats(day=yesterday, accepted=1500, complained=complained))
    emails = [
        (news(acme, acme.advocate()), single),
        (news(acme, acme.advocate(), bulk=True), bulk),
        (receipt(acme, acme.advocate()), asked_for),
    ]
    claimed(acme)
    for email, leaves in emails:
        if leaves:
            assert acme.reload(email).state is EmailState.SENDING
        else:
            why, free = held(acme, email)
            assert why is HoldReason.COMPLAINTS
            assert free > utc_now()


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_an_email_to_somebody_suppressed_after_it_was_queued_never_leaves(
    acme: World, mailbox: Mailbox, reason: SuppressionReason
) -> None:
    ada = acme.advocate()
    emails = [news(acme, ada), receipt(acme, ada)]
    with acme.session() as session:
        suppress(session, ada.email.upper(), reason)
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    assert held(acme, emails[0]) == (HoldReason.SUPPRESSED, None)
    assert len(mailbox.all()) == (1 if reason in OPT_OUT_REASONS else 0), (
        "what they asked for themselves still comes"
    )


def test_unsubscribed_from_one_purpose_the_others_still_leave(acme: World) -> None:
    ada = acme.advocate()
    reviews, calls = news(acme, ada, purpose="reviews"), news(acme, ada)
    with acme.session() as session:
        suppress(session, ada.email, SuppressionReason.UNSUBSCRIBED, purpose="reviews")
    assert claimed(acme) == 1
    assert held(acme, reviews)[0] is HoldReason.SUPPRESSED
    assert acme.reload(calls).state is EmailState.SENDING


def test_a_pause_holds_until_the_day_on_which_they_are_back(acme: World) -> None:
    ada = acme.advocate()
    clock.set_time(TUESDAY_TEN)
    back = (TUESDAY_TEN + timedelta(days=3)).date()
    changed(acme, Advocate, ada.id, state=AdvocateState.PAUSED, paused_at=utc_now(), paused_until=back)
    email = news(acme, ada)
    assert claimed(acme) == 0
    berlin = ZoneInfo("Europe/Berlin")
    why, free = held(acme, email)
    assert (why, free) == (HoldReason.PAUSED, datetime(2026, 12, 4, tzinfo=berlin))
    with acme.session() as session:
        assert not advocates.resume_due(session, back - timedelta(days=1))
        assert advocates.resume_due(session, back) == 1, (
            "the hour that ends pauses counts days in the same way"
        )
    clock.set_time(free)
    assert claimed(acme) == 1


def test_a_paused_sequence_holds_its_emails_and_lets_them_go_when_it_goes_on(
    acme: World, as_manager: Client
) -> None:
    with acme.session() as session:
        session.add(row := EmailSequence(program="own", name="News", state=SequenceState.PAUSED))
    email = news(acme, acme.advocate(), sequence_id=row.id)
    assert claimed(acme) == 0
    why, free = held(acme, email)
    assert why is HoldReason.PAUSED
    assert free > utc_now()
    with acme.session() as session:
        control.resume_sequence(session, row.id, by=as_manager.member)
    assert claimed(acme) == 1


def test_an_email_that_comes_back_after_its_sequence_ended_is_not_sent_again(
    acme: World, as_manager: Client
) -> None:
    """It was on its way when the end came; the provider was busy, so it is back in the queue."""
    with acme.session() as session:
        session.add(row := EmailSequence(program="own", name="News", state=SequenceState.RUNNING))
    email = news(acme, acme.advocate(), sequence_id=row.id)
    with acme.session() as session:
        mine = claim.claim(session, "mail", lease=timedelta(seconds=60), limit=10, gateway="sendgrid")
    with acme.session() as session:
        control.end_sequence(session, row.id, by=as_manager.member)
    with acme.session() as session:
        send_results.record_results(
            session, mine, [SendResult(email.id, SendOutcome.RETRY, "busy", retry_after=0.001)]
        )
    assert claimed(acme) == 0
    assert held(acme, email) == (HoldReason.OBSOLETE, None)


def test_attempts_that_led_nowhere_use_up_neither_the_day_nor_the_week(acme: World) -> None:
    acme.set_outreach_policies(emails_per_day=2, emails_per_week=1)
    emails = [news(acme, acme.advocate()) for _ in range(2)]
    for _ in range(5):
        with acme.session() as session:
            mine = claim.claim(session, "mail", lease=timedelta(seconds=60), limit=10, gateway="sendgrid")
            busy = [
                SendResult(email.id, SendOutcome.RETRY, "busy", retry_after=0.001) for email in mine.emails
            ]
            send_results.record_results(session, mine, busy)
        assert len(mine.emails) == len(emails)


def test_who_answered_the_invitation_is_not_invited_again(acme: World) -> None:
    invited, enrolled = acme.advocate(state=AdvocateState.INVITED), acme.advocate()
    emails = []
    for person in (invited, enrolled):
        to = Recipient(person.email, person.name, advocate_id=person.id)
        links = {"invite": SignedLink(LinkPurpose.INVITE, person.id)}
        with acme.session() as session:
            emails.append(compose(session, ENROLL_INVITATION, to, f"{uuid7()}", links=links))
    assert claimed(acme) == 1
    assert held(acme, emails[1])[0] is HoldReason.OBSOLETE
    assert acme.reload(emails[1]).status_code is StatusCode.INVITATION_ANSWERED


def test_what_was_written_singly_goes_before_what_was_written_to_many(acme: World) -> None:
    many = [news(acme, acme.advocate(), bulk=True) for _ in range(3)]
    one = news(acme, acme.advocate())
    assert claimed(acme, most=2) == 2
    assert acme.reload(one).state is EmailState.SENDING
    assert sum(acme.reload(email).state is EmailState.SENDING for email in many) == 1


def test_an_unknown_time_zone_is_the_workspaces(acme: World) -> None:
    acme.set_outreach_policies(send_from_hour=8, send_until_hour=18, weekdays_only=1)
    clock.set_time(TUESDAY_TEN.replace(hour=3))
    email = news(acme, acme.advocate(time_zone="Mars/Olympus"))
    assert claimed(acme) == 0
    assert held(acme, email) == (HoldReason.QUIET_HOURS, TUESDAY_TEN.replace(hour=8))
