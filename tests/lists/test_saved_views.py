"""A view of a list is saved under a name, opens as it was, and may be shared."""

from html import unescape

from sqlalchemy import select

from portal.advocates.models import AdvocateState
from portal.lists import saved_views
from portal.lists.models import SavedView
from portal.lists.saved_views import MOST
from tenants.models import Role
from tests.client import Client
from tests.world import World

ASKED = {"arguments": "view=candidates&product=Ledger+Pro&sort=-company&unknown=x"}


def test_a_view_opens_as_it_was_saved_and_is_ones_own(as_manager: Client, acme: World) -> None:
    acme.advocate(state=AdvocateState.CANDIDATE, enrolled_at=None, products=["Ledger Pro"])
    saved = as_manager.post("/lists/advocates/views", ASKED | {"name": "Ledger candidates"})
    page = unescape(as_manager.follow(saved).text)
    address = "/advocates?product=Ledger+Pro&view=candidates&sort=-company"
    assert "Product: Ledger Pro" in page
    assert f"/{acme.slug}{address}" in page
    assert 'aria-sort="descending"' in page
    assert "Ledger candidates" not in acme.signed_in(Role.MANAGER).get("/advocates").text


def test_colleagues_open_a_shared_view_and_cannot_remove_it(as_manager: Client, acme: World) -> None:
    as_manager.post("/lists/advocates/views", ASKED | {"name": "For all", "is_shared": "y"})
    as_manager.post("/lists/advocates/views", ASKED | {"name": "For all", "is_shared": "y"})  # in its place
    colleague = acme.signed_in(Role.MANAGER)
    assert colleague.get("/advocates").text.count("For all") == 1
    removal = as_manager.get("/advocates").text.partition("/views/")[2].partition("/removal")[0]
    assert f"{removal}/removal" not in colleague.get("/advocates").text
    assert colleague.post(f"/lists/views/{removal}/removal").status_code == 404
    assert as_manager.post(f"/lists/views/{removal}/removal").status_code == 303
    assert "For all" not in colleague.get("/advocates").text


def test_a_view_needs_a_name_and_a_list_that_its_reader_may_open(as_manager: Client, as_rep: Client) -> None:
    nameless = as_manager.follow(as_manager.post("/lists/advocates/views", ASKED | {"name": " "}))
    assert "The view wasn’t saved" in nameless.text
    assert as_rep.post("/lists/advocates/views", ASKED | {"name": "Mine"}).status_code == 404
    assert as_rep.post("/lists/deals/views", {"arguments": "whose=mine", "name": "Mine"}).status_code == 303


def test_at_the_limit_ones_own_view_is_replaced_and_no_other_is_added(
    as_manager: Client, acme: World
) -> None:
    with acme.session() as session:
        for number in range(MOST):
            saved_views.save(
                session, "advocates", f"View {number}", {}, is_shared=False, by=as_manager.member
            )
    replaced = as_manager.post("/lists/advocates/views", ASKED | {"name": "View 7"})
    assert replaced.status_code == 303
    with acme.session() as session:
        kept = session.scalars(select(SavedView).where(SavedView.name == "View 7")).one()
        assert kept.arguments["product"] == "Ledger Pro"
    refused = as_manager.post("/lists/advocates/views", ASKED | {"name": "One more"})
    assert refused.status_code == 409
