"""Themes are words that several people used, and each opens exactly the reasons that use it."""

from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.themes import FEWEST, mentions, themes

WHYS = [
    "We close on day three now. It was nine. The import is fine.",
    "Support took four days while we were closing.",
    "The import breaks every quarter.",
    "Support is slow, slow, slow; support again and again",
    "Great support and easy imports",
    "Price went up, value did not.",
    "Good product, but the price!",
    "The month-end close is fast.",
    "",
]


def found(whys: list[str]) -> dict[str, int]:
    return {theme.label: len(theme.places) for theme in themes(whys)}


def test_a_theme_counts_people_not_words_and_one_import_is_many_imports() -> None:
    assert found(WHYS) == {"import": 3, "support": 3}
    assert found([*WHYS, "Imports.", "imports", "imports"])["imports"] == 6


def test_what_only_two_people_say_is_no_theme_and_empty_words_never_are() -> None:
    assert "price" not in found(WHYS)
    assert found(["It is very good and we like it a lot."] * 9) == {}


def test_a_word_that_mostly_stands_in_a_pair_is_told_by_the_pair() -> None:
    assert found(["Customer success is patient"] * 3 + ["success"]) == {"customer success": 3, "patient": 3}


def test_words_of_any_language_and_apostrophes_are_words() -> None:
    assert found(["Die Übernahme war mühsam", "übernahme lief", "ÜBERNAHME!"]) == {"übernahme": 3}
    assert "price isn't" not in found(["Price isn’t clear"] * 3)


@given(st.lists(st.text(alphabet="abs pricesupport .'", max_size=60), max_size=12))
def test_a_theme_opens_exactly_those_who_mention_it(whys: list[str]) -> None:
    for theme in themes(whys):
        opened = [place for place, why in enumerate(whys) if mentions(why, theme.key)]
        assert opened == list(theme.places)
        assert len(opened) >= FEWEST
