"""Every part draws good HTML, says what it is for, and escapes what people typed."""

import re
from pathlib import Path
from types import SimpleNamespace as Given

import pytest

from portal.web.dispatch import Portal
from tests.web.render_macro import render_macro

TEMPLATES = Path(__file__).parents[2] / "templates"
HOSTILE = "<script>alert(1)</script>"
MACRO = re.compile(r"(?P<before>.*)\n\{% macro (?P<name>\w+)\(")
PAPERS = {
    "email.html",
    "email_rows.html",
    "plain_text.html",
    "preview_errors.html",
}  # stand in frames of their own
ASKS_NO_SECRET = {
    "outreach/suppressions/unsubscribe.html",  # mail programs press it, which have none
    "events/door/parts.html",  # the signed link is the proof, and what was kept offline is sent hours later
}
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.name not in PAPERS)
TYPED = {
    "status": "{{ ui.status(it, 'good') }}{{ ui.badge({'word': it, 'tone': 'good', 'icon': 'x'}) }}",
    "header": "{% call ui.page_header(it, it, it) %}{{ it }}{% endcall %}",
    "breadcrumbs": "{{ ui.breadcrumbs([(it, '/')], it) }}",
    "facts": "{{ ui.facts([('Deal', it), ('None', None), ('Empty', '')]) }}",
    "tabs": "{{ ui.tabs([(it, '/', 3, True), (it, '/', None, False)]) }}",
    "chip": "{{ ui.chip(it, '/', True) }}{{ ui.chip(it, '/') }}{{ ui.dropdown(it, [(it, '/', True)]) }}",
    "row": "<ol>{% call ui.action_row(it, 'bad', 'x', it, '/', it) %}<a href='/'>Go</a>{% endcall %}</ol>",
    "figure": "{{ ui.figure(it, None, '%', it, 'good', it, it) }}",
    "empty_state": "{% call ui.empty_state(it, it, [('x', '', it)]) %}{{ it }}{% endcall %}",
    "candidate": "{{ people.candidate(9, it, it, '/', [(5, it), (-3, it)], it) }}",
    "excluded": "<ul>{{ people.excluded_row(3, it) }}</ul><ol>{{ people.message(it, it, it) }}</ol>",
    "states": "{{ steps.status_steps([{'name': it, 'state': 'now', 'when': it, 'note': it}]) }}",
    "progress": "{{ steps.wizard([it], 1) }}{{ steps.progress('p', it, it, 40, '/x') }}",
    "history": "{{ steps.history([(it, it, it)]) }}",
    "consent": "{{ forms.consent('c', it, it) }}{{ forms.time_slot(it, it, it) }}{{ forms.radio_row('a', it, it) }}",
    "dialog": "{% call dialogs.dialog('d', it, it, it) %}{{ it }}{% endcall %}{{ dialogs.copy_field('c', it, it) }}",
    "funnel": "{{ charts.funnel(it, [(3, it, 100, it)]) }}",
}


@pytest.mark.parametrize("part", TYPED)
def test_what_people_typed_stays_text(app: Portal, part: str) -> None:
    page = render_macro(app, TYPED[part], it=HOSTILE)
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_a_list_of_one_page_has_no_pager(app: Portal) -> None:
    assert render_macro(app, "{{ ui.pager(page) }}", page=Given(next=None, previous=None)).strip() == ""
    page = render_macro(
        app, "{{ ui.pager(page, '25 of 340') }}", "/a?q=x&after=old", page=Given(next="n", previous="p")
    )
    assert 'href="/a?q=x&amp;after=n"' in page
    assert 'href="/a?q=x&amp;after=p"' in page


def test_every_macro_says_what_it_is_for() -> None:
    silent = [
        f"{path.name}: {found['name']}"
        for path in TEMPLATES.glob("components/*.html")
        for found in MACRO.finditer(path.read_text())
        if not found["before"].endswith("-#}")
    ]
    assert silent == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_page_carries_style_or_script_of_its_own(page: Path) -> None:
    source = page.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_form_that_changes_something_carries_its_secret(page: Path) -> None:
    source = page.read_text() if str(page.relative_to(TEMPLATES)) not in ASKS_NO_SECRET else ""
    assert source.count('method="post"') == source.count('name="csrf_token"')
