"""The local mailbox shows every email as its reader would see it, and its clock jumps ahead."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from portal.demo.mailbox_views import with_links
from tenants.clock import offset, utc_now
from tenants.database import read_clock, system_session
from tenants.models import MailboxEmail
from tests.client import Client
from tests.world import World

HTML = '<!doctype html><html lang="en"><head><title>x</title></head><body><a href="https://x.example/a">Go</a></body></html>'


def email(world: World, **more: object) -> UUID:
    facts: dict[str, object] = {
        "tenant_id": world.tenant_id,
        "sender": f"{world.name} <goodword@localhost>",
        "recipient": "Ada@customer.example",
        "recipient_norm": "ada@customer.example",
        "subject": "Could you talk to Initech?",
        "text": "Yes: https://x.example/a/tok-en_1.\nMore & <b>more</b>",
        "html": HTML,
    }
    with system_session() as session:
        session.add(new := MailboxEmail(**facts | more))
    return new.id


def test_emails_are_found_by_their_recipient(acme: World, client: Client) -> None:
    address = f"only-{acme.slug}@customer.example"
    email(acme, recipient=address, recipient_norm=address, subject="For you alone")
    page = client.get(f"/mailbox?to=ONLY-{acme.slug}", outside=True).text
    assert "For you alone" in page
    assert "Could you talk to Initech?" not in page
    assert "No emails to" in client.get("/mailbox?to=nobody-at-all", outside=True).text


def test_an_email_is_shown_in_a_sandbox_that_runs_nothing(acme: World, client: Client) -> None:
    at = f"/mailbox/{email(acme)}"
    page = client.get(at, outside=True).text
    assert f'src="{at}/html"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "gw-frame-phone" in client.get(f"{at}?as=phone", outside=True).text

    alone = client.get(f"{at}/html", outside=True)
    assert '<base target="_blank">' in alone.text
    assert "default-src 'none'" in alone.headers["Content-Security-Policy"]
    assert "script-src" not in alone.headers["Content-Security-Policy"]
    assert alone.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_plain_text_has_links_that_work_and_nothing_else() -> None:
    shown = with_links("Yes: https://x.example/a/tok-en_1.\nMore & <b>more</b>")
    assert 'href="https://x.example/a/tok-en_1"' in shown
    assert "More &amp; &lt;b&gt;more&lt;/b&gt;" in shown


def test_a_calendar_file_can_be_taken_out(acme: World, client: Client) -> None:
    carried = client.get(f"/mailbox/{email(acme, calendar='BEGIN:VCALENDAR')}/calendar.ics", outside=True)
    assert carried.mimetype == "text/calendar"
    assert carried.text == "BEGIN:VCALENDAR"
    assert client.get(f"/mailbox/{email(acme)}/calendar.ics", outside=True).status_code == 404


def test_the_clock_jumps_ahead_and_who_is_in_stays_in(as_rep: Client) -> None:
    before = utc_now()
    assert as_rep.post("/mailbox/clock/steps/day", outside=True).status_code == 303
    read_clock()
    assert timedelta(days=1) <= utc_now() - before < timedelta(days=1, minutes=1)
    as_rep.post("/mailbox/clock/steps/week", outside=True)
    assert "Choose a workspace" in as_rep.get("/workspaces?choose=1", outside=True).text


def test_the_clock_goes_to_a_day_but_never_back(client: Client) -> None:
    there = (datetime.now(UTC) + timedelta(days=40)).replace(second=0, microsecond=0)
    client.post("/mailbox/clock", {"to": there.strftime("%Y-%m-%dT%H:%M")}, outside=True)
    read_clock()
    assert timedelta(days=39) < offset() < timedelta(days=41)

    back = client.post("/mailbox/clock", {"to": "2020-01-01T10:00"}, outside=True)
    assert back.status_code == 422
    assert "only moves forward" in back.text
    soon = client.post("/mailbox/clock", {"to": "soon"}, outside=True)
    assert soon.status_code == 422
    assert "Please choose a day and a time." in soon.text
