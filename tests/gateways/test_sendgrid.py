"""Emails to a SendGrid on this machine that has good days and bad ones."""

import base64
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from portal.gateways import email_ids
from portal.gateways.factory import installation_gateway, workspace_gateway
from portal.gateways.mail import AddressedEmail, Bundle, MessageTemplate, SendOutcome, SendResult
from portal.gateways.sendgrid import SendGridGateway
from portal.settings import Settings
from tests.fakes.sendgrid import KEY, Mood, SendGrid, sendgrid
from tests.gateways.sample_bundles import HELLO, HELLO_HTML, ICS, LINE_ENDS, PAPER, addressed, bundle

READ = 2.0  # seconds until silence is taken as none, where it is about silence
SILENCE = 5 * READ
UNSUBSCRIBE = "https://goodword.example/unsubscribe/token"


@pytest.fixture
def server() -> Iterator[SendGrid]:
    with sendgrid(silence=SILENCE) as running:
        yield running
        assert running.complaints == []


@pytest.fixture
def gate(server: SendGrid) -> Iterator[SendGridGateway]:
    made = SendGridGateway(KEY, server.url)
    yield made
    made.close()


def send(gate: SendGridGateway, sent: Bundle, seconds: float = 30) -> list[SendResult]:
    """What was said, in the order of the emails; of each email once."""
    receipts = {receipt.email_id: receipt for receipt in gate.send(sent, seconds=seconds)}
    assert len(receipts) == len(sent.emails)
    return [receipts[email.id] for email in sent.emails]


def verdicts(receipts: Sequence[SendResult]) -> list[SendOutcome]:
    return [receipt.outcome for receipt in receipts]


def arrived(server: SendGrid, sent: Bundle, email: AddressedEmail) -> dict[str, Any]:
    return server.email(email_ids.encode(sent.tenant_id, email.id))


def test_a_thousand_emails_are_one_call_and_each_reader_gets_their_own(
    server: SendGrid, gate: SendGridGateway
) -> None:
    sent = bundle(*(addressed(name=f"Ada & <{n}>", unsubscribe=f"{UNSUBSCRIBE}{n}") for n in range(1000)))
    receipts = send(gate, sent)
    assert (set(verdicts(receipts)), server.calls) == ({SendOutcome.ACCEPTED}, 1)
    assert receipts[0].provider_id
    assert set(server.taken.values()) == {1}
    assert arrived(server, sent, sent.emails[7]) == {
        "sender": {"email": "emails@goodword.example", "name": "Ledgerworks"},
        "subject": "Could you talk to Initech, Ada & <7>? – Ärger",
        "text": "Hello Ada & <7>,\n\n.a line that starts with a dot\n.\nbye",
        "html": "<p>Hello Ada &amp; &lt;7></p>",
        "headers": {
            "List-Unsubscribe": f"<{UNSUBSCRIBE}7>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "attachments": [],
    }


@pytest.mark.parametrize("tracked", [True, False])
def test_only_what_may_be_counted_is_counted(server: SendGrid, gate: SendGridGateway, tracked: bool) -> None:
    sent = bundle(tracked=tracked, reply_to="desk@ledgerworks.example")
    send(gate, sent)
    body, _ = server.emails[email_ids.encode(sent.tenant_id, sent.emails[0].id)]
    tracking = body["tracking_settings"]
    assert (tracking["click_tracking"]["enable"], tracking["open_tracking"]["enable"]) == (tracked, tracked)
    assert tracking["subscription_tracking"] == {"enable": False}
    assert body["from"] == {"email": "emails@goodword.example", "name": "Ledgerworks"}
    assert body["reply_to"] == {"email": "desk@ledgerworks.example"}


@pytest.mark.parametrize("names_the_bad", [True, False])
def test_bad_addresses_among_a_thousand_fail_alone(
    server: SendGrid, gate: SendGridGateway, names_the_bad: bool
) -> None:
    server.script.names_the_bad = names_the_bad
    bad = {17: "bad@example.com", 18: "bad@example.org", 900: "bad@example.net", 501: "odd@example.com"}
    sent = bundle(*(addressed(bad.get(n, "")) for n in range(1000)))
    receipts = send(gate, sent)
    assert {n for n, one in enumerate(receipts) if one.outcome is not SendOutcome.ACCEPTED} == set(bad)
    assert receipts[501].reason == "SendGrid said: Bad Request"
    assert {receipts[n].outcome for n in bad} == {SendOutcome.REFUSED}
    assert (set(server.taken.values()), len(server.taken)) == ({1}, 996)
    assert server.calls < 80
    if names_the_bad:
        assert receipts[17].reason == "SendGrid said: Does not contain a valid address."


def test_a_text_that_sendgrid_does_not_take_is_not_tried_for_each_reader() -> None:
    with sendgrid() as server:
        gate = SendGridGateway(KEY, server.url)
        empty = MessageTemplate(subject=f"Hello {HELLO}", text="", html="<p>x</p>")
        receipts = send(gate, bundle(*(addressed() for _ in range(100)), template=empty))
        gate.close()
    assert set(verdicts(receipts)) == {SendOutcome.REFUSED}
    assert (server.calls, server.complaints[0]["field"]) == (1, "content.0.value")


def test_an_email_with_a_calendar_file_goes_by_itself_with_its_blanks_filled(
    server: SendGrid, gate: SendGridGateway
) -> None:
    call = addressed(calendar=ICS, calendar_method="REQUEST", unsubscribe=UNSUBSCRIBE)
    sent = bundle(addressed(), call, addressed())
    assert verdicts(send(gate, sent)) == [SendOutcome.ACCEPTED] * 3
    assert server.calls == 2
    email = arrived(server, sent, call)
    (file,) = email["attachments"]
    assert (file["type"], file["filename"]) == ("text/calendar; method=REQUEST", "invitation.ics")
    assert base64.b64decode(file["content"]).decode() == ICS
    assert (email["html"], email["headers"]["List-Unsubscribe"]) == (
        "<p>Hello Ada</p>",
        f"<{UNSUBSCRIBE}>",
    )


def test_blanks_that_are_too_much_for_sendgrid_are_filled_here(
    server: SendGrid, gate: SendGridGateway
) -> None:
    long = addressed(substitutions={HELLO: "Ada", HELLO_HTML: "ä" * 6000})
    nearly = addressed(substitutions={HELLO: "Ada", HELLO_HTML: "a" * 9900})
    sent = bundle(long, nearly)
    assert verdicts(send(gate, sent)) == [SendOutcome.ACCEPTED] * 2
    assert arrived(server, sent, long)["html"] == f"<p>Hello {'ä' * 6000}</p>"
    assert server.calls == 2


def test_who_gets_two_emails_of_one_text_gets_them_in_two_calls(
    server: SendGrid, gate: SendGridGateway
) -> None:
    sent = bundle(addressed("ada@example.com"), addressed("ben@example.com"), addressed("Ada@Example.com"))
    assert verdicts(send(gate, sent)) == [SendOutcome.ACCEPTED] * 3
    assert server.calls == 2


@pytest.mark.parametrize("field", ["sender_name", "sender", "reply_to"])
def test_a_line_break_in_what_all_share_stops_them_all(
    server: SendGrid, gate: SendGridGateway, field: str
) -> None:
    receipts = send(gate, bundle(addressed(), addressed(), **{field: "a@b.example\r\nBcc: x@example.com"}))
    assert (verdicts(receipts), server.calls) == ([SendOutcome.REFUSED] * 2, 0)


@pytest.mark.parametrize("sign", LINE_ENDS)
def test_a_line_break_or_an_open_blank_stops_one_email(
    server: SendGrid, gate: SendGridGateway, sign: str
) -> None:
    bad = [
        addressed(substitutions={HELLO: f"Ada{sign}Bcc: x@example.com", HELLO_HTML: "Ada"}),
        addressed(recipient_name=f"Ada{sign}Bcc: x@example.com"),
        addressed(f"ada{sign}bcc@example.com"),
        addressed("nobody"),
        addressed(substitutions={HELLO: "Ada"}),
    ]
    receipts = send(gate, bundle(*bad, addressed("ada@bücher.example")))
    assert verdicts(receipts) == [*[SendOutcome.REFUSED] * 5, SendOutcome.ACCEPTED]


def test_too_many_requests_wait_as_long_as_sendgrid_says(server: SendGrid, gate: SendGridGateway) -> None:
    server.script.moods, server.script.busy_for = [Mood.BUSY], 40
    receipts = send(gate, bundle(addressed(), addressed(calendar=ICS, calendar_method="CANCEL")))
    assert verdicts(receipts) == [SendOutcome.RETRY] * 2
    assert all(38 <= receipt.retry_after <= 40 for receipt in receipts)
    assert (server.calls, server.taken) == (1, {})


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.BROKEN_AFTER, Mood.GONE, Mood.GONE_AFTER, Mood.SILENT])
def test_when_nobody_can_say_whether_it_was_taken_it_is_not_sent_again(server: SendGrid, mood: Mood) -> None:
    gate = SendGridGateway(KEY, server.url, read=READ)
    server.script.moods = [mood]
    sent, before = bundle(addressed(), addressed()), time.monotonic()
    receipts = send(gate, sent)
    assert (verdicts(receipts), server.calls) == ([SendOutcome.UNKNOWN] * 2, 1)
    assert receipts[0].reason.startswith("SendGrid didn’t say whether it accepted the email (")
    assert time.monotonic() - before < SILENCE
    assert verdicts(send(gate, bundle())) == [SendOutcome.ACCEPTED]
    gate.close()


def test_a_sendgrid_that_gives_no_answers_puts_few_emails_in_doubt(
    server: SendGrid, gate: SendGridGateway
) -> None:
    server.script.chances = {Mood.BROKEN: 1.0}
    receipts = send(gate, bundle(*(addressed(calendar=ICS, calendar_method="REQUEST") for _ in range(10))))
    assert sorted(verdicts(receipts)) == [*[SendOutcome.RETRY] * 7, *[SendOutcome.UNKNOWN] * 3]


def test_an_address_that_sends_us_elsewhere_is_not_followed(server: SendGrid, gate: SendGridGateway) -> None:
    server.script.moods = [Mood.ELSEWHERE]
    (receipt,) = send(gate, bundle())
    assert (receipt.outcome, server.calls) == (SendOutcome.REFUSED, 1)
    assert "SENDGRID_URL" in receipt.reason


def test_a_key_that_is_refused_sends_nothing_and_says_so(server: SendGrid) -> None:
    wrong = SendGridGateway("SG.wrong.key", server.url)
    (receipt,) = send(wrong, bundle())
    wrong.close()
    assert receipt.outcome is SendOutcome.RETRY
    assert receipt.reason.startswith("SendGrid rejected our key. Nothing was sent")
    assert "SG.wrong" not in receipt.reason


@pytest.mark.parametrize("key", ["SG.a\r\nX-Other: b", "SG.ä", "SG.\u2028"])
def test_a_key_of_strange_signs_writes_no_headers(server: SendGrid, key: str) -> None:
    gate = SendGridGateway(key, server.url)
    (receipt,) = send(gate, bundle())
    assert (receipt.outcome, server.calls) == (SendOutcome.RETRY, 0)
    assert key not in receipt.reason


def test_the_key_is_in_no_words_about_the_gateway(capfd: pytest.CaptureFixture[str]) -> None:
    with sendgrid(key="SG.kept.secret") as server:
        gate = SendGridGateway("SG.kept.secret", server.url)
        server.script.moods = [Mood.NOT_ALLOWED, Mood.BROKEN]
        said = [*send(gate, bundle()), *send(gate, bundle())]
    said += send(gate, bundle())  # it is away now
    gate.close()
    assert "SG.kept" not in repr([gate, gate.connection, said, *map(str, said)]) + "".join(capfd.readouterr())


def test_a_sendgrid_that_is_away_takes_nothing() -> None:
    with sendgrid() as server:
        gate = SendGridGateway(KEY, server.url)
    receipts = send(gate, bundle(addressed(), addressed(calendar=ICS, calendar_method="REQUEST")))
    assert verdicts(receipts) == [SendOutcome.RETRY] * 2
    nowhere = SendGridGateway(KEY, "https://sendgrid.invalid")
    assert verdicts(send(nowhere, bundle())) == [SendOutcome.RETRY]


def test_who_cannot_prove_to_be_sendgrid_gets_no_email(server: SendGrid) -> None:
    """No TLS at all, where TLS was promised."""
    gate = SendGridGateway(KEY, server.url.replace("http:", "https:"))
    assert verdicts(send(gate, bundle())) == [SendOutcome.RETRY]
    assert server.calls == 0


def test_no_email_is_begun_when_time_is_up(server: SendGrid, gate: SendGridGateway) -> None:
    (receipt,) = send(gate, bundle(), seconds=-1)
    assert (receipt.outcome, receipt.retry_after > 0, server.calls) == (SendOutcome.RETRY, True, 0)


def test_one_connection_carries_many_calls(server: SendGrid, gate: SendGridGateway) -> None:
    for _ in range(5):
        send(gate, bundle())
    assert (server.calls, server.connections) == (5, 1)


def test_a_connection_that_was_closed_while_nobody_spoke_leaves_no_doubt(
    server: SendGrid, gate: SendGridGateway
) -> None:
    server.script.closes = True
    for _ in range(5):
        assert verdicts(send(gate, bundle())) == [SendOutcome.ACCEPTED]
        time.sleep(0.05)
    assert server.connections == 5


def test_what_we_send_fits_the_official_description(shared: Path) -> None:
    description = shared / "specs" / "tsg_mail_v3.json"
    if not description.is_file():
        pytest.skip("../shared has no description of SendGrid")
    with sendgrid(description=str(description)) as server:
        gate = SendGridGateway(KEY, server.url)
        emails = addressed(unsubscribe=UNSUBSCRIBE), addressed(calendar=ICS, calendar_method="REQUEST")
        receipts = send(gate, bundle(*emails, tracked=True, reply_to="desk@ledgerworks.example"))
        gate.close()
    assert (verdicts(receipts), server.complaints) == ([SendOutcome.ACCEPTED] * 2, [])


def test_mail_url_names_the_gateway_and_each_is_opened_once(settings: Settings) -> None:
    own = workspace_gateway("SG.own", "https://api.eu.sendgrid.com")
    assert own is workspace_gateway("SG.own", "https://api.eu.sendgrid.com")
    assert installation_gateway(settings) is installation_gateway(settings)
    assert (installation_gateway(settings).name, own.name) == ("mailbox", "sendgrid")


def test_the_word_an_email_is_known_by_leads_back_to_it() -> None:
    sent = bundle()
    known = (sent.tenant_id, sent.emails[0].id)
    assert email_ids.decode(email_ids.encode(*known)) == known
    for strange in ("", "x" * 42, "ä" * 43, "x" * 44, None, 7, ["x" * 43]):
        assert email_ids.decode(strange) is None
    assert PAPER.subject.count(HELLO) == 1
