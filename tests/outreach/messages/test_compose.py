"""Emails as they are written: once per occasion and reader, and without a secret in the row."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.advocates.emails import ENROLL_INVITATION
from portal.declarations.email_content import CalendarFile, Recipient, SignedLink
from portal.declarations.email_kinds import EmailClass
from portal.errors import Conflict, DomainError
from portal.links import LinkPurpose, short_code, token
from portal.outreach.emails import NEW_LINK
from portal.outreach.labels import status_text
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email
from portal.references.link_purposes import CallLinkPurpose
from portal.signin.emails import SIGN_IN
from tenants.clock import utc_now
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.world import World

ADA = Recipient("Ada@Example.com", "Ada Lindqvist")
ROW = uuid7()
LINKS = {"page": SignedLink(CallLinkPurpose.SLOT, ROW)}


def new_link(world: Any, to: Recipient = ADA, occasion: str = "new:1", **more: Any) -> Email:
    with world.session() as session:
        return compose(session, NEW_LINK, to, occasion, fields={"what": "your call"}, links=LINKS, **more)


def invite(world: Any, occasion: str, to: Recipient = ADA) -> Email:
    with world.session() as session:
        return compose(
            session,
            ENROLL_INVITATION,
            to,
            occasion,
            links={"invite": SignedLink(LinkPurpose.INVITE, ROW)},
        )


def test_an_email_is_written_once_per_occasion_and_arrives_once(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    first, again = new_link(acme), new_link(acme, Recipient("ada@example.com", "Somebody else"))
    run_jobs()
    assert first.id == again.id
    (email,) = mailbox.to("ada@example.com")
    assert email.subject == "Your new link: your call"
    assert email.sender == "Acme <goodword@localhost>"


def test_ten_writers_at_once_write_one_email(acme: World) -> None:
    with ThreadPoolExecutor(10) as many:
        emails = list(many.map(lambda _: new_link(acme).id, range(10)))
    assert len(set(emails)) == 1


def test_a_writer_waits_for_nobody_who_uses_a_text_for_the_first_time(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    """Whoever writes may hold any lock. Goodword's own text serves meanwhile, and is a version from then on."""
    with acme.session() as session:
        first = compose(session, NEW_LINK, ADA, "new:1", fields={"what": "your call"}, links=LINKS)
        meanwhile = new_link(acme, occasion="new:2")
    later = new_link(acme, occasion="new:3")
    assert (meanwhile.template_id, later.template_id) == (None, first.template_id)
    run_jobs()
    assert [email.subject for email in mailbox.to("ada@example.com")] == ["Your new link: your call"] * 3


def test_the_link_works_in_the_email_and_is_nowhere_else(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    written = new_link(acme)
    run_jobs()
    secret = token(CallLinkPurpose.SLOT, acme.tenant_id, ROW)
    assert paths(mailbox.last())[0] == f"/s/{secret}"
    row = acme.reload(written)
    kept = {column.name: str(getattr(row, column.name)) for column in Email.__table__.columns}
    assert not [name for name, value in kept.items() if secret[-20:] in value]


def test_a_sign_in_email_holds_a_code_that_the_row_does_not(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    with acme.session() as session:
        links = {"sign_in": SignedLink(LinkPurpose.SIGN_IN, ROW)}
        email = compose(session, SIGN_IN, ADA, "sign-in:1", links=links)
    run_jobs()
    assert short_code(LinkPurpose.SIGN_IN, ROW) in mailbox.last().text
    assert short_code(LinkPurpose.SIGN_IN, ROW) not in str(acme.reload(email).links)


def test_an_email_to_an_advocate_says_where_to_change_ones_mind(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada = acme.advocate(link_version=3)
    new_link(acme, Recipient(ada.email, ada.name, advocate_id=ada.id))
    run_jobs()
    assert paths(mailbox.to(ada.email)[0], "/u/") == [
        f"/u/{token(LinkPurpose.PREFERENCES, acme.tenant_id, ada.id, 3)}"
    ]


def test_nobody_is_invited_a_third_time(acme: World, globex: World) -> None:
    assert [invite(acme, f"invitation:{number}").email_class for number in (1, 2, 2)] == [
        EmailClass.INVITATION
    ] * 3
    with pytest.raises(Conflict, match="already been invited twice"):
        invite(acme, "invitation:3", Recipient("ADA@example.com"))
    invite(globex, "invitation:3")


def test_of_five_invitations_at_once_two_are_written(acme: World) -> None:
    def attempt(number: int) -> bool:
        try:
            return bool(invite(acme, f"at once:{number}"))
        except Conflict:
            return False

    with ThreadPoolExecutor(5) as many:
        assert sum(many.map(attempt, range(5))) == 2


def test_an_email_for_later_waits(acme: World, mailbox: Mailbox, run_jobs: Jobs, travel: Travel) -> None:
    new_link(acme, not_before=utc_now() + timedelta(hours=2))
    run_jobs()
    assert mailbox.all() == []
    travel(hours=3)
    run_jobs()
    assert len(mailbox.all()) == 1


def test_a_calendar_file_travels_with_the_email(acme: World, mailbox: Mailbox, run_jobs: Jobs) -> None:
    new_link(acme, calendar=CalendarFile("REQUEST", "BEGIN:VCALENDAR"))
    run_jobs()
    assert mailbox.last().calendar == "BEGIN:VCALENDAR"


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("ada@example.com\r\nBcc: all@example.com", ""),
        ("ada@example.com", "Ada\nBcc: all@example.com"),
        ("ada", ""),
    ],
)
def test_an_address_or_name_that_brings_its_own_lines_is_refused(email: str, name: str) -> None:
    with pytest.raises(DomainError):
        Recipient(email, name)


def test_an_email_that_lacks_something_fails_alone_and_says_what(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    with acme.session() as session:
        lacking = compose(
            session, NEW_LINK, ADA, "lacking", links={"page": SignedLink(CallLinkPurpose.SLOT, ROW)}
        )
        broken = compose(session, NEW_LINK, ADA, "two lines", fields={"what": "a\nb"}, links={})
    new_link(acme)
    run_jobs()
    assert len(mailbox.all()) == 1
    states = {row.id: (row.state, status_text(row.status)) for row in _all(acme)}
    assert states[lacking.id] == ("failed", "This email couldn’t be created: “what” is missing.")
    assert states[broken.id][0] == "failed"


def test_an_email_that_grew_too_large_fails_alone_and_says_so(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    links = {"page": SignedLink(CallLinkPurpose.SLOT, ROW)}
    with acme.session() as session:
        large = compose(session, NEW_LINK, ADA, "large", fields={"what": "x" * 60_000}, links=links)
    new_link(acme)
    run_jobs()
    assert len(mailbox.all()) == 1
    states = {row.id: (row.state, status_text(row.status)) for row in _all(acme)}
    state, why = states.pop(large.id)
    assert state == "failed"
    assert re.fullmatch(r"This email would be \d+ kB. Email apps cut emails off at 100 kB.", why)
    assert set(states.values()) == {("accepted", "")}


def _all(world: Any) -> list[Email]:
    with world.session() as session:
        return list(session.scalars(select(Email)))


def test_each_reader_replies_to_whom_the_writer_named(acme: World, mailbox: Mailbox, run_jobs: Jobs) -> None:
    for name in ("sam", "noor", ""):
        to = Recipient(f"reader-{name}@example.com", reply_to=name and f"{name}@acme.example")
        new_link(acme, to, f"new:{name}")
    run_jobs()
    replies = {one.recipient: one.headers.get("Reply-To") for one in mailbox.all()}
    assert replies == {
        "reader-sam@example.com": "sam@acme.example",
        "reader-noor@example.com": "noor@acme.example",
        "reader-@example.com": None,
    }


def test_a_name_that_would_write_headers_of_its_own_is_no_one_to_reply_to(acme: World) -> None:
    with pytest.raises(DomainError, match="line break"):
        Recipient("ada@example.com", reply_to="sam@acme.example\nBcc: everybody@acme.example")
