"""A key is tried before emails depend on it, and nobody gets anything for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.gateways.sendgrid import SendGridGateway
from portal.gateways.sendgrid_key_check import KeyCheckResult, KeyResult, check_key
from tests.fakes.sendgrid import KEY, Mood, SendGrid, sendgrid

ADDRESS = "program@ledgerworks.example"


@pytest.fixture
def server() -> Iterator[SendGrid]:
    with sendgrid(silence=2.0) as running:
        yield running
        assert (running.complaints, running.taken.total()) == ([], 0)


def tried(server: SendGrid, key: str = KEY) -> KeyCheckResult:
    gate = SendGridGateway(key, server.url, connect=0.5, read=0.5)
    try:
        return check_key(gate.call, ADDRESS)
    finally:
        gate.close()


def test_a_good_key_works(server: SendGrid) -> None:
    assert tried(server) == KeyCheckResult(KeyResult.WORKS)


def test_a_wrong_key_is_refused(server: SendGrid) -> None:
    found = tried(server, "SG.wrong.key")
    assert found.result is KeyResult.REFUSED
    assert "invalid, expired, or revoked" in found.message


def test_a_key_that_may_not_send_from_there_is_refused_in_sendgrids_words(server: SendGrid) -> None:
    server.script.moods = [Mood.NOT_ALLOWED]
    assert tried(server) == KeyCheckResult(
        KeyResult.REFUSED, "The from address does not match a verified Sender Identity."
    )


@pytest.mark.parametrize("mood", [Mood.BUSY, Mood.BROKEN, Mood.GONE, Mood.SILENT])
def test_a_sendgrid_that_cannot_say_leaves_it_open(server: SendGrid, mood: Mood) -> None:
    server.script.moods = [mood]
    found = tried(server)
    assert found.result is KeyResult.NO_ANSWER
    assert found.message


def test_a_sendgrid_that_is_away_leaves_it_open() -> None:
    with sendgrid() as gone:
        pass
    assert tried(gone).result is KeyResult.NO_ANSWER


def test_the_trial_fits_the_official_description(shared: Path) -> None:
    description = shared / "specs" / "tsg_mail_v3.json"
    if not description.is_file():
        pytest.skip("../shared has no description of SendGrid")
    with sendgrid(description=str(description)) as server:
        assert (tried(server).result, server.complaints) == (KeyResult.WORKS, [])
