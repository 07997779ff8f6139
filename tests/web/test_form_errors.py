"""A refused form: every problem on top and beside its field, tied together, values kept."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # its stubs are of the release before
from wtforms.validators import DataRequired, Length

from portal.web.dispatch import Portal
from portal.web.form_errors import field_errors
from portal.web.forms import Form
from tests.web.render_macro import render_macro

EVERY_FIELD = """
{% call forms.form("/x", form, "Send", cancel=("Cancel", "/y"), multipart=True, hx_post="/x") %}
{{ forms.field(form.name, "As in the email.") }}{{ forms.field(form.notes) }}{{ forms.field(form.kind) }}
{{ forms.field(form.minutes) }}{{ forms.checkboxes(form.languages) }}{{ forms.radios(form.who) }}
{{ forms.field(form.news) }}{{ forms.file(form.file, "CSV or Excel", ".csv,.xlsx") }}
{% endcall %}
"""


class Wish(Form):
    name = StringField("Name", [DataRequired("Tell us the name")])
    notes = TextAreaField("Notes", [Length(max=5, message="Keep it short")])
    kind = SelectField("Kind", choices=[SelectChoice("call", "Call"), SelectChoice("visit", "Visit")])
    minutes = IntegerField("Minutes", [DataRequired("Say how long")])
    languages = SelectMultipleField(
        "Languages", choices=[SelectChoice("en", "English"), SelectChoice("de", "German")]
    )
    who = RadioField("Who", choices=[SelectChoice("rep", "The rep"), SelectChoice("all", "Everyone")])
    news = BooleanField("Send me news")
    file = FileField("File")
    parts = FieldList(StringField("Part", [Length(max=2, message="At most two emails")]))


@pytest.fixture
def refused(app: Portal) -> Wish:
    given = {
        "notes": "</textarea><b>", "kind": "visit", "minutes": "x", "languages": "de", "who": "all",
        "parts-0": "long",
    }  # fmt: skip
    with app.test_request_context("/", method="POST"):
        form = Wish(MultiDict(given), meta={"csrf": False})
        form.validate()
        return form


def test_every_problem_is_named_once_and_leads_to_its_field(app: Portal, refused: Wish) -> None:
    assert field_errors(refused) == [
        ("name", "Name: Tell us the name"),
        ("notes", "Notes: Keep it short"),
        ("minutes", "Minutes: Say how long"),
        ("parts-0", "Part: At most two emails"),
    ]
    page = render_macro(app, EVERY_FIELD, form=refused)
    assert "Please check 4 fields" in page
    assert all(f'href="#{field}"' in page for field, _ in field_errors(refused))


def test_help_and_error_belong_to_the_input(app: Portal, refused: Wish) -> None:
    page = render_macro(app, EVERY_FIELD, form=refused)
    assert 'aria-describedby="name-help name-error"' in page
    assert 'id="name-error"' in page
    assert page.count('aria-invalid="true"') == 3


def test_what_was_entered_is_kept_and_harmless(app: Portal, refused: Wish) -> None:
    page = render_macro(app, EVERY_FIELD, form=refused)
    assert "&lt;/textarea&gt;&lt;b&gt;" in page
    assert '<option selected value="visit">' in page
    assert 'value="de" checked' in page
    assert 'value="all" checked' in page


def test_every_form_carries_its_secret(app: Portal, refused: Wish) -> None:
    page = render_macro(
        app, EVERY_FIELD + '{{ forms.button("/x", "Pause", ic="player-pause", why="rest") }}', form=refused
    )
    assert page.count('name="csrf_token"') == page.count('method="post"') == 2
    assert '<input type="hidden" name="why" value="rest">' in page
    assert 'hx-post="/x"' in page


def test_a_single_problem_is_announced_in_the_singular(app: Portal) -> None:
    with app.test_request_context("/", method="POST"):
        form = Wish(MultiDict({"minutes": "5", "kind": "call", "who": "rep"}), meta={"csrf": False})
        form.validate()
    assert "Please check one field" in render_macro(app, "{{ forms.error_summary(form) }}", form=form)


def test_a_search_keeps_the_filters_and_starts_at_the_first_page(app: Portal) -> None:
    page = render_macro(
        app, '{{ forms.search(target="people") }}', "/acme/advocates?state=enrolled&after=abc&q=ada"
    )
    assert '<input type="hidden" name="state" value="enrolled">' in page
    assert 'name="after"' not in page
    assert 'value="ada"' in page
