"""The list of accounts opens a segment as the list of advocates does, and shows nobody what is not theirs to see."""

from uuid import UUID, uuid4

from portal.declarations.attributes import Operator
from portal.segments import actions
from portal.segments.actions import SegmentDraft
from portal.segments.conditions import Condition, Conditions
from portal.segments.models import SegmentSharing
from tenants.models import Membership, Role
from tests.client import Client
from tests.rules.query_counter import statements
from tests.world import World

SPEAKS_GERMAN = Condition("person.languages", Operator.ANY_OF, ("de",))
RETAIL = Condition("account.industry", Operator.ANY_OF, ("Retail",))


def segment(world: World, by: Membership, *conditions: Condition) -> UUID:
    with world.session() as session:
        draft = SegmentDraft("German shops", Conditions(conditions))
        return actions.create_segment(session, draft, by=by).id


def test_accounts_that_fit_and_have_somebody_who_does(acme: World, as_manager: Client) -> None:
    for name, industry, language in (
        ("Brot", "Retail", "de"),
        ("Pain", "Retail", "fr"),
        ("Geld", "Bank", "de"),
    ):
        acme.advocate(account=acme.account(name, industry=industry), languages=[language])
    acme.account("Leer", industry="Retail")
    found = segment(acme, as_manager.member, RETAIL, SPEAKS_GERMAN)
    with statements() as sent:
        page = as_manager.get(f"/accounts?segment={found}").text
    assert len(sent) <= 8
    assert ("Segment: German shops" in page, ">Brot<" in page) == (True, True)
    assert not [name for name in ("Pain", "Geld", "Leer") if f">{name}<" in page]
    assert f"/accounts?segment={found}" in as_manager.get(f"/segments/{found}").text


def test_a_segment_that_is_gone_or_private_is_of_no_account(acme: World, as_manager: Client) -> None:
    acme.advocate(account=acme.account("Brot", industry="Retail"))
    other = acme.member(Role.MANAGER)
    private = segment(acme, other, RETAIL)
    for address in (private, uuid4(), "nonsense"):
        assert ">Brot<" not in as_manager.get(f"/accounts?segment={address}").text
    with acme.session() as session:
        actions.share_segment(session, private, SegmentSharing.MANAGERS, by=other)
    assert ">Brot<" in as_manager.get(f"/accounts?segment={private}").text
