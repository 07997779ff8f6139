"""Who has opted out in the customer's CRM is not written to or called by us."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jobs import imports as job
from portal.advocates.models import Advocate
from portal.asks import actions as asks
from portal.asks.models import Kind as AskKind
from portal.errors import Conflict
from portal.imports import actions, queries
from portal.imports.models import Import, Outcome
from portal.imports.opt_outs import Means, meaning, says_out
from portal.outreach.suppression.actions import lift_unsubscribed, suppress
from portal.outreach.suppression.models import Reason, Suppression
from portal.outreach.suppression.queries import of_address
from portal.references import matching, matching_filters
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.imports.files import Desk, csv_of
from tests.imports.test_pages import filled, send, worked
from tests.mail import Mailbox
from tests.world import World

HEADER = ("Email", "First Name", "Last Name", "Email Opt Out", "Do Not Call", "Opted out of email: Events")
NORA, OLAF = ("nora@x.example", "Nora", "Stop"), ("olaf@x.example", "Olaf", "Go")


def held(acme: World, address: str) -> set[tuple[str, str]]:
    with acme.session() as session:
        return {(reason.value, purpose) for reason, purpose in of_address(session, address)}


@pytest.mark.parametrize(
    ("heading", "means"),
    [
        ("Email Opt Out", Means.EMAILS),
        ("HasOptedOutOfEmail", Means.EMAILS),
        ("Unsubscribed from all email", Means.EMAILS),
        ("Marketing contact status", Means.EMAILS),
        ("Do not allow Bulk Emails", Means.EMAILS),
        ("Désabonné", Means.EMAILS),
        ("Opted out of email: Marketing Information", Means.EMAILS),
        ("Opted out of email: Event invitations", Means.EVENTS),
        ("Opted out of email: Newsletter", Means.NEWS),
        ("Newsletter Opt Out", Means.NEWS),
        ("Do Not Call", Means.CALLS),
        ("Do Not Contact", Means.CONTACT),
        ("Email Bounced Reason", Means.BOUNCED),
        ("Invalid email address", Means.BOUNCED),
        ("GDPR Consent", Means.OPT_IN),
        ("Email Opt In", Means.OPT_IN),
        ("Fax Opt Out", Means.NOTHING),
        ("Legal basis for processing contact's data", Means.UNDECIDED),
        ("Marketing permission", Means.UNDECIDED),
        ("Werbesperre", Means.UNDECIDED),
        ("Opportunity ID", None),
        ("Product adoption", None),
        ("Email", None),
        ("Contact ID", None),
    ],
)
def test_headings_that_speak_of_opting_out_are_known_or_asked_about(
    heading: str, means: Means | None
) -> None:
    assert meaning(heading) == means


@pytest.mark.parametrize(
    ("means", "values"),
    [
        (
            Means.EMAILS,
            {"TRUE": "!", "1": "!", "x": "!", "Ja": "!", "Non-marketing contact": "!", "2024-05-01": "!"},
        ),
        (Means.EMAILS, {"FALSE": "", "0": "", "": "", "Nein": "", "Marketing contact": "", "n/a": ""}),
        (Means.EMAILS, {"perhaps": "?", "2": "?"}),
        (
            Means.OPT_IN,
            {"yes": "", "Granted": "", "✓": "", "no": "!", "": "!", "withdrawn": "!", "perhaps": "?"},
        ),
        (Means.BOUNCED, {"": "", "false": "", "550 5.1.1 no such user": "!"}),
    ],
)
def test_a_value_that_cannot_be_read_never_counts_as_agreed(means: Means, values: dict[str, str]) -> None:
    assert {value: says_out(means, value) for value in values} == values


def test_each_column_suppresses_exactly_what_it_names(desk: Desk, acme: World) -> None:
    done = desk.take_in(
        csv_of(
            HEADER,
            (*NORA, "TRUE", "0", ""),
            (*OLAF, "FALSE", "1", "yes"),
            ("una@x.example", "Una", "Sure", "perhaps", "", ""),
            ("vic@x.example", "Vic", "In", "0", "0", "no"),
        )
    )
    assert done.counts == {"created": 4, "suppressed": 3}
    assert held(acme, "nora@x.example") == {("opted_out", "")}
    assert held(acme, "olaf@x.example") == {("opted_out", "calls"), ("opted_out", "events")}
    assert held(acme, "una@x.example") == {("opted_out", "")}
    assert held(acme, "vic@x.example") == set()
    told = desk.lines(done, Outcome.SUPPRESSED)
    assert (2, "Email Opt Out", "nora@x.example", "No invitations and no program emails from now on.") in told
    assert (
        4,
        "Email Opt Out",
        "una@x.example",
        "We can’t read this value, so it counts as opted out.",
    ) in told


def test_a_second_line_and_a_second_file_never_take_it_back(desk: Desk, acme: World) -> None:
    desk.take_in(csv_of(HEADER, (*NORA, "no", "no", ""), (*NORA, "yes", "no", "")))
    done = desk.take_in(csv_of(HEADER, (*NORA, "no", "no", "no")))
    assert done.counts == {"unchanged": 1}
    assert held(acme, "nora@x.example") == {("opted_out", "")}


def test_who_opted_out_is_not_invited(
    desk: Desk, acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Callable[[], None]
) -> None:
    desk.take_in(csv_of(HEADER, (*NORA, "TRUE", "", ""), (*OLAF, "", "", "")))
    with acme.session() as session:
        people = session.scalars(select(Advocate)).all()
    for person in people:
        as_manager.post(f"/advocates/{person.id}/invitation", {"version": person.version})
    run_jobs()
    assert {letter.recipient_norm for letter in mailbox.all()} == {"olaf@x.example"}


def test_who_is_not_to_be_called_is_not_asked_for_a_call(desk: Desk, acme: World) -> None:
    ada = acme.advocate(email="ada@x.example")
    desk.take_in(csv_of(HEADER, ("ada@x.example", "Ada", "Lindqvist", "", "yes", "")))
    wanted, by = acme.request(), acme.member(Role.MANAGER)
    with acme.session() as session:
        ask = asks.propose(session, AskKind.CALL, acme.reload(ada), wanted, wanted.needed_by)
        with pytest.raises(Conflict, match="opted out"):
            asks.send(session, ask, by)
        found = matching.candidates(session, wanted)
    assert [(group.reason, group.people) for group in found.left_out] == [
        (matching_filters.Reason.OPTED_OUT, 1)
    ]


def test_the_pages_say_how_many_and_why_and_ask_about_what_smells_of_it(
    as_manager: Client, acme: World
) -> None:
    header = ("Email", "First Name", "Last Name", "Do Not Call", "Marketing permission")
    columns = send(as_manager, csv_of(header, (*NORA, "1", "nope"), (*OLAF, "0", "yes")))
    page = as_manager.get(columns).text
    answers = filled(page)
    assert answers["opt_out_3"] == "calls"
    refused = as_manager.post(columns, answers)
    assert refused.status_code == 422
    assert "Please say what a yes in this column means." in refused.text
    with acme.session() as session:
        assert "opting out" in actions.what_is_open(session.scalars(select(Import)).one())

    check = worked(as_manager, as_manager.post(columns, answers | {"opt_out_4": "opt_in"}))
    assert "1 person has opted out" in check
    assert "1 by “Do Not Call”: Is not asked for calls from now on." in check
    assert "that we can’t read" in check
    again = filled(as_manager.get(send(as_manager, csv_of(header, (*NORA, "1", "no")))).text)
    assert again["opt_out_4"] == "opt_in"


def test_a_file_of_companies_warns_that_only_people_can_opt_out(as_manager: Client) -> None:
    page = as_manager.get(
        send(as_manager, csv_of(("Account Name", "Do Not Contact"), ("Wabtec", "yes")))
    ).text
    assert "this file is not imported as people" in page


def test_the_persons_page_and_the_entry_say_where_it_comes_from(
    desk: Desk, acme: World, as_manager: Client
) -> None:
    done = desk.take_in(csv_of(HEADER, (*NORA, "TRUE", "1", "")))
    with acme.session() as session:
        nora = session.scalars(select(Advocate)).one()
        row = session.scalars(select(Suppression).where(Suppression.purpose == "")).one()
    page = as_manager.get(f"/advocates/{nora.id}").text
    assert "Opted out in your CRM: gets no invitations and no program emails." in page
    assert "Opted out of emails in your CRM, by an imported file" in page
    entry = as_manager.get(f"/letters/suppressed/{row.id}").text
    assert f"/imports/{done.id}" in entry
    assert "Email Opt Out" in entry
    assert as_manager.post(f"/letters/suppressed/{row.id}/end", {"note": "x"}).status_code == 409


@pytest.mark.parametrize("says_wrong", [False, True])
def test_undo_takes_it_back_only_if_the_person_says_that_the_file_was_wrong(
    desk: Desk, acme: World, says_wrong: bool
) -> None:
    with acme.session() as session:
        suppress(session, "olaf@x.example", Reason.UNSUBSCRIBED)
    done = desk.take_in(csv_of(HEADER, (*NORA, "yes", "", ""), (*OLAF, "yes", "", "")))
    client = acme.signed_in(as_member=desk.manager)
    assert "People who opted out stay suppressed" in client.get(f"/imports/{done.id}").text
    with acme.session() as session:
        actions.undo(session, queries.get(session, done.id), by=desk.manager, lifts_opt_outs=says_wrong)
    job.work()
    assert held(acme, "nora@x.example") == (set() if says_wrong else {("opted_out", "")})
    assert ("unsubscribed", "") in held(acme, "olaf@x.example")
    page = client.get(f"/imports/{done.id}").text
    assert ("2 suppressions were lifted." if says_wrong else "People who opted out stay suppressed.") in page


def test_a_known_person_who_comes_with_another_address_is_suppressed_at_both(desk: Desk, acme: World) -> None:
    header = ("Contact ID", "Email", "First Name", "Last Name", "Email Opt Out")
    desk.take_in(csv_of(header, ("003Q", *NORA, "no")))
    desk.take_in(csv_of(header, ("003Q", "nora.new@x.example", "Nora", "Stop", "yes")))
    assert held(acme, "nora@x.example") == held(acme, "nora.new@x.example") == {("opted_out", "")}


def test_who_may_have_opted_out_again_after_agreeing_here_is_suppressed_and_both_pages_say_so(
    desk: Desk, acme: World
) -> None:
    """Nobody can tell an old TRUE from a new one."""
    file = csv_of(HEADER, (*NORA, "TRUE", "", ""), (*OLAF, "TRUE", "", ""))
    desk.take_in(file)
    with acme.session() as session:
        lift_unsubscribed(session, "nora@x.example", {"": utc_now()})
    later = desk.check(desk.upload(file))
    check = acme.signed_in(as_member=desk.manager).get(f"/imports/{later.id}/check").text
    assert "1 of them agreed here after an earlier file said so." in check
    assert held(acme, "nora@x.example") == set()

    done = desk.start(later)
    assert held(acme, "nora@x.example") == {("opted_out", "")}
    told = [reason for *_, reason in desk.lines(done, Outcome.SUPPRESSED)]
    assert told[0].startswith(
        f"Agreed here on {utc_now().date()}; the file still says opted out, so that holds."
    )
    assert told[1] == "No invitations and no program emails from now on."


def test_a_colleague_whose_address_bounces_in_the_crm_can_still_sign_in(desk: Desk, acme: World) -> None:
    acme.member(Role.REP, email="noor@x.example")
    header = ("Email", "First Name", "Last Name", "Email Bounced Reason")
    desk.take_in(csv_of(header, ("noor@x.example", "N", "H", "550"), ("gone@x.example", "G", "H", "550")))
    assert (held(acme, "noor@x.example"), held(acme, "gone@x.example")) == (set(), {("bounced", "")})
