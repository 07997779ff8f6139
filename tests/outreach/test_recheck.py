"""What held an email is gone: it is asked again at once, not at the hour that was said when it was held."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from portal.advocates import actions as advocates
from portal.advocates.consent_texts import add_default_texts
from portal.advocates.emails import ENROLL_INVITATION
from portal.advocates.models import Advocate, ConsentPurpose
from portal.declarations.email_content import Recipient
from portal.declarations.email_kinds import EmailClass, EmailKind
from portal.outreach import policies
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.messages import claim
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.sequences.models import EmailSequence, RunState, SequenceRun, SequenceState
from portal.outreach.suppressions import actions as suppression
from portal.outreach.suppressions.models import Suppression, SuppressionReason
from portal.policies import Policy, change
from portal.references.meetings.emails import MEETING_REMINDER
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.outreach.recipients import agree, email_to, reader
from tests.present import present
from tests.world import World

TUESDAY_TEN = datetime(2026, 12, 1, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def news(world: Any, to: Advocate, **facts: Any) -> Email:
    """An email of a program that was looked at, and is held or on its way."""
    with world.session() as session:
        who = Recipient(to.email, to.name, advocate_id=to.id)
        made = compose(session, OWN_EMAIL, who, f"{uuid7()}", purpose=facts.pop("purpose", "calls"))
        for name, value in facts.items():
            setattr(made, name, value)
    claimed(world)
    found: Email = world.reload(made)
    return found


def claimed(world: Any) -> int:
    with world.session() as session:
        mine = claim.claim(session, "mail", lease=timedelta(seconds=60), limit=1000, gateway="mailbox")
    return len(mine.emails)


def go(travel: Any, moment: datetime) -> None:
    travel(seconds=ceil((moment - utc_now()).total_seconds()))  # whole ones, as the shared clock keeps them


def paused(world: Any, advocate: Advocate, days: int | None) -> None:
    with world.session() as session:
        until = (utc_now() + timedelta(days=days)).date() if days else None
        advocates.pause(session, session.get_one(Advocate, (world.tenant_id, advocate.id)), until)


@pytest.mark.parametrize("days", [20, None])
def test_who_comes_back_early_gets_what_waited(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs, days: int | None
) -> None:
    ada, bo = acme.advocate(), acme.advocate()
    for one in (ada, bo):
        paused(acme, one, days)
    emails = [news(acme, one) for one in (ada, bo)]
    assert {email.hold_reason for email in emails} == {HoldReason.PAUSED}
    as_manager.post(f"/advocates/{ada.id}/resumption", {"version": acme.reload(ada).version})
    run_jobs()
    assert mailbox.to(ada.email)
    assert not mailbox.to(bo.email)
    assert present(acme.reload(emails[1]).due_at) > utc_now()


def test_a_sequence_that_rests_holds_them_still(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    with acme.session() as session:
        session.add(row := EmailSequence(program="own", name="News", state=SequenceState.PAUSED))
    ada = acme.advocate()
    email = news(acme, ada, sequence_id=row.id)
    paused(acme, ada, 20)
    as_manager.post(f"/advocates/{ada.id}/resumption", {"version": acme.reload(ada).version})
    run_jobs()
    email = acme.reload(email)
    assert (email.state, email.hold_reason) == (EmailState.HELD, HoldReason.PAUSED)
    assert not mailbox.to(ada.email)


def changed(world: Any, run_jobs: Any, policy: Policy, number: int) -> None:
    with world.session() as session:
        change(session, policy, number, by=world.member(Role.ADMIN))
    run_jobs()


@pytest.mark.parametrize(
    ("held_by", "hold", "policy", "wider"),
    [
        ({"emails_per_week": 1}, HoldReason.FREQUENCY_CAP, policies.EMAILS_PER_WEEK, 2),
        ({"emails_per_month": 1}, HoldReason.FREQUENCY_CAP, policies.EMAILS_PER_MONTH, 2),
        ({"emails_per_day": 1}, HoldReason.DAILY_LIMIT, policies.EMAILS_PER_DAY, 2),
        ({"send_from_hour": 8, "send_until_hour": 9}, HoldReason.QUIET_HOURS, policies.SEND_UNTIL_HOUR, 18),
    ],
)
def test_a_wider_limit_counts_for_what_waits_by_the_old_one(
    acme: World,
    mailbox: Mailbox,
    run_jobs: Jobs,
    travel: Travel,
    held_by: dict[str, int],
    hold: HoldReason,
    policy: Policy,
    wider: int,
) -> None:
    go(travel, TUESDAY_TEN)
    ada = acme.advocate()
    acme.set_outreach_policies(**held_by)
    if hold is not HoldReason.QUIET_HOURS:
        news(acme, ada)
    email = news(acme, ada)
    assert email.hold_reason is hold
    changed(acme, run_jobs, policy, wider)
    assert mailbox.to(ada.email)
    assert acme.reload(email).state is not EmailState.HELD


def test_emails_held_over_the_weekend_leave_once_weekends_count(
    acme: World, mailbox: Mailbox, run_jobs: Jobs, travel: Travel
) -> None:
    go(travel, TUESDAY_TEN + timedelta(days=4))
    ada = acme.advocate()
    acme.set_outreach_policies(weekdays_only=1)
    assert news(acme, ada).hold_reason is HoldReason.QUIET_HOURS
    changed(acme, run_jobs, policies.WEEKDAYS_ONLY, 0)
    assert mailbox.to(ada.email)


def test_a_narrower_limit_moves_the_hour_that_an_email_is_held_until(
    acme: World, mailbox: Mailbox, run_jobs: Jobs, travel: Travel
) -> None:
    go(travel, TUESDAY_TEN.replace(hour=3))
    ada = acme.advocate()
    acme.set_outreach_policies(send_from_hour=8, send_until_hour=18)
    email = news(acme, ada)
    changed(acme, run_jobs, policies.SEND_FROM_HOUR, 10)
    assert acme.reload(email).due_at == TUESDAY_TEN
    assert not mailbox.to(ada.email)


def test_a_change_of_another_limit_frees_no_email(acme: World, run_jobs: Jobs, travel: Travel) -> None:
    go(travel, TUESDAY_TEN)
    acme.set_outreach_policies(send_from_hour=8, send_until_hour=9)
    email = news(acme, acme.advocate())
    changed(acme, run_jobs, policies.ALARM_MINUTES, 30)
    changed(acme, run_jobs, policies.EMAILS_PER_DAY, 3)
    assert acme.reload(email).due_at == email.due_at


def suppressed(
    world: Any, address: str, reason: SuppressionReason = SuppressionReason.BOUNCED, purpose: str = ""
) -> Suppression:
    with world.session() as session:
        made = suppression.suppress(session, address, reason, purpose=purpose)
    assert made
    return made


def kept(world: Any, to: Advocate, kind: EmailKind, email_class: EmailClass, **facts: Any) -> Email:
    """Held for good, because of the address."""
    given = {
        "kind": kind.name,
        "state": EmailState.HELD,
        "hold_reason": HoldReason.SUPPRESSED,
        "sent_at": None,
    }
    return email_to(world, to, email_class=email_class, **given | facts)


def test_lifting_an_entry_frees_what_it_held_and_says_how_many(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada = acme.advocate()
    row = suppressed(acme, ada.email)
    emails = [news(acme, ada) for _ in range(2)]
    assert {(email.hold_reason, email.due_at) for email in emails} == {(HoldReason.SUPPRESSED, None)}
    done = as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "They moved mail servers"})
    page = as_manager.follow(done).text
    assert "2 emails that were on hold are tried again now." in page
    run_jobs()
    assert len(mailbox.to(ada.email)) == 2


def test_what_is_old_or_about_an_hour_or_an_invitation_waits_for_a_person(
    acme: World, as_manager: Client
) -> None:
    ada = acme.advocate()
    row = suppressed(acme, ada.email)
    fortnight = utc_now() - timedelta(days=15)
    emails = [
        kept(acme, ada, OWN_EMAIL, EmailClass.PROGRAM, created_at=fortnight),
        kept(acme, ada, MEETING_REMINDER, EmailClass.TRANSACTIONAL),
        kept(acme, ada, ENROLL_INVITATION, EmailClass.INVITATION),
    ]
    page = as_manager.follow(as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "Works"})).text
    assert "tried again now" not in page
    assert "Other emails stay on hold until you try them again." in page
    assert [acme.reload(email).due_at for email in emails] == [None] * 3


def test_an_email_stays_on_hold_while_another_suppression_covers_it(acme: World, as_manager: Client) -> None:
    ada = acme.advocate()
    row = suppressed(acme, ada.email)
    suppressed(acme, ada.email, SuppressionReason.UNSUBSCRIBED, purpose="reviews")
    reviews, calls = news(acme, ada, purpose="reviews"), news(acme, ada)
    page = as_manager.follow(as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "Works"})).text
    assert "One email that was on hold is tried again now." in page
    assert acme.reload(reviews).due_at is None
    assert acme.reload(calls).due_at is not None


@pytest.mark.parametrize("everybody", [True, False])
def test_what_a_sequence_wrote_before_it_was_ended_stays(
    acme: World, as_manager: Client, everybody: bool
) -> None:
    """For everybody by a manager, or for the one reader who said no."""
    ada, now = acme.advocate(), utc_now()
    with acme.session() as session:
        state, ended = (SequenceState.FINISHED, now) if everybody else (SequenceState.RUNNING, None)
        session.add(sequence := EmailSequence(program="own", name="News", state=state, ended_at=ended))
        session.flush()
        session.add(run(sequence.id, acme.advocate() if everybody else ada, RunState.STOPPED, ended_at=now))
        if everybody:
            session.add(run(sequence.id, ada, RunState.DONE))
    row = suppressed(acme, ada.email)
    email = news(acme, ada, sequence_id=sequence.id, subject_id=ada.id)
    as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "Works"})
    assert acme.reload(email).due_at is None


def test_what_a_sequence_wrote_leaves_when_it_ended_by_itself(acme: World, as_manager: Client) -> None:
    ada, now = acme.advocate(), utc_now()
    with acme.session() as session:
        given = {"state": SequenceState.FINISHED, "ended_at": now}
        session.add(sequence := EmailSequence(program="own", name="News", **given))
        session.flush()
        session.add(run(sequence.id, ada, RunState.DONE))
        session.add(run(sequence.id, acme.advocate(), RunState.STOPPED, ended_at=now - timedelta(days=1)))
    row = suppressed(acme, ada.email)
    email = news(acme, ada, sequence_id=sequence.id, subject_id=ada.id)
    as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "Works"})
    assert acme.reload(email).due_at is not None


def run(sequence_id: Any, of: Advocate, state: RunState, **facts: Any) -> SequenceRun:
    address = {"recipient": of.email, "recipient_norm": of.email_norm}
    about = {"subject_type": "advocates", "subject_id": of.id, "advocate_id": of.id}
    return SequenceRun(sequence_id=sequence_id, state=state, anchor_at=utc_now(), **address, **about, **facts)


def test_who_agrees_again_gets_what_was_held_since(acme: World, mailbox: Mailbox, run_jobs: Jobs) -> None:
    with acme.session() as session:
        add_default_texts(session)
    ada = reader(acme, ConsentPurpose.NEWS)
    calls, reviews = news(acme, ada), news(acme, ada, purpose="reviews")
    assert {email.hold_reason for email in (calls, reviews)} == {HoldReason.CONSENT}
    suppressed(acme, ada.email, SuppressionReason.UNSUBSCRIBED)
    unsubscribed = news(acme, ada)
    assert unsubscribed.hold_reason is HoldReason.SUPPRESSED
    agree(acme, ada, ConsentPurpose.CALLS)
    run_jobs()
    assert len(mailbox.to(ada.email)) == 2
    assert acme.reload(reviews).state is EmailState.HELD, "nobody agreed to that"
