"""Switching programs on and off, as an admin does it."""

from collections.abc import Iterator

import pytest

from portal.declarations import program_switches
from portal.declarations.programs import PROGRAMS
from portal.history import HistoryEntry
from portal.workspace import queries
from tests.asks.dinners import DINNERS, declared
from tests.client import Client
from tests.world import World

PAGE = "/settings/programs"


@pytest.fixture
def dinners() -> Iterator[None]:
    with declared(DINNERS):
        yield


def press(client: Client, program: str, on: int) -> int:
    return client.post(f"{PAGE}/{program}/switch", {"on": str(on)}).status_code


def is_on(world: World, name: str) -> bool:
    with world.session() as session:
        return program_switches.is_on(session, PROGRAMS.get(name))


@pytest.mark.usefixtures("dinners")
def test_a_new_program_is_off_until_an_admin_switches_it_on(
    acme: World, globex: World, as_admin: Client
) -> None:
    assert [is_on(acme, "references"), is_on(acme, "dinners")] == [True, False]
    page = as_admin.get(PAGE).text
    for words in (
        "Reference desk",
        "Dinners",
        "Customers dine with prospects.",
        "Switch on",
        "No changes yet.",
    ):
        assert words in page
    assert press(as_admin, "dinners", 1) == 303
    assert [is_on(acme, "dinners"), is_on(globex, "dinners")] == [True, False]


@pytest.mark.usefixtures("dinners")
def test_the_history_says_who_switched_what_and_once(acme: World, as_admin: Client) -> None:
    for on in (1, 1, 0):
        press(as_admin, "dinners", on)
    with acme.session() as session:
        lines = session.scalars(queries.switch_changes().order_by(HistoryEntry.id)).all()
    assert [(line.by_name, line.detail["after"]) for line in lines] == [
        (as_admin.member.name, 1),
        (as_admin.member.name, 0),
    ]
    for path in (PAGE, "/settings/policies"):
        assert "Dinners switched off" in as_admin.get(path).text


def test_the_settings_list_leads_there_and_the_page_of_limits_has_no_switches(as_admin: Client) -> None:
    listed = as_admin.get("/settings").text
    on = sum(program.is_on_by_default for program in PROGRAMS)
    assert (f"{on} of {len(PROGRAMS)} on" in listed, PAGE in listed) == (True, True)
    assert "programs_references" not in as_admin.get("/settings/policies").text


def test_only_admins_switch_and_only_what_exists(
    acme: World, as_admin: Client, as_manager: Client, as_rep: Client
) -> None:
    assert [press(client, "references", 0) for client in (as_manager, as_rep)] == [403, 403]
    assert press(as_admin, "parties", 1) == 404
    assert is_on(acme, "references")


def test_without_the_desk_its_menu_metrics_home_and_new_requests_are_gone(
    acme: World, as_admin: Client, as_manager: Client, as_rep: Client
) -> None:
    request = acme.request(requester=as_rep.member)
    press(as_admin, "references", 0)
    home, metrics = as_manager.get("/").text, as_manager.get("/metrics").text
    for words in (">Requests", "Reference fulfillment", "needs a first response"):
        assert words not in home, words
    assert ("Reference fulfillment" in metrics, "Advocate activation" in metrics) == (False, True)
    assert "Reference fulfillment" not in as_manager.get("/metrics/months.csv").text
    assert "Ask for a reference" not in as_rep.get("/").text
    assert as_manager.get(f"/requests/{request.id}").status_code == 200  # a link that was sent
    asked = as_manager.post(f"/requests/{request.id}/asks", {"advocate_id": str(acme.advocate().id)})
    assert (asked.status_code, "Reference desk” is switched off" in asked.text) == (409, True)
