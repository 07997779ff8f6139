"""What a preview counts before anything is done: whom an act reaches, however many they are."""

from sqlalchemy import insert, select
from uuid_utils.compat import uuid7

from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.attributes import Operator
from portal.lists.actions import MAX_IN_PREVIEW
from portal.lists.gathering import gather
from portal.lists.models import BulkAction, BulkActionGathered, BulkActionState
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from portal.segments.actions import SegmentDraft, change_segment, create_list, create_segment
from portal.segments.conditions import Condition, Conditions
from portal.segments.models import Segment
from tenants.clock import utc_now
from tests.client import Client
from tests.fixture_types import Jobs
from tests.lists.test_bulk_actions import CANDIDATES, candidates, left_out, prepared, states
from tests.world import World, again

AMERICAN = Conditions((Condition("account.region", Operator.ANY_OF, ("NA",)),))
HEALTHY = Conditions((Condition("account.health", Operator.ANY_OF, ("green",)),))


def test_whose_address_gets_no_emails_is_not_counted_among_those_who_are_invited(
    as_manager: Client, acme: World
) -> None:
    bounced, unsubscribed, _free = candidates(acme, 3)
    with acme.session() as session:
        suppress(session, bounced.email.upper(), SuppressionReason.BOUNCED)
        suppress(session, unsubscribed.email, SuppressionReason.UNSUBSCRIBED, purpose="feedback")
    page = as_manager.get(prepared(as_manager, "invite", **CANDIDATES), outside=True).text
    assert "Send 2 invitations?" in page  # an invitation is about no purpose that they left
    assert left_out(page) == [("1", "Their address gets no emails")]


def test_a_preview_of_very_many_is_made_by_a_worker_while_its_page_says_how_far_it_is(
    as_manager: Client, acme: World, run_jobs: Jobs
) -> None:
    very_many(acme, MAX_IN_PREVIEW + 1)
    preview = prepared(as_manager, "invite", **CANDIDATES)
    assert "Checking who this is for" in as_manager.get(preview, outside=True).text
    assert as_manager.post(f"{preview}/start", outside=True).status_code == 409
    with acme.session() as session:
        message = BulkActionGathered(session.scalars(select(BulkAction.id)).one())
        for _ in range(2):
            gather(session, message)
    part = as_manager.get(f"{preview}/progress", outside=True, headers={"HX-Request": "true"}).text
    assert "1,000 of 2,001 checked" in part
    run_jobs()
    moved_on = as_manager.get(f"{preview}/progress", outside=True, headers={"HX-Request": "true"})
    assert preview.endswith(moved_on.headers["HX-Redirect"])
    page = as_manager.get(preview, outside=True).text
    assert "Send 1,999 invitations?" in page
    assert left_out(page) == [("2", "Invited twice already: we never invite anyone a third time")]


def test_a_preview_of_very_many_ends_where_somebody_stops_it_or_whoever_wanted_it_left(
    as_manager: Client, acme: World, run_jobs: Jobs
) -> None:
    very_many(acme, MAX_IN_PREVIEW + 1)
    stopped, left = (prepared(as_manager, "invite", **CANDIDATES) for _ in range(2))
    assert as_manager.post(f"{stopped}/stop", outside=True).status_code == 303
    assert "Nothing was done" in as_manager.get(stopped, outside=True).text
    assert "Checking who this is for" in as_manager.get(left, outside=True).text
    with acme.session() as session:
        again(session, as_manager.member).ended_at = utc_now()
    run_jobs()
    with acme.session() as session:
        assert session.scalars(select(BulkAction.state)).all() == [BulkActionState.DONE] * 2
    assert states(acme)[AdvocateState.INVITED] == 2


def test_a_list_inherits_what_its_people_were_found_by_when_a_worker_found_them(
    as_manager: Client, acme: World, run_jobs: Jobs, deliver: Jobs
) -> None:
    very_many(acme, MAX_IN_PREVIEW + 1)
    by = as_manager.member
    with acme.session() as session:
        segment = create_segment(session, SegmentDraft("America", AMERICAN), by=by)
        listed = create_list(session, "Milan", by=by)
    preview = prepared(
        as_manager, "add-to-list", option=listed.id.hex, arguments=f"segment={segment.id}", all="y"
    )
    with acme.session() as session:
        version = session.get_one(Segment, (acme.tenant_id, segment.id)).version
        change_segment(session, segment.id, SegmentDraft("America", HEALTHY), version, by=by)
    run_jobs()
    as_manager.post(f"{preview}/start", outside=True)
    deliver()  # in more rounds than run_jobs allows, where the machine is busy
    filled = acme.reload(listed)
    assert filled.people_count == MAX_IN_PREVIEW + 1
    assert filled.origin_attributes == ["account.health", "account.region"]


def very_many(world: World, number: int) -> None:
    """Two of them were invited twice."""
    (first,) = candidates(world, 1)
    row = {one.key: getattr(first, one.key) for one in Advocate.__table__.columns if one.computed is None}
    twice = {"state": AdvocateState.INVITED, "invitation_count": 2}
    with world.session() as session:
        copies = [
            row | {"id": uuid7(), "email": f"{n}@many.example", "email_norm": f"{n}@many.example"}
            for n in range(number - 1)
        ]
        session.execute(insert(Advocate), [*copies[2:], *(one | twice for one in copies[:2])])
