"""What may be written into an email's text, what is refused and why, and what Markdown becomes."""

import re
from dataclasses import replace

import pytest

from portal import links
from portal.declarations.email_kinds import EmailKind
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.validation import find_problems
from portal.references.asking.emails import ASK
from tests.outreach.templates.rendered_emails import rendered

OWN = default_content(OWN_EMAIL)
ASK_TEXT = default_content(ASK)
STYLE = re.compile(r' (style|role|width|border|cellpadding|cellspacing|bgcolor)="[^"]*"')


@pytest.fixture(autouse=True, scope="module")
def _a_key() -> None:
    links.configure("s" * 40)


def refused(words: TemplateContent, kind: EmailKind = OWN_EMAIL) -> list[tuple[str, int, str]]:
    return [(one.part, one.line, one.reason % one.params) for one in find_problems(kind, words)]


def paper(body: str) -> tuple[str, str]:
    """The body alone, as HTML without its styles and as text."""
    said = rendered(OWN_EMAIL, words=replace(OWN, body=body))
    html = said.html.partition("</h1></td></tr>")[2].rpartition('<tr><td class="lt-quiet lt-line"')[0]
    return STYLE.sub("", html).strip(), said.text.partition("\n\n-- \n")[0]


@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        ("Hello\n\n{{compny}}", 3, "There’s no field “compny”. Did you mean “company”?"),
        ("{{price_of_gold}}", 1, "There’s no field “price_of_gold” in this email."),
        ("{{7*7}}", 1, "There’s no field “7*7” in this email."),
        ("{{}}", 1, "There’s no field “” in this email."),
        ("A\nB {{company", 2, "A field starts with {{ and ends with }} on the same line."),
        ("{{com\npany}}", 1, "A field starts with {{ and ends with }} on the same line."),
        ("company}}", 1, "A field starts with {{ and ends with }} on the same line."),
        (
            "{% if 1 %}",
            1,
            "Emails support fields only, not commands: remove the brace and the percent sign or hash.",
        ),
        (
            "{# hush #}",
            1,
            "Emails support fields only, not commands: remove the brace and the percent sign or hash.",
        ),
        ("A\x00", 1, "This line contains a character that emails can’t include."),
        (
            "Yours,\nsigned {{sign_off}}",
            2,
            "“sign_off” needs a line of its own in the body.",
        ),
        ("[x]({{company}})", 1, "“company” isn’t a link, so nothing can link to it."),
        ("A\n\n[x]: {{company}}\n\n[x]", 3, "“company” isn’t a link, so nothing can link to it."),
        ("[x](https://a.example/{{company}})", 1, "“company” can’t be part of a link’s address."),
        ("[x]({{preferences_link}}?a=1)", 1, "“preferences_link” can’t be part of a link’s address."),
        ("", 1, "This can’t be empty."),
        ("x" * 20_001, 1, "Please keep this to 20000 characters."),
    ],
)
def test_a_body_that_no_email_can_be_made_from_is_refused_with_line_and_reason(
    body: str, line: int, reason: str
) -> None:
    assert ("body", line, reason) in refused(replace(OWN, body=body))


@pytest.mark.parametrize(
    ("subject", "line", "reason"),
    [
        ("Two\nlines", 2, "Please keep this on one line."),
        ("Two\u2028lines", 2, "Please keep this on one line."),
        ("{{sign_off}}", 1, "“sign_off” needs a line of its own in the body."),
        ("See {{preferences_link}}", 1, "“preferences_link” is a link: it can only be used in the body."),
        (" ", 1, "This can’t be empty."),
        ("x" * 201, 1, "Please keep this to 200 characters."),
    ],
)
def test_a_subject_is_one_line_of_words(subject: str, line: int, reason: str) -> None:
    assert ("subject", line, reason) in refused(replace(OWN, subject=subject))


def test_an_email_that_would_lead_nowhere_is_refused() -> None:
    body = ASK_TEXT.body.replace("[See the request and answer]({{answer_link}})", "Answer us!")
    (problem,) = refused(replace(ASK_TEXT, body=body), ASK)
    assert problem[2] == "The email needs a link to {{answer_link}}."


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_reading() -> None:
    found = refused(TemplateContent(subject="{{a}}", body="{{b}}\n[x]({{company}})\n{{c}}", reason="{{d}}"))
    assert [(part, line) for part, line, _ in found] == [
        ("subject", 1),
        ("body", 1),
        ("body", 2),
        ("body", 3),
        ("reason", 1),
    ]


@pytest.mark.parametrize(
    ("body", "html", "text"),
    [
        ("A **bold** *word*", "A <strong>bold</strong> <em>word</em>", "A bold word"),
        ("Two\nlines", "Two\nlines", "Two lines"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>', "3. three\n4. four"),
        ("> one\n> two\n>\n> three", "one<br>two<br><br>three</td>", "> one\n> two\n> \n> three"),
        ("## News", '<h2 class="lt-ink">News</h2>', "News"),
        ("A\n\n---\n\nB", '<td class="lt-line">&nbsp;</td>', "A\n\n--------------------\n\nB"),
        ("*Small print.*", '<td class="lt-quiet">Small print.</td>', "Small print."),
        (
            "See [our report](https://a.example/r).",
            'See <a href="https://a.example/r" class="lt-link">our report</a>.',
            "See our report (https://a.example/r).",
        ),
        ("Dear\r\n\r\n**{{company}}**", "<strong>Nordbank</strong>", "Dear\n\nNordbank"),
        (
            "Yours\n{{sign_off}}\nSee you",
            '<tr><td class="lt-text">Dana Okafor</td></tr>',
            "Yours\n\nDana Okafor\n\nSee you",
        ),
    ],
)
def test_markdown_becomes_rows_and_lines(body: str, html: str, text: str) -> None:
    rows, lines = paper(body)
    assert html in rows
    assert lines == text


@pytest.mark.parametrize(
    "body",
    [
        "<b>x</b> <script>alert(1)</script>",
        "<div>\nx\n</div>",
        "![cat](https://a.example/cat.png)",
        "[x](javascript:alert(1)) [y](data:text/html,x) [z](vbscript:x)",
        "    <b>x</b>",
        "`<b>x</b>`",
        "```\n<b>x</b>\n```",
    ],
)
def test_html_pictures_and_scripts_stay_harmless_text(body: str) -> None:
    rows, lines = paper(body)
    assert not re.search(r"<(b|script|div|img)\b", rows)
    assert not re.search(r'href="(?!https://)', rows)
    assert "x" in lines or "cat" in lines


@pytest.mark.parametrize(
    "typed",
    ["![cat](https://a.example/cat.png)", "![a **cat**](<https://a.example/c.png>)", "[![cat](c.png) x](y)"],
)
def test_a_picture_is_said_as_it_was_typed(typed: str) -> None:
    rows, lines = paper(f"Look: {typed} **now**")
    assert "![" in lines
    assert "c.png" in lines or lines == f"Look: {typed} now"
    assert 'href="https://a.example' not in rows
    assert "<strong>now</strong>" in rows


def test_a_link_alone_on_its_line_is_a_button_and_its_address_stands_under_it() -> None:
    rows, lines = paper("Before\n[ Choose ]( {{ preferences_link }} )\nAfter")
    assert ">Choose</a></td>" in rows
    assert "Or open this link:<br><a" in rows
    assert re.fullmatch(r"Before\n\nChoose:\nhttp://goodword\.example/u/\S+\n\nAfter", lines)


def test_a_link_within_words_is_a_link() -> None:
    rows, lines = paper("You may [choose]({{preferences_link}}) any time.")
    assert re.search(r'You may <a href="http://goodword\.example/u/\S+" class="lt-link">choose</a> any', rows)
    assert re.search(r"You may choose \(http://goodword\.example/u/\S+\) any time\.", lines)
