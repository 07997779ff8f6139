"""Whoever translates the house gets every sentence it says."""

import subprocess
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.outreach.templates.defaults import FIELD_PATTERN
from tests.rules.test_code import ROOT
from tests.waiting import PATIENCE

SHOWN = {
    "a page": "You know which customers are happy. Nominate them, and a program manager takes it from there.",
    "a page's code": "Thank you. A program manager will review it.",
    "an email": "How was your call with {{with_whom}}?",
    "what an email works out": "Could you talk to %(prospect)s for %(minutes)s minutes?",
    "a refusal": "We couldn’t find this person.",
    "a refusal with a name": "Nothing was sent: %(name)s %(reason)s.",
    "a policy": "Target for reference fulfillment, in percent",
    "a policy's hint": "The share of requested references that are delivered. 0 means no target.",
    "two policies that do not go together": "Please choose at least as many as in 7 days.",
    "a matching sentence": "They’re considering %(product)s.",
    "a number of things in an email": "%(num)d times to choose from, %(minutes)s minutes.",
    "a number of things": "One open request",
    "a limit with a number": "%(count)s calls in 90 days, their own limit",
    "a reason without a page": "Haven’t agreed to calls",
    "the weight of a criterion": "Points for the industry",
    "its hint": "Full points for the same industry, half for a related one.",
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    file = tmp_path_factory.mktemp("words") / "messages.pot"
    subprocess.run(["make", "-s", "messages", f"CATALOG={file}"], cwd=ROOT, check=True, timeout=PATIENCE)
    with file.open("rb") as stream:
        found = [message.id for message in read_po(stream) if message.id]
    return {one for each in found for one in ([each] if isinstance(each, str) else each)}


def words_of(kind: EmailKind) -> Iterator[str]:
    yield from (
        kind.label,
        kind.sent_when,
        kind.subject if any(map(str.isalpha, FIELD_PATTERN.sub("", kind.subject))) else "",
        *(field.description for field in kind.fields),
    )
    if kind.group:
        yield kind.group.label
    if kind.reminders:
        yield from (kind.reminders.label, kind.reminders.description, kind.reminders.delay_text)


def test_a_translator_finds_every_word_of_every_kind_of_email(catalog: set[str]) -> None:
    assert {words for kind in EMAIL_KINDS for words in words_of(kind) if words} <= catalog


@pytest.mark.parametrize("source", SHOWN)
def test_a_translator_finds_what_people_read(catalog: set[str], source: str) -> None:
    assert SHOWN[source] in catalog
