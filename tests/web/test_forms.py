"""What people type: odd numbers, far years and hidden signs are answered beside the field, never with a 500."""

from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DecimalField, IntegerField, StringField
from wtforms.validators import NumberRange, Optional

from portal.web.dispatch import Portal
from portal.web.forms import Form, single_line


class Everything(Form):
    name = StringField(validators=[single_line])
    many = IntegerField(validators=[Optional(), NumberRange(1, 10)])
    amount = DecimalField(validators=[Optional(), NumberRange(min=0)])
    day = DateField(validators=[Optional()])


def filled(app: Portal, **typed: str) -> Everything:
    with app.test_request_context(method="POST"):
        form = Everything(MultiDict(typed), meta={"csrf": False})
        form.validate()
        return form


@pytest.mark.parametrize("digits", ["9" * 400, "9" * 5000, "-" + "9" * 400, "1e400", "²"])
def test_a_number_without_end_is_no_number(app: Portal, digits: str) -> None:
    assert filled(app, many=digits).many.errors
    assert filled(app, amount=digits).amount.errors


@pytest.mark.parametrize("odd", ["1e-400", "NaN", "Infinity"])
def test_an_amount_is_an_ordinary_one(app: Portal, odd: str) -> None:
    assert filled(app, amount=odd).amount.errors
    assert filled(app, amount="1234.50").amount.data == Decimal("1234.50")


def test_a_day_thousands_of_years_away_is_refused(app: Portal) -> None:
    assert filled(app, day="9999-12-31").day.errors
    assert not filled(app, day="2027-03-31").day.errors


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\u2028", "\u2029", "\x85"])
def test_a_name_is_one_line_by_anybodys_count(app: Portal, sign: str) -> None:
    assert filled(app, name=f"Ada{sign}Bcc: everybody@example.com").name.errors
    assert not filled(app, name=f" Ada{sign}").name.errors, "what stands around it is no part of it"


def test_signs_that_hide_or_turn_text_are_left_out(app: Portal) -> None:
    assert filled(app, name=" Ada\u202e \u200bLovelace\x00 ").name.data == "Ada Lovelace"
