"""The ticket, and the way into an event online."""

from datetime import timedelta

from portal import links
from portal.events.door.tickets import ticket_number, ticket_token
from portal.events.guest_models import AttendanceSource, EventGuest
from portal.events.link_purposes import EventLinkPurpose
from tenants.clock import utc_now
from tests.client import Client
from tests.events.door.doors import change
from tests.events.events import contact, event
from tests.fixture_types import Travel
from tests.world import World


def join_link(guest: EventGuest) -> str:
    token = links.token(EventLinkPurpose.JOIN, guest.tenant_id, guest.id, guest.link_version)
    return f"/event-join/{token}"


def test_joining_is_written_down_by_the_button_and_never_by_looking(
    acme: World, client: Client, travel: Travel
) -> None:
    online = event(acme, starts_at=utc_now() + timedelta(hours=2), join_url="https://meet.example/first")
    ada = contact(acme, online, name="Ada Lindqvist")
    assert "opens half an hour before" in client.get(join_link(ada), outside=True).text
    client.post(join_link(ada), outside=True)
    assert acme.reload(ada).attended_at is None, "nobody is there an hour before"
    change(acme, online, join_url="https://meet.example/moved")
    travel(hours=1.75)
    looked = client.get(join_link(ada), outside=True)
    assert "Join now" in looked.text
    assert "meet.example" not in looked.text
    assert acme.reload(ada).attended_at is None
    led_on = client.follow(client.post(join_link(ada), outside=True))
    assert led_on.headers["Refresh"] == "0; url=https://meet.example/moved"
    there = acme.reload(ada)
    assert there.attendance_source is AttendanceSource.JOIN_PAGE
    client.post(join_link(ada), outside=True)
    assert acme.reload(ada).attended_at == there.attended_at


def test_a_link_that_is_no_web_page_is_never_opened(acme: World, client: Client) -> None:
    online = event(acme, starts_at=utc_now() - timedelta(minutes=1), join_url="javascript:alert(1)")
    ada = contact(acme, online)
    led_on = client.follow(client.post(join_link(ada), outside=True))
    assert "javascript" not in led_on.text
    assert "Refresh" not in led_on.headers


def test_a_ticket_shows_its_code_and_its_number_until_it_is_replaced(acme: World, client: Client) -> None:
    ada = contact(acme, event(acme), name="Ada & <Lindqvist>")
    address = f"/event-ticket/{ticket_token(ada.tenant_id, ada.id, ada.link_version)}"
    page = client.get(address, outside=True).text
    assert ticket_number(ada.id) in page
    assert "<svg" in page
    change(acme, ada, link_version=2)
    assert client.get(address, outside=True).status_code == 410
