"""What a reader sees: every email says its thing in text and HTML, and what people typed stays what they typed."""

import re
from dataclasses import replace
from typing import Any

import pytest

from portal import links
from portal.advocates.emails import ENROLL_INVITATION, WELCOME
from portal.declarations.email_content import Recipient
from portal.declarations.email_kinds import EmailKind
from portal.declarations.merge_fields import MergeFieldType
from portal.declarations.sample_emails import SAMPLE_ID
from portal.errors import DomainError
from portal.links import LinkPurpose
from portal.outreach.emails import NEW_LINK, OWN_EMAIL
from portal.outreach.templates.colors import contrast, palette, parse
from portal.outreach.templates.common_fields import merge_fields_of
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.rendering import RenderingError
from portal.outreach.templates.validation import find_problems
from portal.references.asking.emails import ASK, ASK_RECEIPT, ASK_WITHDRAWN, THANKS_OUTCOME
from portal.references.emails import REQUEST_UPDATE
from portal.references.meetings.emails import MEETING_CONFIRMED
from portal.references.meetings.time_emails import SLOTS_FOR_PROSPECT
from portal.references.request_updates import REQUEST_UPDATES
from portal.signin.emails import SIGN_IN
from tests.gateways.sample_bundles import LINE_ENDS
from tests.outreach.templates.rendered_emails import email, every_kind, rendered, template_set

ADDRESS = re.compile(r"http://goodword\.example/\S+")


@pytest.fixture(autouse=True, scope="module")
def _a_key() -> None:
    links.configure("s" * 40)


@every_kind
def test_every_email_greets_says_why_and_where_from(kind: EmailKind) -> None:
    said = rendered(kind)
    for part in (said.text, said.html):
        assert "Hello Ada," in part
        assert "You get this" in part
        assert "10119 Berlin" in part
        assert "Choose what we may ask" in part
        assert "Undefined" not in part
        assert not re.search("None(?! of)", part)
        assert not re.search(r"\{\{|\}\}|gw[0-9a-f]{8}-", part)
    assert said.subject in said.html.replace("\u00a0", " ")
    assert "\n\n\n" not in said.text
    assert len(said.html.encode()) < 100_000


@every_kind
def test_goodwords_own_texts_may_be_used_as_they_are(kind: EmailKind) -> None:
    assert find_problems(kind, default_content(kind)) == []


@every_kind
def test_every_field_that_is_offered_can_be_filled(kind: EmailKind) -> None:
    fields = merge_fields_of(kind).values()
    body = "\n\n".join(f"{{{{{field.name}}}}}" for field in fields)
    links = "\n\n".join(
        f"[Go]({{{{{field.name}}}}})" for field in fields if field.type is MergeFieldType.LINK
    )
    subject = " ".join(f"{{{{{field.name}}}}}" for field in fields if field.type is MergeFieldType.TEXT)
    words = TemplateContent(subject=subject[:200], body=f"{body}\n\n{links}", reason=subject[:500])
    assert [problem for problem in find_problems(kind, words) if problem.part == "body"] == []
    assert "Ada Lindqvist" in rendered(kind, words=words).text


@every_kind
def test_a_list_shows_the_same_subject_as_the_email(kind: EmailKind) -> None:
    assert template_set(live=False).subject(email(kind), default_content(kind)) == rendered(kind).subject


@pytest.mark.parametrize("news", [*REQUEST_UPDATES, "something new"])
def test_a_rep_reads_every_kind_of_news(news: str) -> None:
    said = rendered(REQUEST_UPDATE, news=news, note="Please see below.")
    assert "Initech" in said.subject
    assert "> Please see below." in said.text


@pytest.mark.parametrize(
    ("news", "button"),
    [("question", "Answer"), ("delivered", "Record the outcome"), ("asked", "Open the request")],
)
def test_the_button_says_what_the_news_wants_done(news: str, button: str) -> None:
    said = rendered(REQUEST_UPDATE, news=news)
    assert f">{button}</a>" in said.html
    assert f"{button}:\nhttp://goodword.example/ledgerworks/requests" in said.text


@pytest.mark.parametrize("kind", ["call", "site_visit", "written", "quote", "speaking", "rfp"])
def test_an_ask_says_in_its_subject_what_is_asked(kind: str) -> None:
    said = rendered(ASK, kind=kind)
    assert said.subject.endswith("?")
    assert "Initech" in said.subject
    assert re.search("Answer by +Fri 27 Nov", said.text)


@pytest.mark.parametrize(
    ("kind", "lacking", "gone"),
    [
        (ASK, {"questions": []}, "What they’d like to know:"),
        (ASK_RECEIPT, {"slots": []}, "- "),
        (ASK_WITHDRAWN, {"answered": True}, "It doesn’t count"),
        (WELCOME, {"purposes": []}, "You agreed to:"),
        (THANKS_OUTCOME, {"note": ""}, "> "),
        (REQUEST_UPDATE, {"news": "asked"}, "Customer  "),
    ],
)
def test_what_is_not_there_leaves_no_hole(kind: EmailKind, lacking: dict[str, Any], gone: str) -> None:
    before, after = rendered(kind), rendered(kind, **lacking)
    assert gone in before.text or kind is ASK_WITHDRAWN
    assert gone not in after.text.partition("\n-- \n")[0]
    assert "\n\n\n" not in after.text


def test_a_button_without_its_link_is_left_out() -> None:
    row = email(THANKS_OUTCOME)
    row.links = {}
    said = template_set().render(row, default_content(THANKS_OUTCOME))
    assert "See everything you made possible" not in said.text + said.html


def test_moments_are_told_in_the_readers_zone_and_name_it() -> None:
    here = rendered(MEETING_CONFIRMED)
    there = rendered(SLOTS_FOR_PROSPECT, time_zone="America/Chicago")
    assert here.subject == "Confirmed: Tue 24 Nov, 15:00 CET with Tom Baker, Initech"
    assert "- Tue 24 Nov, 08:00 CST" in there.text
    assert "Tue 24 Nov, 15:00\u00a0CET" in here.html


def test_a_template_typed_into_a_name_stays_text() -> None:
    said = rendered(ASK, prospect="{{7*7}} & <b>Sons</b>", name="{{7*7}} Lind")
    assert said.subject == "Could you talk to {{7*7}} & <b>Sons</b> for 20 minutes?"
    assert "<b>Sons" not in said.html
    assert "{{7*7}} &amp; &lt;b&gt;Sons&lt;/b&gt;" in said.html
    assert said.text.startswith("Hello,\n"), "nobody is called so"
    assert "49" not in said.text


def test_a_field_or_markdown_typed_into_a_name_stays_text() -> None:
    said = rendered(NEW_LINK, what="{{greeting}} **bold** [x](http://evil.example) %(name)s {% raw %}")
    assert "{{greeting}} **bold** [x](http://evil.example) %(name)s {% raw %}" in said.subject
    assert '<a href="http://evil' not in said.html


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"phrase": "call", "whom": "Initech"}, "your call with Initech"),
        ({"phrase": "help_somebody", "whom": "Initech"}, "would you help Initech?"),
        ({"phrase": "help", "whom": ""}, "would you help us?"),
        ({"what": "your call with Initech"}, "your call with Initech"),  # as it was kept before
    ],
)
def test_a_new_link_says_what_it_leads_to(fields: dict[str, Any], shown: str) -> None:
    assert rendered(NEW_LINK, **fields).subject == f"Your new link: {shown}"


def test_own_words_keep_their_lines_and_grow_no_markup() -> None:
    said = rendered(ENROLL_INVITATION, note="Dear Ada,\n\n<script>alert(1)</script>\n\x021\x03")
    assert "Dear Ada,<br><br>&lt;script&gt;" in said.html
    assert "> Dear Ada,\n> \n> <script>" in said.text
    assert said.text.count("See what’s involved:") == 1


@pytest.mark.parametrize("sign", ["\r\n", "\u2028", "\u2029", "\x85"])
def test_a_line_break_in_a_subject_is_refused(sign: str) -> None:
    with pytest.raises(DomainError, match="line break"):
        rendered(ASK, prospect=f"Initech{sign}Bcc: everybody@example.com")


@pytest.mark.parametrize("sign", LINE_ENDS)
def test_nobody_is_called_by_two_lines(sign: str) -> None:
    for address, name in (("ada@example.com", f"Ada{sign}Lind"), (f"ada{sign}@example.com", "Ada Lind")):
        with pytest.raises(DomainError, match="line break"):
            Recipient(address, name)


OFTEN = TemplateContent(
    subject="News", body="{{greeting}}\n\n" + "{{company}} " * 900, reason="You get this."
)


@pytest.mark.parametrize("company", ["Nordbank", "Nordbank & Söhne", "Nordbank & Söhne " * 4])
def test_how_large_an_email_is_for_its_reader_is_known_before_it_is_written(company: str) -> None:
    own, at = email(OWN_EMAIL, company=company), template_set()
    blanks = at.personalization(own, OFTEN).substitutions
    assert at.compiled_template(own, OFTEN).size_for(blanks) == len(at.render(own, OFTEN).html.encode())


def test_an_email_that_is_too_large_for_its_reader_alone_is_refused() -> None:
    """Its text was small enough for the example it was tried with."""
    with pytest.raises(RenderingError, match="would be 124 kB"):
        template_set().personalization(email(OWN_EMAIL, company="N & Söhne " * 9), OFTEN)


def test_an_email_without_what_it_needs_says_which() -> None:
    empty = email(ASK)
    empty.fields = {"kind": "call"}
    with pytest.raises(RenderingError) as refusal:
        template_set().render(empty, default_content(ASK))
    assert str(refusal.value) == "This email couldn’t be created: “prospect” is missing."


def test_an_email_without_its_link_is_not_sent() -> None:
    row = email(SIGN_IN)
    row.links = {}
    with pytest.raises(RenderingError, match="“sign_in” is missing"):
        template_set().personalization(row, default_content(SIGN_IN))


def test_staff_see_the_email_without_its_tokens() -> None:
    sent, shown = rendered(ASK), rendered(ASK, live=False)
    assert len(set(ADDRESS.findall(sent.text))) == 3
    assert set(ADDRESS.findall(shown.text)) == {
        f"http://goodword.example/{path}/…" for path in ("a", "u", "unsubscribe")
    }
    code = links.short_code(LinkPurpose.SIGN_IN, SAMPLE_ID)
    assert code in rendered(SIGN_IN).text
    assert code not in rendered(SIGN_IN, live=False).text


def test_only_what_nobody_asked_for_carries_a_button_to_end_it() -> None:
    asked, answered = (
        template_set().personalization(email(kind), default_content(kind)) for kind in (ASK, ASK_RECEIPT)
    )
    assert asked.unsubscribe.startswith("http://goodword.example/unsubscribe/")
    assert answered.unsubscribe == ""


def test_a_manager_words_an_email_in_another_way() -> None:
    words = replace(
        default_content(ASK), subject="{{first_name}}, one question", reason="Because of {{agreed}}"
    )
    said = rendered(ASK, words=words)
    assert said.subject == "Ada, one question"
    assert "Because of You get this because you told us on 14 Feb 2025 that we may ask" in said.text


@pytest.mark.parametrize(
    "accent", ["#ffff00", "#ffffff", "#000000", "#c0ff00", "#cfe8ff", "#2f4fc4", "#e8e8e8"]
)
def test_any_brand_color_can_be_read(accent: str) -> None:
    colors = palette(accent)
    assert contrast(parse(colors.fill), (255, 255, 255)) >= 4.5
    assert contrast(parse(colors.link), (255, 255, 255)) >= 4.5
    assert contrast(parse(colors.link_dark), (18, 19, 23)) >= 4.5
