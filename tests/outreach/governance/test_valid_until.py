"""What an email says is true when it leaves: where its reader is now, and only while it is not over."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.advocates.emails import ENROLL_INVITATION
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.email_content import PageLink, Recipient, SignedLink
from portal.errors import Conflict
from portal.links import LinkPurpose
from portal.outreach.messages import bulk_actions, compose
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.status_codes import StatusCode
from tenants import clock
from tenants.clock import utc_now
from tests.client import Client
from tests.outreach.governance.test_rules import TUESDAY_TEN, claimed, held, news
from tests.outreach.messages.stored_emails import email
from tests.world import World


def test_an_email_that_would_say_what_is_over_does_not_leave(acme: World) -> None:
    late = email(acme, valid_until=utc_now() - timedelta(seconds=1), due_at=utc_now())
    email(acme, valid_until=utc_now() + timedelta(hours=1), due_at=utc_now())
    assert claimed(acme) == 1
    assert held(acme, late) == (HoldReason.OBSOLETE, None)
    assert acme.reload(late).status_code is StatusCode.EXPIRED


def test_whoever_moved_reads_it_in_the_hours_of_where_they_are(acme: World) -> None:
    acme.set_outreach_policies(send_from_hour=8, send_until_hour=18, weekdays_only=1)
    clock.set_time(TUESDAY_TEN)
    ada = acme.advocate(time_zone="Europe/Stockholm")
    waits = news(acme, ada)
    with acme.session() as session:
        session.execute(update(Advocate).where(Advocate.id == ada.id).values(time_zone="America/Los_Angeles"))
    assert claimed(acme) == 0
    assert held(acme, waits) == (HoldReason.QUIET_HOURS, TUESDAY_TEN.replace(hour=17))


def invitation(world: World, to: Recipient, occasion: str) -> Email:
    assert to.advocate_id is not None
    links: dict[str, SignedLink | PageLink] = {"invite": SignedLink(LinkPurpose.INVITE, to.advocate_id)}
    with world.session() as session:
        return compose.compose(session, ENROLL_INVITATION, to, occasion, links=links)


def invited(world: World) -> Recipient:
    ada = world.advocate(state=AdvocateState.INVITED)
    return Recipient(ada.email, ada.name, advocate_id=ada.id)


def test_an_invitation_that_may_have_arrived_counts_even_when_it_was_given_up(
    acme: World, as_manager: Client
) -> None:
    ada = invited(acme)
    first, _second = (invitation(acme, ada, which) for which in ("first", "second"))
    with acme.session() as session:
        outcome_unknown = {
            "state": EmailState.HELD,
            "hold_reason": HoldReason.DELIVERY_UNKNOWN,
            "outcome_unknown": True,
            "due_at": None,
        }
        session.execute(update(Email).where(Email.id == first.id).values(outcome_unknown))
    assert as_manager.post(f"/emails/{first.id}/end").status_code == 303
    with pytest.raises(Conflict, match="has already been invited twice"):
        invitation(acme, ada, "third")


def test_a_third_try_of_an_invitation_keeps_no_other_email(acme: World, as_manager: Client) -> None:
    ada = invited(acme)
    first, _second = (invitation(acme, ada, which) for which in ("first", "second"))
    with acme.session() as session:
        failed = {"state": EmailState.FAILED, "due_at": None}
        session.execute(update(Email).where(Email.id == first.id).values(failed))
    invitation(acme, ada, "third")
    other = email(acme, state=EmailState.FAILED, due_at=None)
    with acme.session() as session:
        done = bulk_actions.try_again(session, [first.id, other.id], by=as_manager.member)
    assert (done.changed, done.skipped) == (1, 1)
    assert acme.reload(first).state is EmailState.FAILED


def test_an_email_on_its_way_cannot_be_given_up(acme: World, as_manager: Client) -> None:
    unknown = email(
        acme, state=EmailState.UNKNOWN, outcome_unknown=True, gateway="sendgrid", due_at=utc_now()
    )
    assert as_manager.post(f"/emails/{unknown.id}/end").status_code == 409
    assert acme.reload(unknown).state is EmailState.UNKNOWN
