"""What looks like a link, an address or markup stands in no email; real names do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import links
from portal.advocates.emails import JOIN_CONFIRMATION
from portal.declarations.email_kinds import EmailKind
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.templates.defaults import default_content
from portal.references.asking.emails import ASK
from portal.references.meetings.time_emails import SLOTS_FOR_PROSPECT
from portal.safe_text import safe_company, safe_name, without_links
from portal.workspace.emails import MEMBER_INVITATION
from tests.outreach.templates.live_links import live_in
from tests.outreach.templates.rendered_emails import email, every_kind, rendered, template_set

REAL = [
    "O'Neill-Østergård",
    "J. R. Smith",
    "J.R.R. Tolkien",
    "St. John",
    "李小龙",
    "ジョン・スミス",
    "Dr.-Ing. Müller",
    "Ng",
    "X Æ A-12",
    "Anne Marie (Amy) Lee",
    "Jennifer 8. Lee",
    "Sammy Davis Jr.",
    "नरेंद्र मोदी",
    "علی\u200cرضا",
    "Nguyễn Thị Minh",
    "Marcel·la Gal·la",
    "Henry “Harry” Ford",
]
TIGHT = {
    "J.Smith": "J. Smith",
    "Dr.Müller": "Dr. Müller",
    "Anna Müller, M.Sc.": "Anna Müller, M. Sc.",
    "  Ada \t Lindqvist ": "Ada Lindqvist",
}
NO_NAMES = [
    "http://evil.test/win-500-EUR",
    "https:evil",
    "evil.test",
    "EVIL.TEST",
    "Ada evil.test",
    "evil .test",
    "www.evil.test",
    "t.co",
    "1.2.3.4",
    "evil․test",
    "evil．test",
    "evil。test",
    "evil·test",
    "evil٠test",
    "evil\ua78ftest",
    "evil.\u200dtest",
    "ｈｔｔｐ：／／ｅｖｉｌ．ｔｅｓｔ",
    "evil.xn--p1ai",
    "ada@evil.test",
    "@ada",
    "<b>Ada</b>",
    "[Ada](evil)",
    "**Ada**",
    "`Ada`",
    "{{7*7}}",
    "javascript:alert",
    "mailto:ada",
    "Ada\u202elive",
    "Ada\nBcc: x",
    "Call 0900 123456",
    "Win 💰 now",
    "a" * 81,
    "e" + "\u0301" * 9,
    "...",
    "",
]
COMPANIES = {
    "Booking.com": "Booking",
    "Company.com Ltd": "Company Ltd",
    "Maersk A/S": "Maersk A/S",
    "Yahoo!": "Yahoo!",
    "J.P. Morgan": "J.P. Morgan",
    "Fiat S.p.A.": "Fiat S.p.A.",
    "Dr.Oetker": "Dr. Oetker",
    "http://evil.test/win": "",
    "evil.test/win": "",
    "www.evil.test": "",
    "ada@evil.test": "",
    "[x](y)": "",
}
WRITTEN = {
    "none of these times fit: see http://evil.test/x?y": "none of these times fit: see […]",
    "Ask me (ada@evil.test) or www.evil.test!": "Ask me ([…]) or […]!",
    "[free money](https://evil.test)": "[free money]([…])",
    "evil․test and evil.\u200btest": "[…] and […]",
    "call tel:0900123 now": "call […] now",
    "Only the week after.Sorry": "Only the week after. Sorry",
    "1.12.2026, 10.30 or 14:30, e.g. at 3 p.m.": "1.12.2026, 10.30 or 14:30, e.g. at 3 p.m.",
    "你好。谢谢大家": "你好。谢谢大家",
}
KINDS = (
    JOIN_CONFIRMATION,
    ASK,
    MEMBER_INVITATION,
    SLOTS_FOR_PROSPECT,
)
PIECES = [
    "http://",
    "www.",
    ".",
    "․",
    "。",
    "@",
    "evil",
    "test",
    "com",
    " ",
    "/",
    "<",
    "](",
    "\u200d",
    "\u202e",
    "A",
    "é",
    "李",
    ":",
]
HOSTILE = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join), st.text(max_size=90)
)


@pytest.fixture(autouse=True, scope="module")
def _a_key() -> None:
    links.configure("s" * 40)


@pytest.mark.parametrize("name", REAL)
def test_people_with_real_names_are_greeted_by_them(name: str) -> None:
    assert safe_name(name) == name
    first = name.partition(" ")[0]
    assert f"Hello {first}," in rendered(ASK, name=name).text
    assert (
        template_set().personalization(email(OWN_EMAIL, name=name), default_content(OWN_EMAIL)).recipient_name
        == name
    )


@pytest.mark.parametrize(("typed", "shown"), TIGHT.items())
def test_a_name_written_tightly_gets_its_blank(typed: str, shown: str) -> None:
    assert safe_name(typed) == shown


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_is_left_out_and_the_greeting_has_none(name: str) -> None:
    assert safe_name(name) == ""
    said = rendered(ASK, name=name)
    assert said.text.startswith("Hello,\n")
    assert live_in(said.subject, said.text, said.html) == live_in(*_nameless(ASK))
    assert (
        template_set().personalization(email(OWN_EMAIL, name=name), default_content(OWN_EMAIL)).recipient_name
        == ""
    )


@pytest.mark.parametrize(("typed", "shown"), COMPANIES.items())
def test_a_company_called_like_its_domain_keeps_its_name_without_being_a_link(typed: str, shown: str) -> None:
    assert safe_company(typed) == shown
    assert not live_in(shown)


@pytest.mark.parametrize(("typed", "shown"), WRITTEN.items())
def test_links_are_taken_out_of_what_somebody_wrote_and_nothing_else(typed: str, shown: str) -> None:
    assert without_links(typed) == shown


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
def test_whatever_is_typed_into_a_name_no_email_has_one_link_more(name: str) -> None:
    one_line = " ".join(name.replace("\0", "").split())
    for kind in KINDS:
        said = rendered(kind, name=one_line, from_name=one_line, rep=one_line, invited_by=one_line)
        assert live_in(said.subject, said.text, said.html) == live_in(*_nameless(kind))


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_whatever_is_written_no_link_is_left(text: str) -> None:
    assert not live_in(without_links(text))
    assert not live_in(safe_company(text))


@every_kind
def test_every_email_reads_well_without_a_name(kind: EmailKind) -> None:
    said = rendered(kind, name="http://evil.test/win-500-EUR")
    assert "Hello,\n" in said.text
    assert "evil" not in said.subject + said.text + said.html


def _nameless(kind: EmailKind) -> tuple[str, str, str]:
    said = rendered(kind, name="", from_name="", rep="", invited_by="")
    return said.subject, said.text, said.html
