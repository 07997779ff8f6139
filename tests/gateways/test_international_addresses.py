"""Addresses with domains in other emails: what goes over the wire, and when two spellings are one mailbox."""

import unicodedata
from collections.abc import Iterator

import idna
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.email_address import AddressFault, InvalidAddress, parse_address
from portal.gateways import email_ids
from portal.gateways.mail import SendOutcome
from portal.gateways.sendgrid import SendGridGateway
from portal.gateways.smtp import SmtpGateway
from portal.settings import Settings
from tenants.email_addresses import ascii_email, display_email, domain_of, normalize_email, spellings
from tests.fakes.sendgrid import KEY, SendGrid, sendgrid
from tests.fakes.smtp import MailServer, mail_server
from tests.gateways.sample_bundles import addressed, bundle

TRAVELS = {
    "ada@straße.example": "ada@xn--strae-oqa.example",
    "ada@STRAẞE.example": "ada@xn--strae-oqa.example",
    "ada@βόλος.example": "ada@xn--nxasmm1c.example",
    "Jörg.No@example.com": "Jörg.No@example.com",
    "ada@mu\u0308ller。example": "ada@xn--mller-kva.example",
    "ada@xn--strae-oqa.example.": "ada@xn--strae-oqa.example",
    "ada@strasse.example": "ada@strasse.example",
}
ONE_MAILBOX = [
    "ada@straße.example",
    "ADA@STRAẞE.Example",
    " ada@xn--strae-oqa.example ",
    "ada@XN--STRAE-OQA.example.",
    "ada@straße．example",
    "ada@straße。example｡",
    "ada@ｓｔｒａße.example",
]
NOBODY = {
    "ada@😀.example": AddressFault.UNDELIVERABLE_DOMAIN,
    "ada@\u0378.example": AddressFault.UNDELIVERABLE_DOMAIN,
    "ada@xn--zzzzzz.example": AddressFault.UNDELIVERABLE_DOMAIN,
    "ada@xn--strasse-.example": AddressFault.UNDELIVERABLE_DOMAIN,
    f"ada@{'a' * 64}.example": AddressFault.UNDELIVERABLE_DOMAIN,
    f"ada@{'ä' * 60}.example": AddressFault.UNDELIVERABLE_DOMAIN,
    "ada@a..example": AddressFault.UNDELIVERABLE_DOMAIN,
    "ada@\u0430pple.example": AddressFault.MIXED_ALPHABETS,
    "ada@xn--pple-43d.example": AddressFault.MIXED_ALPHABETS,
    "ada": AddressFault.NOT_AN_ADDRESS,
    "ada@": AddressFault.NOT_AN_ADDRESS,
    "ada＠example.com": AddressFault.NOT_AN_ADDRESS,
}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def smtp(server: MailServer) -> Iterator[SmtpGateway]:
    gateway = SmtpGateway(server.url)
    yield gateway
    gateway.close()


@pytest.fixture
def provider() -> Iterator[SendGrid]:
    with sendgrid() as running:
        yield running
        assert running.complaints == []


def test_mail_leaves_for_the_domain_that_was_written(server: MailServer, smtp: SmtpGateway) -> None:
    sent = bundle(*map(addressed, TRAVELS), sender="post@weiß.example", reply_to="desk@βόλος.example")
    assert {receipt.outcome for receipt in smtp.send(sent, seconds=30)} == {SendOutcome.ACCEPTED}
    assert server.envelopes == [("post@xn--wei-7ka.example", travels) for travels in TRAVELS.values()]
    for travels, arrived, raw in zip(TRAVELS.values(), server.taken, server.raw, strict=True):
        assert f"To: Ada Lindqvist <{travels}>".encode() in raw
        assert arrived["From"].addresses[0].addr_spec == "post@xn--wei-7ka.example"
        assert arrived["Reply-To"].addresses[0].addr_spec == "desk@xn--nxasmm1c.example"
        assert arrived["Message-ID"].endswith("@xn--wei-7ka.example>")
        assert raw.partition(b"\r\n\r\n")[0].isascii() == travels.isascii()  # no server has to speak SMTPUTF8


def test_letters_before_the_at_sign_are_refused_in_words_by_who_cannot_carry_them(
    server: MailServer, smtp: SmtpGateway, provider: SendGrid
) -> None:
    server.speaks_utf8 = False
    sent = bundle(addressed("jörg@straße.example"), addressed())
    by_smtp = smtp.send(sent, seconds=30)
    gate = SendGridGateway(KEY, provider.url)
    by_sendgrid = {receipt.email_id: receipt for receipt in gate.send(sent, seconds=30)}
    gate.close()
    assert [receipt.outcome for receipt in by_smtp] == [SendOutcome.REFUSED, SendOutcome.ACCEPTED]
    assert [by_sendgrid[one.id].outcome for one in sent.emails] == [
        SendOutcome.REFUSED,
        SendOutcome.ACCEPTED,
    ]
    assert "plain ASCII" in by_smtp[0].reason
    assert "plain ASCII" in by_sendgrid[sent.emails[0].id].reason
    assert len(server.taken) == len(provider.taken) == 1


def test_an_answer_address_outside_ascii_is_never_mangled(server: MailServer, smtp: SmtpGateway) -> None:
    (receipt,) = smtp.send(bundle(addressed("ada@example.com"), reply_to="jörg@example.com"), seconds=30)
    assert receipt.outcome is SendOutcome.ACCEPTED
    assert "Reply-To: jörg@example.com".encode() in server.raw[0]


def test_sendgrid_is_given_the_same_domains(provider: SendGrid) -> None:
    plain = {written: travels for written, travels in TRAVELS.items() if travels.isascii()}
    sent = bundle(*map(addressed, plain), sender="post@weiß.example", reply_to="desk@βόλος.example")
    gate = SendGridGateway(KEY, provider.url)
    assert {receipt.outcome for receipt in gate.send(sent, seconds=30)} == {SendOutcome.ACCEPTED}
    gate.close()
    for email, travels in zip(sent.emails, plain.values(), strict=True):
        body, reader = provider.emails[email_ids.encode(sent.tenant_id, email.id)]
        assert reader["to"][0]["email"] == travels
        assert body["from"]["email"] == "post@xn--wei-7ka.example"
        assert body["reply_to"]["email"] == "desk@xn--nxasmm1c.example"


def test_one_mailbox_has_one_key_however_it_is_spelled() -> None:
    assert {normalize_email(each) for each in ONE_MAILBOX} == {"ada@xn--strae-oqa.example"}
    assert normalize_email("ada@strasse.example") == "ada@strasse.example"
    assert normalize_email("JÖRG@x.example") == normalize_email("jo\u0308rg@x.example")
    assert normalize_email("weiß@x.example") != normalize_email("weiss@x.example")
    assert display_email("ada@xn--strae-oqa.example") == "ada@straße.example"
    assert domain_of("ada@STRAẞE.example.") == "xn--strae-oqa.example"
    for each in ONE_MAILBOX:
        assert "ada@straße.example" in {*spellings(each)}
        assert "ada@strasse.example" not in {*spellings(each)}


@given(st.text(max_size=40), st.text(max_size=40))
@example("\x80", " .")
@example("", " .")
def test_a_key_is_its_own_key_and_every_text_has_one(user: str, domain: str) -> None:
    key = normalize_email(f"{user}@{domain}")
    assert normalize_email(key) == key or not key.isascii() or key.endswith(".")
    assert {*spellings(key)} >= {key}


WORDS = st.text("aäßςσжあ中", min_size=1, max_size=8)


@given(WORDS, st.sampled_from("aαя"))
def test_a_domain_is_the_same_in_its_own_emails_and_in_ascii(word: str, more: str) -> None:
    written = f"ada@{word}{more}.example"
    try:
        travels = idna.encode(written.partition("@")[2]).decode()
    except idna.IDNAError:
        return
    assert ascii_email(written) == f"ada@{travels}"
    assert (
        normalize_email(written)
        == normalize_email(f"ADA@{travels.upper()}")
        == normalize_email(display_email(f"ada@{travels}"))
    )
    assert normalize_email(unicodedata.normalize("NFD", written)) == f"ada@{travels}"


@pytest.mark.parametrize(("text", "fault"), NOBODY.items())
def test_what_no_mail_can_go_to_is_refused_for_that(text: str, fault: AddressFault) -> None:
    with pytest.raises(InvalidAddress) as refusal:
        parse_address(text)
    assert refusal.value.fault is fault


def test_an_address_is_shown_as_it_was_written() -> None:
    for text in (
        "Ada@straße.example",
        "jörg@müller.example",
        "о.кир@пример.example",
        "ada@xn--strae-oqa.example",
    ):
        assert parse_address(f" {text}. ") == text


def test_servers_may_have_such_names_too(settings: Settings) -> None:
    env = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PUBLIC_URL": "https://straße.example:8443",
        "MAIL_URL": "smtp://jörg:pä@weiß.example:587?tls=starttls",
        "MAIL_FROM": "Straße <post@straße.example>",
        "DNS_SERVER": "βόλος.example:53",
    }
    env |= dict.fromkeys(("WALL_KEY", "SECRET_KEY", "DATA_KEY"), "k" * 40)
    made = Settings.from_env(env)
    assert made.public_url == "https://xn--strae-oqa.example:8443"
    assert made.mail_url == "smtp://jörg:pä@xn--wei-7ka.example:587?tls=starttls"
    assert made.dns_server == "xn--nxasmm1c.example:53"
    for wrong in ({"PUBLIC_URL": "https://😀.example"}, {"MAIL_FROM": "A <a@😀.example>"}):
        with pytest.raises(SystemExit, match=next(iter(wrong))):
            Settings.from_env(env | wrong)
