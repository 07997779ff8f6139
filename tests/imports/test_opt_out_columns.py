"""Who has opted out in the customer's CRM is not written to or called by us."""

import pytest
from sqlalchemy import select

from jobs import imports as job
from portal.advocates.models import Advocate
from portal.asks import actions as asks
from portal.asks.models import AskKind
from portal.errors import Conflict
from portal.imports import actions
from portal.imports import queries as imports_queries
from portal.imports.models import ImportResult, LineOutcome, LineReason
from portal.imports.values.opt_out_columns import OptOutMeaning, meaning_of_heading, opt_out_mark
from portal.outreach.suppressions.actions import lift_opt_outs, suppress
from portal.outreach.suppressions.models import Suppression, SuppressionReason
from portal.outreach.suppressions.queries import suppressions_of
from portal.references.matching import filters
from portal.references.matching import queries as matching_queries
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.imports.files import Importer, csv_of, form_values, import_at
from tests.imports.test_views import after_worker, upload_file
from tests.mailbox import Mailbox
from tests.world import World

HEADER = ("Email", "First Name", "Last Name", "Email Opt Out", "Do Not Call", "Opted out of email: Events")
OUT = LineReason.OPTED_OUT_OF_EMAILS
TWICE = 2  # in a row of a table: beneath its value on a phone, in a column of its own elsewhere
NORA, OLAF = ("nora@x.example", "Nora", "Stop"), ("olaf@x.example", "Olaf", "Go")


def held(acme: World, address: str) -> set[tuple[str, str]]:
    with acme.session() as session:
        return {(reason.value, purpose) for reason, purpose in suppressions_of(session, address)}


@pytest.mark.parametrize(
    ("heading", "means"),
    [
        ("Email Opt Out", OptOutMeaning.EMAILS),
        ("HasOptedOutOfEmail", OptOutMeaning.EMAILS),
        ("Unsubscribed from all email", OptOutMeaning.EMAILS),
        ("Marketing contact status", OptOutMeaning.EMAILS),
        ("Do not allow Bulk Emails", OptOutMeaning.EMAILS),
        ("Désabonné", OptOutMeaning.EMAILS),
        ("Opted out of email: Marketing Information", OptOutMeaning.EMAILS),
        ("Opted out of email: Event invitations", OptOutMeaning.EVENTS),
        ("Opted out of email: Newsletter", OptOutMeaning.NEWS),
        ("Newsletter Opt Out", OptOutMeaning.NEWS),
        ("Do Not Call", OptOutMeaning.CALLS),
        ("Do Not Contact", OptOutMeaning.CONTACT),
        ("Email Bounced Reason", OptOutMeaning.BOUNCED),
        ("Invalid email address", OptOutMeaning.BOUNCED),
        ("GDPR Consent", OptOutMeaning.OPT_IN),
        ("Email Opt In", OptOutMeaning.OPT_IN),
        ("Fax Opt Out", OptOutMeaning.NOTHING),
        ("Legal basis for processing contact's data", OptOutMeaning.UNDECIDED),
        ("Marketing permission", OptOutMeaning.UNDECIDED),
        ("Werbesperre", OptOutMeaning.UNDECIDED),
        ("Opportunity ID", None),
        ("Product adoption", None),
        ("Email", None),
        ("Contact ID", None),
    ],
)
def test_headings_that_speak_of_opting_out_are_known_or_asked_about(
    heading: str, means: OptOutMeaning | None
) -> None:
    assert meaning_of_heading(heading) == means


@pytest.mark.parametrize(
    ("means", "values"),
    [
        (
            OptOutMeaning.EMAILS,
            {"TRUE": "!", "1": "!", "x": "!", "Ja": "!", "Non-marketing contact": "!", "2024-05-01": "!"},
        ),
        (
            OptOutMeaning.EMAILS,
            {"FALSE": "", "0": "", "": "", "Nein": "", "Marketing contact": "", "n/a": ""},
        ),
        (OptOutMeaning.EMAILS, {"perhaps": "?", "2": "?"}),
        (
            OptOutMeaning.OPT_IN,
            {"yes": "", "Granted": "", "✓": "", "no": "!", "": "!", "withdrawn": "!", "perhaps": "?"},
        ),
        (OptOutMeaning.BOUNCED, {"": "", "false": "", "550 5.1.1 no such user": "!"}),
    ],
)
def test_a_value_that_cannot_be_read_never_counts_as_agreed(
    means: OptOutMeaning, values: dict[str, str]
) -> None:
    assert {value: opt_out_mark(means, value) for value in values} == values


def test_each_column_suppresses_exactly_what_it_names(importer: Importer, acme: World) -> None:
    done = importer.import_file(
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
    told = importer.lines(done, LineOutcome.SUPPRESSED)
    assert (2, "Email Opt Out", "nora@x.example", LineReason.OPTED_OUT_OF_EMAILS) in told
    assert (4, "Email Opt Out", "una@x.example", LineReason.UNCLEAR_OPT_OUT) in told


def test_a_second_line_and_a_second_file_never_take_it_back(importer: Importer, acme: World) -> None:
    importer.import_file(csv_of(HEADER, (*NORA, "no", "no", ""), (*NORA, "yes", "no", "")))
    done = importer.import_file(csv_of(HEADER, (*NORA, "no", "no", "no")))
    assert done.counts == {"unchanged": 1}
    assert held(acme, "nora@x.example") == {("opted_out", "")}


def test_who_opted_out_is_not_invited(
    importer: Importer, acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    importer.import_file(csv_of(HEADER, (*NORA, "TRUE", "", ""), (*OLAF, "", "", "")))
    with acme.session() as session:
        people = session.scalars(select(Advocate)).all()
    for person in people:
        as_manager.post(f"/advocates/{person.id}/invitation", {"version": person.version})
    run_jobs()
    assert {email.recipient_norm for email in mailbox.all()} == {"olaf@x.example"}


def test_who_is_not_to_be_called_is_not_asked_for_a_call(importer: Importer, acme: World) -> None:
    ada = acme.advocate(email="ada@x.example")
    importer.import_file(csv_of(HEADER, ("ada@x.example", "Ada", "Lindqvist", "", "yes", "")))
    wanted, by = acme.request(), acme.member(Role.MANAGER)
    with acme.session() as session:
        ask = asks.propose(session, AskKind.CALL, acme.reload(ada), wanted, wanted.needed_by)
        with pytest.raises(Conflict, match="opted out"):
            asks.send(session, ask, by)
        found = matching_queries.candidates(session, wanted)
    assert [(group.reason, group.people) for group in found.excluded] == [
        (filters.ExclusionReason.OPTED_OUT, 1)
    ]


def test_the_pages_say_how_many_and_why_and_ask_about_what_smells_of_it(
    as_manager: Client, acme: World
) -> None:
    header = ("Email", "First Name", "Last Name", "Do Not Call", "Marketing permission")
    columns = upload_file(as_manager, csv_of(header, (*NORA, "1", "nope"), (*OLAF, "0", "yes")))
    page = as_manager.get(columns).text
    answers = form_values(page)
    assert answers["opt_out_3"] == "calls"
    assert as_manager.post(columns, answers).status_code == 422
    assert actions.missing_answer(import_at(acme, columns))

    check = after_worker(as_manager, as_manager.post(columns, answers | {"opt_out_4": "opt_in"}))
    assert "1 person has opted out" in check
    assert "1 by “Do Not Call”: No calls from now on." in check
    assert "that we can’t read" in check
    again = form_values(as_manager.get(upload_file(as_manager, csv_of(header, (*NORA, "1", "no")))).text)
    assert again["opt_out_4"] == "opt_in"


def test_a_file_of_companies_warns_that_only_people_can_opt_out(as_manager: Client) -> None:
    page = as_manager.get(
        upload_file(as_manager, csv_of(("Account Name", "Do Not Contact"), ("Wabtec", "yes")))
    ).text
    assert "opt-outs are only imported with people" in page


def test_the_persons_page_and_the_entry_say_where_it_comes_from(
    importer: Importer, acme: World, as_manager: Client
) -> None:
    done = importer.import_file(csv_of(HEADER, (*NORA, "TRUE", "1", "")))
    with acme.session() as session:
        nora = session.scalars(select(Advocate)).one()
        row = session.scalars(select(Suppression).where(Suppression.purpose == "")).one()
    page = as_manager.get(f"/advocates/{nora.id}").text
    assert "Opted out in your CRM: gets no invitations and no program emails." in page
    entry = as_manager.get(f"/emails/suppressed/{row.id}").text
    assert f"/imports/{done.id}" in entry
    assert "Email Opt Out" in entry
    assert as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "x"}).status_code == 409


@pytest.mark.parametrize("says_wrong", [False, True])
def test_undo_takes_it_back_only_if_the_person_says_that_the_file_was_wrong(
    importer: Importer, acme: World, says_wrong: bool
) -> None:
    with acme.session() as session:
        suppress(session, "olaf@x.example", SuppressionReason.UNSUBSCRIBED)
    done = importer.import_file(csv_of(HEADER, (*NORA, "yes", "", ""), (*OLAF, "yes", "", "")))
    client = acme.signed_in(as_member=importer.manager)
    assert 'name="lifts_opt_outs"' in client.get(f"/imports/{done.id}").text
    with acme.session() as session:
        actions.undo(
            session, imports_queries.get(session, done.id), by=importer.manager, lifts_opt_outs=says_wrong
        )
    job.work()
    assert held(acme, "nora@x.example") == (set() if says_wrong else {("opted_out", "")})
    assert ("unsubscribed", "") in held(acme, "olaf@x.example")
    assert acme.reload(done).counts.get("lifted", 0) == (2 if says_wrong else 0)
    page = client.get(f"/imports/{done.id}").text
    assert ("2 suppressions were lifted." in page, "stay suppressed." in page) == (says_wrong, not says_wrong)


def test_a_known_person_who_comes_with_another_address_is_suppressed_at_both(
    importer: Importer, acme: World
) -> None:
    header = ("Contact ID", "Email", "First Name", "Last Name", "Email Opt Out")
    importer.import_file(csv_of(header, ("003Q", *NORA, "no")))
    importer.import_file(csv_of(header, ("003Q", "nora.new@x.example", "Nora", "Stop", "yes")))
    assert held(acme, "nora@x.example") == held(acme, "nora.new@x.example") == {("opted_out", "")}


def test_who_may_have_opted_out_again_after_agreeing_here_is_suppressed_and_both_pages_say_so(
    importer: Importer, acme: World
) -> None:
    """Nobody can tell an old TRUE from a new one."""
    file = csv_of(HEADER, (*NORA, "TRUE", "", ""), (*OLAF, "TRUE", "", ""))
    importer.import_file(file)
    with acme.session() as session:
        lift_opt_outs(session, "nora@x.example", {"": utc_now()})
    later = importer.check(importer.upload(file))
    check = acme.signed_in(as_member=importer.manager).get(f"/imports/{later.id}/check").text
    assert "1 of them gave consent here after an earlier file said they had opted out." in check
    assert held(acme, "nora@x.example") == set()

    done = importer.start(later)
    assert held(acme, "nora@x.example") == {("opted_out", "")}
    with acme.session() as session:
        told = select(ImportResult).where(ImportResult.outcome == LineOutcome.SUPPRESSED)
        nora, olaf = session.scalars(
            told.where(ImportResult.import_id == done.id).order_by(ImportResult.line)
        )
    assert (nora.reason, nora.reason_params) == (OUT, {"agreed_on": str(utc_now().date())})
    assert (olaf.reason, olaf.reason_params) == (OUT, {})
    client = acme.signed_in(as_member=importer.manager)
    assert client.get(f"/imports/{done.id}?outcome=suppressed").text.count("Gave consent here on") == TWICE
    written = client.get(f"/imports/{done.id}/lines.csv?outcome=suppressed").text
    assert f"{utc_now().date()}, but the file still says opted out, so they stay suppressed." in written


def test_a_colleague_whose_address_bounces_in_the_crm_can_still_sign_in(
    importer: Importer, acme: World
) -> None:
    acme.member(Role.REP, email="noor@x.example")
    header = ("Email", "First Name", "Last Name", "Email Bounced Reason")
    importer.import_file(
        csv_of(header, ("noor@x.example", "N", "H", "550"), ("gone@x.example", "G", "H", "550"))
    )
    assert (held(acme, "noor@x.example"), held(acme, "gone@x.example")) == (set(), {("bounced", "")})
