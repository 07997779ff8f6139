"""What managers see of the emails, and what they do about one that did not go out."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from portal.links import token
from portal.outreach.delivery_events.models import DeliveryEventType
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.labels import HOLD_REASONS, STATUS_TEXTS
from portal.outreach.messages.labels import OUTCOMES, STATES
from portal.outreach.messages.queries import EmailOutcome, EmailTab
from portal.outreach.models import EmailState, HoldReason
from portal.outreach.status_codes import StatusCode
from portal.references.link_purposes import CallLinkPurpose
from portal.signin.emails import SIGN_IN
from tenants.clock import utc_now
from tests.client import Client
from tests.outreach.messages.stored_emails import ROW, add_event, email
from tests.rules.query_counter import statements
from tests.world import World

FAILED: dict[str, Any] = {"state": EmailState.FAILED, "due_at": None}
FAR = datetime(2032, 11, 24, 16, tzinfo=ZoneInfo("UTC"))  # a Wednesday, long after every test


def test_what_needs_a_person_is_said_first(acme: World, as_manager: Client) -> None:
    assert "No emails yet" in as_manager.get("/emails").text
    email(acme)
    assert "Nothing needs your attention" in as_manager.get("/emails").text
    held = email(acme, to="eve@example.com", state=EmailState.HELD, reply="It may have arrived.")
    page = as_manager.get("/emails")
    assert "One email needs your attention" in page.text
    assert f"/emails/{held.id}" in page.text
    assert "ada@example.com" not in page.text
    assert "ada@example.com" in as_manager.get("/emails?view=all").text


def test_what_is_held_by_a_rule_needs_nobody_and_says_until_when(acme: World, as_manager: Client) -> None:
    free: dict[str, Any] = {"due_at": FAR, "time_zone": "America/Los_Angeles"}
    email(acme, state=EmailState.HELD, hold_reason=HoldReason.QUIET_HOURS, reply="It waits.", **free)
    withdrawn = StatusCode.CONSENT_WITHDRAWN
    email(acme, state=EmailState.HELD, hold_reason=HoldReason.CONSENT, status_code=withdrawn)
    page = as_manager.get("/emails?view=on-hold").text
    assert "Nothing needs your attention" in page
    assert "On hold: outside working hours" in page
    assert "Until Wed 24 Nov, 08:00 PST, 17:00 CET" in page
    assert "On hold: consent withdrawn" in page
    assert STATUS_TEXTS[withdrawn] in page


def test_an_email_of_a_paused_sequence_names_no_hour(acme: World, as_manager: Client) -> None:
    rests = email(
        acme,
        state=EmailState.HELD,
        hold_reason=HoldReason.PAUSED,
        status_code=StatusCode.SEQUENCE_PAUSED,
        due_at=FAR,
    )
    for path in ("/emails?view=on-hold", f"/emails/{rests.id}"):
        page = as_manager.get(path).text
        assert "On hold: paused" in page
        assert STATUS_TEXTS[StatusCode.SEQUENCE_PAUSED] in page
        assert "24 Nov" not in page, "nobody knows when that is"


def test_emails_that_rest_for_complaints_say_when_we_look_again_and_promise_nothing(
    acme: World, as_manager: Client
) -> None:
    rests = email(
        acme,
        state=EmailState.HELD,
        hold_reason=HoldReason.COMPLAINTS,
        due_at=FAR,
        status_code=StatusCode.BLOCKED_BY_COMPLAINTS,
        status_params={"share": "0.41"},
    )
    page = as_manager.get(f"/emails/{rests.id}").text
    assert "Next check: Wed 24 Nov" in page
    assert "0.41% of the emails of the last 30 days were marked as spam." in page
    assert "Will be sent" not in page


def test_an_email_to_whoever_is_on_a_pause_says_until_which_day(acme: World, as_manager: Client) -> None:
    waits = email(
        acme,
        state=EmailState.HELD,
        hold_reason=HoldReason.PAUSED,
        status_code=StatusCode.RECIPIENT_PAUSED,
        due_at=FAR,
    )
    for path in ("/emails?view=on-hold", f"/emails/{waits.id}"):
        assert "Until Wed 24 Nov" in as_manager.get(path).text


@pytest.mark.parametrize("hold", [hold for hold in HoldReason if hold], ids=str)
def test_every_reason_has_words_and_a_list_of_its_own(
    acme: World, as_manager: Client, hold: HoldReason
) -> None:
    free = (
        None
        if hold in {HoldReason.DELIVERY_UNKNOWN, HoldReason.LEFT_PROGRAM}
        else utc_now() + timedelta(days=1)
    )
    email(acme, state=EmailState.HELD, hold_reason=hold, reply="Because.", due_at=free)
    email(acme, to="eve@example.com", state=EmailState.HELD, hold_reason=other_than(hold), reply="Else.")
    page = as_manager.get(f"/emails?view=on-hold&reason={hold.value}").text
    assert f"On hold: {HOLD_REASONS[hold].word}" in page
    assert "ada@example.com" in page
    assert "eve@example.com" not in page


def other_than(hold: HoldReason) -> HoldReason:
    return HoldReason.LEFT_PROGRAM if hold is not HoldReason.LEFT_PROGRAM else HoldReason.OBSOLETE


def test_every_state_and_fate_has_words() -> None:
    assert (set(STATES), set(OUTCOMES)) == (set(EmailState), set(EmailOutcome))
    assert set(STATUS_TEXTS) == set(StatusCode)


def test_the_views_share_all_emails_among_them(acme: World, as_manager: Client) -> None:
    for number, state in enumerate(EmailState):
        lease = utc_now() + timedelta(minutes=1) if state is EmailState.SENDING else None
        email(acme, to=f"reader{number}@example.com", state=state, lease_until=lease)
    found = [
        [number for number in range(len(EmailState)) if f"reader{number}@" in page.text]
        for page in (
            as_manager.get(f"/emails?view={view.value}")
            for view in EmailTab
            if view not in {EmailTab.NEEDS_ATTENTION, EmailTab.ALL}
        )
    ]
    assert sorted(chain(*found)) == [*range(len(EmailState))]


def test_emails_are_narrowed_by_kind_and_state_and_nonsense_narrows_nothing(
    acme: World, as_manager: Client
) -> None:
    email(acme, state=EmailState.DELIVERED, opens=2)
    email(acme, OWN_EMAIL, to="eve@example.com", state=EmailState.DELIVERED, machine_opens=3)
    for query in ("kind=own", "state=opened-by-bot", "view=sent&kind=own&state=delivered"):
        page = as_manager.get(f"/emails?{query}").text
        assert "eve@example.com" in page, query
        assert "ada@example.com" not in page, query
    for query in ("kind=sign_in", "state=lost", "reason=x", "sequence=1", "step=x", "view=x", "after=x"):
        assert as_manager.get(f"/emails?{query}").status_code in {200, 404}, query
    assert "No emails match these filters" in as_manager.get("/emails?kind=welcome").text


def test_an_email_is_found_by_its_whole_address(acme: World, as_manager: Client) -> None:
    email(acme)
    email(acme, to="eve@example.com")
    found = as_manager.get("/emails?to=EVE@example.com").text
    assert "eve@example.com" in found
    assert "ada@example.com" not in found
    assert "No emails to tom@example.com here" in as_manager.get("/emails?to=tom@example.com").text


def test_long_lists_turn_their_pages(acme: World, as_manager: Client) -> None:
    for number in range(30):
        email(acme, to=f"reader{number}@example.com")
    first = as_manager.get("/emails")
    assert "reader29@" in first.text
    assert "reader0@" not in first.text
    older = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "reader0@" in as_manager.get(older, outside=True).text


def test_the_list_asks_few_questions_however_long_it_is(acme: World, as_admin: Client) -> None:
    for number in range(30):
        email(acme, to=f"reader{number}@example.com", **FAILED, reply="no")
    with statements() as sent:
        as_admin.get("/emails")
    assert len(sent) <= 8, sent


def test_an_email_tells_its_life_in_few_questions(acme: World, as_manager: Client) -> None:
    sent = email(
        acme,
        state=EmailState.DELIVERED,
        gateway="sendgrid",
        tries=2,
        claimed_at=utc_now(),
        sent_at=utc_now(),
    )
    add_event(
        acme,
        sent,
        DeliveryEventType.DEFERRED,
        provider_reason="451 4.7.1 greylisted, come back in five minutes",
    )
    add_event(acme, sent, DeliveryEventType.DELIVERED)
    for _ in range(3):
        add_event(acme, sent, DeliveryEventType.CLICKED, is_bot=True, url="/s/…")
        add_event(acme, sent, DeliveryEventType.OPENED)
    with statements() as asked:
        page = as_manager.get(f"/emails/{sent.id}").text
    assert len(asked) <= 8, asked
    for words in (
        "Sent to the mail server (SendGrid), attempt 2",
        "451 4.7.1 greylisted",
        "A security scanner opened 3 links (not counted)",
        "Opened by the recipient",
        "Opened 2 more times",
        "Version 1",
    ):
        assert words in page, words


def test_an_email_is_shown_without_the_secret_of_its_links(acme: World, as_manager: Client) -> None:
    shown = email(acme)
    secret = token(CallLinkPurpose.SLOT, acme.tenant_id, ROW)
    for path in ("", "/html", "?as=text"):
        page = as_manager.get(f"/emails/{shown.id}{path}")
        assert page.status_code == 200
        assert secret not in page.text
    paper = as_manager.get(f"/emails/{shown.id}/html")
    assert "http://localhost/s/…" in paper.text
    assert "sandbox" in paper.headers["Content-Security-Policy"]


def test_sign_in_emails_are_shown_to_nobody(acme: World, as_manager: Client, as_admin: Client) -> None:
    secret = email(acme, SIGN_IN, **FAILED, reply="no")
    for client in (as_manager, as_admin):
        assert "No emails yet" in client.get("/emails").text
        assert client.get(f"/emails/{secret.id}").status_code == 404
        assert client.get(f"/emails/{secret.id}/html").status_code == 404
        assert client.post(f"/emails/{secret.id}/retries").status_code == 404
    answer = as_manager.post("/lists/emails/acts/try-again", {"picked": [str(secret.id)], "option": "all"})
    assert "Nothing is selected" in as_manager.follow(answer).text
    as_manager.post("/emails/failures/retries", {"code": "gateway_reply", "params": '{"text": "no"}'})
    assert acme.reload(secret).state is EmailState.FAILED


@pytest.mark.parametrize("path", ["/emails", "/failed-messages"])
def test_emails_are_not_for_reps(as_rep: Client, path: str) -> None:
    assert as_rep.get(path).status_code == 403


def test_another_workspaces_email_does_not_exist(globex: World, as_admin: Client) -> None:
    theirs, nothing = email(globex, state=EmailState.HELD), uuid7()
    for path in ("", "/html"):
        answers = [as_admin.get(f"/emails/{one}{path}") for one in (theirs.id, nothing)]
        assert [answer.status_code for answer in answers] == [404, 404]
    for path in ("retries", "end"):
        answers = [as_admin.post(f"/emails/{one}/{path}") for one in (theirs.id, nothing)]
        assert [answer.status_code for answer in answers] == [404, 404]
    for path in ("retries", "ends"):
        as_admin.post(f"/emails/{path}", {"picked": [str(theirs.id)], "sure": "y"})
    assert globex.reload(theirs).state is EmailState.HELD
