"""Two spellings of one company meet; two companies do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.name_normalization import normal_name


@pytest.mark.parametrize(
    "typed",
    [
        "Nordlicht  Versicherung",
        "NORDLICHT VERSICHERUNG",
        " nordlicht\u00a0versicherung. ",
        "Ｎordlicht Versicherung",
    ],
)
def test_case_width_spaces_and_a_full_stop_do_not_make_another_company(typed: str) -> None:
    assert normal_name(typed) == "nordlicht versicherung"


def test_companies_that_differ_in_more_than_spelling_stay_apart() -> None:
    assert normal_name("Alphabet Inc. (Class A)") != normal_name("Alphabet Inc. (Class C)")
    assert normal_name("Estée Lauder") != normal_name("Estee Lauder")


def test_a_name_of_punctuation_alone_still_has_a_key() -> None:
    assert normal_name(" --- ") == "---"


@given(st.text())
def test_a_normal_name_is_its_own_normal_name(text: str) -> None:
    assert normal_name(normal_name(text)) == normal_name(text)
