"""Somebody who types a name as their keyboard allows finds it as it is written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search_text import folded, search_words, spellings_of

ANY_NAME = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
EUROPEAN_NAME = st.text("abcdeuozßäöüÄÖÜåØłñéçĳĖ'’‘-. ", max_size=20)


def finds(typed: str, name: str) -> bool:
    return all(word in folded(name) for word in search_words(typed))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Müller", "müller muller mueller MÜLLER mu\u0308ller ulle"),
        ("Mueller", "müller mueller muller"),
        ("Muller", "müller muller"),
        ("Straße", "strasse STRASSE straße Straẞe"),
        ("Strasse", "straße"),
        ("O’Brien", "O'Brien O’Brien obrien OBRIEN o`brien brien"),
        ("O'Brien", "O’Brien obrien"),
        ("Sørensen", "sorensen soerensen sørensen"),
        ("Ångström", "angstrom aangstroem ångström"),
        ("José Núñez", "jose nunez JOSÉ"),
        ("Łukasz Dvořák", "lukasz dvorak"),
        ("Jean-Luc", "jean luc jean-luc"),
        ("İstanbul", "istanbul ISTANBUL"),
        ("ＡＣＭＥ", "acme"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ σισυφος"),
    ],
)
def test_a_name_is_found_whatever_its_accents_case_and_apostrophes(name: str, typed: str) -> None:
    assert [each for each in typed.split() if not finds(each, name)] == []


@pytest.mark.parametrize(("name", "typed"), [("Muller", "mueller"), ("Ann Lee", "hann"), ("Jonas", "joe")])
def test_another_name_is_not_found(name: str, typed: str) -> None:
    assert not finds(typed, name)


@given(ANY_NAME)
def test_every_name_is_found_by_itself_in_any_case_and_form(name: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert finds(unicodedata.normalize(form, name), name)
    assert finds(name.casefold(), name)


@given(EUROPEAN_NAME)
def test_a_name_is_found_without_its_accents(name: str) -> None:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    assert finds(bare, name)
    assert finds(name, bare)


@given(EUROPEAN_NAME)
def test_umlauts_may_be_spelled_out(name: str) -> None:
    spelled = name
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        spelled = spelled.replace(umlaut, letters)
    assert finds(spelled, name)


@given(ANY_NAME)
def test_what_is_stored_and_sought_means_nothing_to_a_pattern(name: str) -> None:
    for text in (folded(name), *search_words(name), *spellings_of(name)):
        assert not set(text) & set("%_\\'")


@given(ANY_NAME, ANY_NAME)
def test_a_name_of_two_parts_is_folded_part_by_part(first: str, last: str) -> None:
    assert set(folded(f"{last} {first}").split()) == set((folded(last) + folded(first)).split())
