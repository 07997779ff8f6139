"""What a reader sees: every letter says its thing in text and HTML, and what people typed stays what they typed."""

import re
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from portal import links
from portal.links import Purpose
from portal.outreach.colours import contrast, palette, parse
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, kept_fields, kept_links
from portal.outreach.models import Letter
from portal.outreach.rendering import Unwritable, Written, render
from tenants.models import Tenant
from tests.outreach.samples import NEWS, SAMPLES

ADDRESS = re.compile(r"http://goodword\.example/\S+")
LEDGERWORKS = Tenant(
    id=uuid7(),
    slug="ledgerworks",
    name="Ledgerworks",
    accent="#2f4fc4",
    time_zone="Europe/Berlin",
    postal_address="Ledgerworks GmbH\nTorstr. 140\n10119 Berlin",
)


@pytest.fixture(autouse=True, scope="module")
def _a_key() -> None:
    links.configure("s" * 40)


def written(
    kind: LetterKind, /, *, live: bool = True, name: str = "Ada Lindqvist", **changes: Any
) -> Written:
    fields, to = SAMPLES[kind]
    letter = Letter(
        kind=kind.value,
        recipient_name=name,
        locale="en",
        fields=kept_fields(fields | changes),
        links=kept_links(to | {"preferences": Link(Purpose.PREFERENCES, uuid7())}),
    )
    return render(letter, LEDGERWORKS, "http://goodword.example", live=live)


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_greets_says_why_and_where_from(kind: LetterKind) -> None:
    letter = written(kind)
    for part in (letter.text, letter.html):
        assert "Hello Ada," in part
        assert "You get this" in part
        assert "10119 Berlin" in part
        assert "Undefined" not in part
        assert "\x02" not in part
    assert letter.subject in letter.html.replace("&#39;", "'")
    assert len(letter.html.encode()) < 100_000


@pytest.mark.parametrize("news", NEWS)
def test_a_rep_reads_every_kind_of_news(news: str) -> None:
    letter = written(LetterKind.REQUEST_UPDATE, news=news, of=1041, note="Please see below.")
    assert "Initech" in letter.subject
    assert "> Please see below." in letter.text


@pytest.mark.parametrize("kind", ["call", "site_visit", "written", "quote", "speaking", "rfp"])
def test_an_ask_says_in_its_subject_what_is_asked(kind: str) -> None:
    letter = written(LetterKind.ASK, kind=kind)
    assert letter.subject.endswith("?")
    assert "Initech" in letter.subject
    assert re.search("Answer by +Fri 27 Nov", letter.text)


def test_moments_are_told_in_the_readers_zone_and_name_it() -> None:
    here, there = written(LetterKind.MEETING_CONFIRMED), written(LetterKind.SLOTS_FOR_PROSPECT)
    assert here.subject == "It is set: Tue 24 Nov, 15:00 CET with Tom Baker, Initech"
    assert "- Tue 24 Nov, 08:00 CST" in there.text


def test_a_template_typed_into_a_name_stays_text() -> None:
    letter = written(LetterKind.ASK, prospect="{{7*7}} & <b>Sons</b>", name="{{7*7}} Lind")
    assert letter.subject == "Could you talk to {{7*7}} & <b>Sons</b> for 20 minutes?"
    assert "<b>Sons" not in letter.html
    assert "&lt;b&gt;Sons&lt;/b&gt;" in letter.html
    assert "Hello {{7*7}}," in letter.text


def test_own_words_keep_their_lines_and_grow_no_markup() -> None:
    letter = written(LetterKind.ENROLL_INVITATION, note="Dear Ada,\n\n<script>alert(1)</script>\n\x021\x03")
    assert "Dear Ada,<br><br>&lt;script&gt;" in letter.html
    assert letter.text.count("See what it means:") == 1


def test_a_line_break_in_a_subject_is_refused() -> None:
    with pytest.raises(Exception, match="line break"):
        written(LetterKind.ASK, prospect="Initech\r\nBcc: everybody@example.com")


def test_a_letter_without_what_it_needs_says_so() -> None:
    empty = Letter(kind="ask", recipient_name="", locale="en", fields={"kind": "call"}, links={})
    with pytest.raises(Unwritable, match="'prospect' is undefined"):
        render(empty, LEDGERWORKS, "http://goodword.example", live=True)


def test_staff_see_the_letter_without_its_tokens() -> None:
    sent, shown = written(LetterKind.ASK), written(LetterKind.ASK, live=False)
    assert len(set(ADDRESS.findall(sent.text))) == 2
    assert set(ADDRESS.findall(shown.text)) == {"http://goodword.example/a/…", "http://goodword.example/u/…"}
    code = links.code(Purpose.SIGN_IN, SAMPLES[LetterKind.SIGN_IN][1]["sign_in"].row_id)
    assert code in written(LetterKind.SIGN_IN).text
    assert code not in written(LetterKind.SIGN_IN, live=False).text


@pytest.mark.parametrize(
    "accent", ["#ffff00", "#ffffff", "#000000", "#c0ff00", "#cfe8ff", "#2f4fc4", "#e8e8e8"]
)
def test_any_brand_colour_can_be_read(accent: str) -> None:
    colours = palette(accent)
    assert contrast(parse(colours.fill), (255, 255, 255)) >= 4.5
    assert contrast(parse(colours.link), (255, 255, 255)) >= 4.5
    assert contrast(parse(colours.link_dark), (18, 19, 23)) >= 4.5
