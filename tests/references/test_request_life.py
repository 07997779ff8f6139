"""The life of a request: a rep asks, the desk finds, a customer helps, the deal ends."""

import re

from icalendar import Calendar
from werkzeug.test import TestResponse

from portal.advocates.models import Advocate
from portal.references.models import DealOutcome, RequestState
from tenants.models import MailboxEmail
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.references.steps import (
    PETER,
    asked,
    filed,
    moment,
    picks,
    says_after,
    says_yes,
    signs_in_again,
    until,
)
from tests.world import World


def test_a_reference_from_the_request_to_the_thanks(
    acme: World,
    as_rep: Client,
    as_manager: Client,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    travel: Travel,
) -> None:
    ada = acme.advocate(email="ada@wabtec.example", first_name="Ada", last_name="Lindqvist")
    request = filed(acme, as_rep)
    hidden(as_rep.get(f"/requests/{request.id}"), ada)
    assert "Ask Ada Lindqvist" in as_manager.get(f"/requests/{request.id}").text

    asked(as_manager, request, ada)
    run_jobs()
    hidden(as_rep.get(f"/requests/{request.id}"), ada)

    times = says_yes(client, mailbox, ada)
    run_jobs()
    assert "Ada Lindqvist" in as_rep.get(f"/requests/{request.id}").text

    shown = client.get(paths(mailbox.last(PETER), "/s/")[0]).text
    assert "Ada Lindqvist" in shown
    assert "@" not in shown
    picks(client, mailbox, times[1])
    run_jobs()
    assert acme.reload(request).state is RequestState.SCHEDULED
    both_have_it_in_their_calendar(mailbox, ada, times[1])

    both_are_reminded(mailbox, ada, times[1], run_jobs, travel)
    travel(seconds=until(times[1], hours=-3))
    run_jobs()
    for who in (ada.email, PETER):
        page = says_after(client, mailbox, who, "held")
        assert client.post(page, {"outcome": "held", "rating": "1"}).status_code == 409
    assert acme.reload(request).state is RequestState.DELIVERED

    signs_in_again(as_rep, as_manager)
    as_rep.post(f"/requests/{request.id}/outcome", {"outcome": "won", "amount": "310000", "currency": "EUR"})
    run_jobs()
    closed = acme.reload(request)
    assert (closed.state, closed.outcome, closed.outcome_cents) == (
        RequestState.CLOSED,
        DealOutcome.WON,
        31_000_000,
    )
    assert mailbox.last(ada.email).subject == "You helped: Initech chose Acme"
    for member in (as_rep, as_manager):
        assert "Won" in member.get(f"/requests/{request.id}").text
    pages = [member.get(f"/requests/{request.id}").text for member in (as_rep, as_manager)]
    assert ["Prospect: 5 of 5" in page for page in pages] == [True, True]
    assert ["Candid" in page for page in pages] == [False, True]  # “Only the desk reads it.”


def hidden(page: TestResponse, advocate: Advocate) -> None:
    """Nothing on the page leads to the person."""
    assert page.status_code == 200
    for secret in (advocate.first_name, advocate.last_name, advocate.email, str(advocate.id)):
        assert secret not in page.text


def both_have_it_in_their_calendar(mailbox: Mailbox, ada: Advocate, time: str) -> None:
    """The same entry for both, and in each file no address but the reader's and ours."""
    uids = set()
    for who in (ada.email, PETER):
        text = mailbox.last(who).calendar
        calendar = Calendar.from_ical(text)
        (event,) = calendar.events
        assert (calendar["METHOD"], event["SEQUENCE"], event.start) == ("REQUEST", 0, moment(time))
        assert set(re.findall(r"mailto:(\S+)", text.replace("\r\n ", ""))) == {who, "goodword@localhost"}
        uids.add(str(event["UID"]))
    assert len(uids) == 1


def both_are_reminded(mailbox: Mailbox, ada: Advocate, time: str, run_jobs: Jobs, travel: Travel) -> None:
    for before, word in ({"hours": 23}, "Tomorrow"), ({"minutes": 50}, "In an hour"):
        travel(seconds=until(time, **before))
        run_jobs()
        assert [len(about(mailbox, who, word)) for who in (ada.email, PETER)] == [1, 1]


def about(mailbox: Mailbox, who: str, subject: str) -> list[MailboxEmail]:
    return [email for email in mailbox.to(who) if email.subject.startswith(subject)]
