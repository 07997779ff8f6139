"""A sequence of the workspace's own is for a segment, says so, and keeps it from being deleted until it starts."""

import re
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Health
from portal.declarations.attributes import Operator
from portal.outreach.sequences.models import EmailSequence, SequenceRun, SequenceState
from portal.segments import actions
from portal.segments.actions import SegmentDraft
from portal.segments.conditions import Condition, Conditions
from portal.segments.models import Segment
from tenants.models import Membership, Role
from tests.client import Client
from tests.outreach.sequences.factory import own_email
from tests.world import World

LIST = "/emails/sequences"
RETAIL = Conditions((Condition("account.industry", Operator.ANY_OF, ("Retail",)),))


def shops(world: World, by: Membership) -> UUID:
    with world.session() as session:
        return actions.create_segment(session, SegmentDraft("Shops", RETAIL), by=by).id


def plan(world: World, segment_id: UUID, **more: str) -> dict[str, str]:
    email = own_email(world, "Hello")
    return {"name": "May", "purpose": "news", "template_1": str(email.id), "segment": str(segment_id)} | more


def test_whoever_is_in_the_segment_when_it_starts_is_put_on_the_way(acme: World, as_manager: Client) -> None:
    ada = acme.advocate(account=acme.account(industry="Retail"))
    acme.advocate()
    found = shops(acme, as_manager.member)
    assert as_manager.post(f"{LIST}/new", plan(acme, found)).status_code == 303
    with acme.session() as session:
        sequence = session.scalars(select(EmailSequence).where(EmailSequence.program == "own")).one()
    page = as_manager.get(f"{LIST}/{sequence.id}").text
    assert ("Segment “Shops”" in page, "One person now" in page) == (True, True)
    assert "May" in as_manager.get(f"/segments/{found}").text
    assert as_manager.post(f"/segments/{found}/deletion").status_code == 400
    assert "1 person would receive it" in as_manager.get(f"{LIST}/{sequence.id}/dry-run").text
    as_manager.post(f"{LIST}/{sequence.id}/start")
    with acme.session() as session:
        assert session.scalars(select(SequenceRun.advocate_id)).all() == [ada.id]
    assert as_manager.post(f"/segments/{found}/deletion").status_code == 303
    assert as_manager.get(f"{LIST}/{sequence.id}").status_code == 200


def test_buttons_of_the_conditions_save_nothing_and_lose_nothing(acme: World, as_manager: Client) -> None:
    acme.advocate(account=acme.account(industry="Retail"))
    found = shops(acme, as_manager.member)
    again = as_manager.post(f"{LIST}/new", plan(acme, found, add="1"))
    assert (again.status_code, 'value="May"' in again.text, "One person fits now" in again.text) == (
        200,
        True,
        True,
    )
    with acme.session() as session:
        assert session.scalars(select(EmailSequence.id).where(EmailSequence.program == "own")).all() == []


def test_a_sequence_is_not_saved_while_one_of_its_conditions_has_no_value(
    acme: World, as_manager: Client
) -> None:
    """Without that condition it would go to everybody in the segment."""
    found = shops(acme, as_manager.member)
    unfinished = {"edited": "1", "row-0": "0", "attribute-0": "account.health", "operator-0": "any_of"}
    refused = as_manager.post(f"{LIST}/new", plan(acme, found, **unfinished))
    assert (refused.status_code, "has no value yet" in refused.text) == (422, True)
    assert "Please choose or enter a value, or remove the condition." in refused.text
    assert 'value="May"' in refused.text


def test_a_private_segment_of_a_colleague_is_not_there(acme: World, as_manager: Client) -> None:
    private = shops(acme, acme.member(Role.MANAGER))
    assert as_manager.post(f"{LIST}/new", plan(acme, private)).status_code == 422
    assert "Nobody fits now" in as_manager.get(f"{LIST}/new?segment={private}").text


def test_a_segment_changed_after_the_dry_run_starts_nothing_before_somebody_looked_again(
    acme: World, as_manager: Client
) -> None:
    acme.advocate(account=acme.account(industry="Retail"))
    acme.advocate(account=acme.account(industry="Banking"))
    found = shops(acme, as_manager.member)
    as_manager.post(f"{LIST}/new", plan(acme, found))
    with acme.session() as session:
        sequence = session.scalars(select(EmailSequence).where(EmailSequence.program == "own")).one()
    seen = seen_on(as_manager.get(f"{LIST}/{sequence.id}/dry-run").text)
    with acme.session() as session:
        version = session.get_one(Segment, (acme.tenant_id, found)).version
        bank = Conditions((Condition("account.industry", Operator.ANY_OF, ("Banking",)),))
        actions.change_segment(session, found, SegmentDraft("Shops", bank), version, by=as_manager.member)
    again = as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/start", {"seen": seen})).text
    assert "so nothing was started" in again
    assert acme.reload(sequence).state is SequenceState.DRAFT
    as_manager.post(f"{LIST}/{sequence.id}/start", {"seen": seen_on(again)})
    assert acme.reload(sequence).state is SequenceState.RUNNING


def test_emails_that_ask_for_reviews_start_for_nobody_whom_satisfaction_may_have_chosen(
    acme: World, as_manager: Client
) -> None:
    """Where a worker starts it for thousands as well: what a segment goes by may change before it does."""
    acme.advocate(account=acme.account(industry="Retail", health=Health.GREEN), consents=["reviews"])
    asked = own_email(acme, "Please review us", purpose="reviews")
    found = shops(acme, as_manager.member)
    form = plan(acme, found, purpose="reviews", template_1=str(asked.id))
    assert as_manager.post(f"{LIST}/new", form).status_code == 303
    with acme.session() as session:
        sequence = session.scalars(select(EmailSequence).where(EmailSequence.program == "own")).one()
        version = session.get_one(Segment, (acme.tenant_id, found)).version
        happy = Conditions((Condition("account.health", Operator.ANY_OF, ("green",)),))
        actions.change_segment(session, found, SegmentDraft("Shops", happy), version, by=as_manager.member)
    assert "depends on satisfaction" in as_manager.post(f"{LIST}/{sequence.id}/start").text
    assert acme.reload(sequence).state is SequenceState.DRAFT
    with acme.session() as session:
        version = session.get_one(Segment, (acme.tenant_id, found)).version
        actions.change_segment(session, found, SegmentDraft("Shops", RETAIL), version, by=as_manager.member)
    as_manager.post(f"{LIST}/{sequence.id}/start")
    assert acme.reload(sequence).state is SequenceState.RUNNING


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f-]+)"', page)
    assert found
    return found[1]
