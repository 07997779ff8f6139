"""An email's text costs its preview about as much as plain words of its length, or is refused with what to change.

What is counted is calls, not seconds: the same on a quiet and on a busy machine.
"""

import re
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.imports.values.dates import DateFormat, guess_format, read_day
from portal.imports.values.numbers import find_decimal_mark, read_amount
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.templates.compiler import EmailBrand, compile_template
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.validation import FIELD_TAG, find_problems
from tests.client import Client

LENGTH = 16_000
BRAND = EmailBrand("Acme", "#206bc4", "", "1 Main Street")
PLAIN = ("A sentence of an email, as people write them, with a comma.\n" * 3 + "\n") * 88
SIGNS = [
    *'*_a [](){}!`>-<&\\"#1.~=|:+%é',
    "\n",
    "\n\n",
    "    ",
    "](",
    "![",
    "{{",
    "}}",
    "{{first_name}}",
    "> ",
    "- ",
]


def words_with(body: str) -> TemplateContent:
    return replace(default_content(OWN_EMAIL), body=body)


def work(body: str) -> int:
    """How many calls a preview of this text makes, once it is asked for."""
    calls = 0

    def count(_frame: Any, what: str, _of: Any) -> None:
        nonlocal calls
        calls += what in {"call", "c_call"}

    words = words_with(body[:LENGTH])
    sys.setprofile(count)
    try:
        if not find_problems(OWN_EMAIL, words):
            compile_template.__wrapped__(OWN_EMAIL, words, BRAND, "en")
    finally:
        sys.setprofile(None)
    return calls


@pytest.fixture(scope="module")
def most() -> int:
    work("warm")
    return 8 * work(PLAIN)


@pytest.mark.parametrize(
    "unit",
    [
        *("*a_ ", "[", "![", "[a](", "`", "`a``", "> ", "- a\n", "a\n\n", "[a]: b\n", "~", "<", "&", "{{ "),
        *("{{first_name}} ", "{{nobody}} ", "[" + "a-" * 19, "![" + "a!" * 19, "[" + "a-" * 19 + "\n"),
        *("[a](" + "b-" * 17, "[]" + "[a-" * 19),
    ],
)
def test_one_sign_repeated_costs_no_more_than_its_length(unit: str, most: int) -> None:
    assert work(unit * LENGTH) <= most


@settings(max_examples=40, deadline=None)
@given(
    unit=st.lists(st.sampled_from(SIGNS), min_size=1, max_size=12).map("".join),
    between=st.sampled_from(["", "b-" * 30, "more words " * 10, "a\n" * 3, "é!" * 100]),
    before=st.sampled_from(["", "[" * 380, "> " * 60, "*a" * 190, "{{" + " " * 9000, "`" * 9000]),
    after=st.sampled_from(["", "]" * 380, "](b)" * 380, "b*" * 190, "}}"]),
)
def test_any_text_of_16_kilobytes_costs_no_more_than_its_length(
    unit: str, between: str, before: str, after: str, most: int
) -> None:
    assert work((before + (unit + between) * LENGTH)[: LENGTH - len(after)] + after) <= most


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("Hello\n" + "*a_ " * 4000, 2, "the limit is 400 characters like"),
        ("Hello\n\n" + ("[" + "a-" * 20) * 300, 3, "too many unclosed square brackets"),
        ("a\n" * 5000, 401, "the limit is 400 lines"),
        ("{{first_name}} " * 1000, 1, "too many fields from this line on: the limit is 150"),
        ("{{" + " " * 15_000, 1, "A field starts with {{ and ends with }} on the same line."),
        ("a" * 400_000, 1, "Please keep this to 20000 characters."),
    ],
)
def test_the_refusal_names_the_line_and_what_to_change(
    as_manager: Client, body: str, line: int, said: str
) -> None:
    """Preview and saving say the same, and what was typed stays."""
    (found,) = [
        each for each in find_problems(OWN_EMAIL, words_with(body)) if said in each.reason % each.params
    ]
    assert (found.part, found.line) == ("body", line)
    typed = vars(words_with(body)) | {"name": "Long", "seen": "0"}
    assert said in as_manager.post("/emails/templates/own/preview", typed).text
    saved = as_manager.post("/emails/templates/own", typed)
    assert saved.status_code == 422
    assert said in saved.text
    assert body.strip()[:50] in saved.text


def test_a_long_email_with_many_links_is_none_of_that() -> None:
    part = "**Hello** {{first_name}}, see [our *news*](https://acme.example/a_b_c) & `more`: \\* 5 < 6!\n\n- a\n- b\n\n"
    assert find_problems(OWN_EMAIL, words_with(part * 20 + default_content(OWN_EMAIL).body)) == []


@given(
    st.lists(st.sampled_from(["{{", "}}", "{", "}", " ", "\t", "a", "first_name"]), max_size=12).map("".join)
)
def test_a_merge_field_is_found_wherever_a_plain_pattern_finds_one(line: str) -> None:
    assert FIELD_TAG.findall(line) == re.findall(r"\{\{\s*([^{}\n]*?)\s*\}\}", line)


def test_a_long_cell_of_a_file_costs_no_more_than_its_length() -> None:
    """Each of these took the square of its length: hours for a megabyte."""
    for cell in ("T" * 10**6, "T1:11" * 10**5 + "\nx", "1" + " " * 10**6 + "x!x!x", "1'" * 10**5 + "€€€€€"):
        guess_format([cell]), find_decimal_mark([cell])
        with pytest.raises(ValueError):  # noqa: PT011 (any reason will do)
            read_day(cell, DateFormat.MDY)
        with pytest.raises(ValueError):  # noqa: PT011 (any reason will do)
            read_amount(cell, ".")
