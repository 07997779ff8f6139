"""Emails over a real connection to a mail server that has good days and bad ones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.gateways.mail import AddressedEmail, SendOutcome, personalize
from portal.gateways.mime import InvalidHeader, to_mime
from portal.gateways.smtp import SENDER_REJECTED, SmtpAddress, SmtpGateway
from tests.fakes.certificates import self_made, serving
from tests.fakes.smtp import MailServer, Mood, mail_server
from tests.gateways.sample_bundles import ICS, LINE_ENDS, addressed, bundle
from tests.present import present

ACCEPTED, REFUSED, RETRY = SendOutcome.ACCEPTED, SendOutcome.REFUSED, SendOutcome.RETRY
LOGIN = ("goodword", "p@ss/word")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def smtp(server: MailServer) -> Iterator[SmtpGateway]:
    gateway = SmtpGateway(server.url)
    yield gateway
    gateway.close()


def send(smtp: SmtpGateway, *emails: AddressedEmail, **more: str) -> list[SendOutcome]:
    return [receipt.outcome for receipt in smtp.send(bundle(*emails, **more), seconds=30)]


def test_an_email_arrives_whole(server: MailServer, smtp: SmtpGateway) -> None:
    asked = addressed(
        name="Åda", calendar=ICS, calendar_method="REQUEST", unsubscribe="https://goodword.example/u"
    )
    assert send(smtp, asked, reply_to="desk@ledgerworks.example") == [SendOutcome.ACCEPTED]
    (arrived,) = server.taken
    assert arrived["Subject"] == "Could you talk to Initech, Åda? – Ärger"
    assert arrived["Message-ID"] == f"<{asked.id}@goodword.example>"
    assert arrived["From"] == "Ledgerworks <emails@goodword.example>"
    assert arrived["Reply-To"] == "desk@ledgerworks.example"
    assert arrived["List-Unsubscribe"] == "<https://goodword.example/u>"
    text = present(arrived.get_body(("plain",))).get_content()
    assert text.splitlines() == ["Hello Åda,", "", ".a line that starts with a dot", ".", "bye"]
    kinds = [part.get_content_type() for part in arrived.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    invitation = next(part for part in arrived.walk() if part.get_content_type() == "text/calendar")
    assert invitation.get_param("method") == "REQUEST"


def test_one_connection_carries_many_emails(server: MailServer, smtp: SmtpGateway) -> None:
    assert send(smtp, addressed(), addressed(), addressed()) == [SendOutcome.ACCEPTED] * 3
    assert send(smtp, addressed()) == [SendOutcome.ACCEPTED]
    assert server.connections == 1


def test_one_bad_address_fails_alone(server: MailServer, smtp: SmtpGateway) -> None:
    server.at_recipient = ["250 fine", "550 nobody here", "451 come back later"]
    receipts = smtp.send(bundle(addressed(), addressed(), addressed(), addressed()), seconds=30)
    assert [receipt.outcome for receipt in receipts] == [
        SendOutcome.ACCEPTED,
        SendOutcome.REFUSED,
        SendOutcome.RETRY,
        SendOutcome.ACCEPTED,
    ]
    assert receipts[1].reason == "The mail server said: 550 nobody here"
    assert len(server.taken) == 2


def test_what_the_server_says_at_the_end_decides(server: MailServer, smtp: SmtpGateway) -> None:
    server.at_end = ["554 this is spam", "452 disk full", "421 going down"]
    assert send(smtp, addressed(), addressed(), addressed(), addressed()) == [
        SendOutcome.REFUSED,
        SendOutcome.RETRY,
        SendOutcome.RETRY,
        SendOutcome.ACCEPTED,
    ]


@pytest.mark.parametrize("yes", ["250 queued", "251 taken along", "200 well"])
def test_whoever_is_told_yes_in_any_words_is_not_written_to_again(
    server: MailServer, smtp: SmtpGateway, yes: str
) -> None:
    server.at_end = [yes]
    (receipt,) = smtp.send(bundle(addressed()), seconds=30)
    assert (receipt.outcome, receipt.provider_id) == (ACCEPTED, yes[4:])


@pytest.mark.parametrize("unclear", ["354 go on", "199 hm", "taken, I \0think", "999 beyond"])
def test_an_answer_that_nobody_understands_leaves_doubt_and_the_next_email_begins_afresh(
    server: MailServer, smtp: SmtpGateway, unclear: str
) -> None:
    """Were it taken for a no, the email would be sent again, and its reader has it twice."""
    server.at_end = [unclear]
    receipts = smtp.send(bundle(addressed(), addressed()), seconds=30)
    assert [receipt.outcome for receipt in receipts] == [SendOutcome.UNKNOWN, ACCEPTED]
    assert receipts[0].reason.startswith("The mail server didn’t say whether it accepted the email (")
    assert "\0" not in receipts[0].reason, "which no column holds"
    assert (len(server.taken), server.connections) == (2, 2)


@pytest.mark.parametrize("mood", Mood)
def test_silence_after_the_content_proves_nothing(server: MailServer, mood: Mood) -> None:
    impatient = SmtpGateway(server.url, timeout=4)
    server.at_end = [mood]
    assert send(impatient, addressed(), addressed()) == [SendOutcome.UNKNOWN, SendOutcome.ACCEPTED]
    impatient.close()
    assert len(server.taken) == 2


def test_a_server_that_is_away_takes_nothing() -> None:
    with mail_server() as server:
        smtp = SmtpGateway(server.url)
    assert send(smtp, addressed()) == [SendOutcome.RETRY]


def test_no_email_is_begun_when_time_is_up(server: MailServer, smtp: SmtpGateway) -> None:
    (receipt,) = smtp.send(bundle(), seconds=-1)
    assert receipt.outcome is SendOutcome.RETRY
    assert not server.taken


def test_a_right_password_lets_emails_out_and_a_wrong_one_keeps_them() -> None:
    with mail_server(login=LOGIN) as server:
        wrong = SmtpGateway(server.url.replace("p@ss/word", "guess"))
        right = SmtpGateway(server.url.replace("p@ss/word", "p%40ss%2Fword"))
        assert send(wrong, addressed()) == [SendOutcome.RETRY]
        assert send(right, addressed()) == [SendOutcome.ACCEPTED]
        right.close()
        wrong.close()


def whys(smtp: SmtpGateway, many: int = 3) -> set[tuple[SendOutcome, str]]:
    receipts = smtp.send(bundle(*(addressed() for _ in range(many))), seconds=30)
    assert len(receipts) == many
    return {(receipt.outcome, receipt.reason) for receipt in receipts}


@pytest.mark.parametrize(
    "no", ["530 authentication required", "553 sender not allowed", "550 relaying denied"]
)
def test_a_sender_that_is_refused_fails_no_email_and_is_not_tried_again_at_once(
    server: MailServer, smtp: SmtpGateway, no: str
) -> None:
    """It says nothing of a reader; whoever mends the settings gets all of them out."""
    server.at_sender = [no]
    assert whys(smtp) == {(RETRY, SENDER_REJECTED.format(said=no))}
    assert (server.connections, server.taken) == (1, [])
    assert send(smtp, addressed()) == [ACCEPTED]


def test_a_server_that_does_not_greet_us_back_fails_no_email(server: MailServer, smtp: SmtpGateway) -> None:
    server.at_hello = ["550 not from here", "554 go away"]
    assert whys(smtp) == {(RETRY, SENDER_REJECTED.format(said="554 go away"))}
    assert server.connections == 1


def test_a_wrong_password_is_tried_once_for_all_emails_so_that_nobody_locks_us_out() -> None:
    with mail_server(login=LOGIN) as server:
        smtp = SmtpGateway(server.url.replace("p@ss/word", "guess"))
        ((verdict, why),) = whys(smtp)
        assert (verdict, server.connections) == (RETRY, 1)
        assert why.startswith(SENDER_REJECTED.format(said="535 "))
        smtp.close()


def test_a_sender_that_is_put_off_keeps_no_other_email_waiting(server: MailServer, smtp: SmtpGateway) -> None:
    server.at_sender = ["451 a moment, please"]
    assert send(smtp, addressed(), addressed()) == [RETRY, ACCEPTED]


@pytest.mark.parametrize("whole", [True, False], ids=["smtps", "starttls"])
def test_it_speaks_tls_and_logs_in_and_only_to_whom_it_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    file = self_made(tmp_path)
    with mail_server(login=LOGIN, tls=serving(file), whole=whole) as server:
        url = server.url.replace("p@ss/word", "p%40ss%2Fword") + ("" if whole else "?tls=starttls")
        smtp = SmtpGateway(url)
        assert (send(smtp, addressed()), server.taken) == ([SendOutcome.RETRY], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert send(smtp, addressed(), addressed()) == [SendOutcome.ACCEPTED] * 2
        smtp.close()
    assert (len(server.taken), server.logins) == (2, 1)


def test_a_password_is_never_sent_in_the_clear_where_tls_is_wanted() -> None:
    """A server, or somebody in between, that offers no TLS gets nothing."""
    with mail_server(login=LOGIN) as server:
        smtp = SmtpGateway(server.url.replace("p@ss/word", "x") + "?tls=starttls")
        assert send(smtp, addressed()) == [SendOutcome.RETRY]
    assert server.logins == 0


@pytest.mark.parametrize("field", ["subject", "sender_name", "recipient_name", "recipient", "sender"])
def test_a_line_break_never_becomes_a_header(server: MailServer, smtp: SmtpGateway, field: str) -> None:
    evil = "a@b.example\r\nBcc: everybody@example.com"
    one = (
        addressed(substitutions=dict.fromkeys(addressed().substitutions, evil))
        if field == "subject"
        else addressed()
    )
    if field == "recipient":
        one = replace(one, recipient=evil)
    elif field == "recipient_name":
        one = replace(one, recipient_name=evil)
    bad = bundle(one, **({field: evil} if field.startswith("sender") else {}))
    with pytest.raises(InvalidHeader):
        to_mime(personalize(bad, one))
    assert [receipt.outcome for receipt in smtp.send(bad, seconds=30)] == [SendOutcome.REFUSED]
    assert send(smtp, addressed()) == [SendOutcome.ACCEPTED]


@pytest.mark.parametrize("sign", LINE_ENDS)
def test_a_sign_that_some_program_takes_for_a_line_break_stops_its_own_email_alone(
    server: MailServer, smtp: SmtpGateway, sign: str
) -> None:
    odd = f"Ada{sign}Lindqvist"
    named = replace(addressed(), recipient_name=odd)
    in_subject = addressed(substitutions=dict.fromkeys(addressed().substitutions, odd))
    receipts = smtp.send(bundle(addressed(), named, in_subject, addressed()), seconds=30)
    assert [receipt.outcome for receipt in receipts] == [ACCEPTED, REFUSED, REFUSED, ACCEPTED]
    assert receipts[1].reason == receipts[2].reason == "A name, subject or address contains a line break."
    assert send(smtp, addressed(), sender_name=odd) == [REFUSED]


@pytest.mark.parametrize(
    "substitutions", [dict.fromkeys(addressed().substitutions, "Ada \ud800"), {}], ids=["odd", "none"]
)
def test_an_email_that_cannot_be_written_down_leaves_the_others_their_answers(
    server: MailServer, smtp: SmtpGateway, substitutions: dict[str, str]
) -> None:
    """Were those taken before it forgotten, all of them would be in doubt."""
    receipts = smtp.send(bundle(addressed(), addressed(substitutions=substitutions), addressed()), seconds=30)
    assert [receipt.outcome for receipt in receipts] == [ACCEPTED, REFUSED, ACCEPTED]
    assert receipts[1].reason.startswith("This email couldn’t be created: ")
    assert (len(server.taken), server.connections) == (2, 1)


def test_a_login_that_cannot_be_sent_is_no_fault_of_the_email() -> None:
    with mail_server(login=LOGIN) as server:
        smtp = SmtpGateway(server.url.replace("p@ss/word", "pässword"))
        assert send(smtp, addressed(), addressed()) == [SendOutcome.RETRY] * 2
        smtp.close()


def test_a_foreign_domain_travels_in_ascii(server: MailServer, smtp: SmtpGateway) -> None:
    assert send(smtp, addressed("ada@bücher.example")) == [SendOutcome.ACCEPTED]
    assert "xn--bcher-kva.example" in server.taken[0]["To"]


def test_tls_is_the_rule_and_only_this_machine_is_spared() -> None:
    assert SmtpAddress.parse("smtp://mail.example").tls == "starttls"
    assert SmtpAddress.parse("smtps://mail.example").tls == "whole"
    assert SmtpAddress.parse("smtps://mail.example").port == 465
    assert SmtpAddress.parse("smtp://127.0.0.1:2525").tls == "off"
    assert SmtpAddress.parse("smtp://mail.example?tls=off").tls == "off"


@pytest.mark.parametrize("mistyped", ["yes", "on", "start"])
def test_a_mistyped_tls_option_stops_the_start_and_never_sends_in_the_clear(mistyped: str) -> None:
    for scheme in ("smtp", "smtps"):
        with pytest.raises(ValueError, match="tls=starttls"):
            SmtpGateway(f"{scheme}://mail.example?tls={mistyped}")
