"""Whatever the program: its words exist in every language of the house, and pages never show a mark of ours."""

from pathlib import Path

import pytest

from portal.references.program import PROGRAM
from tests.asks.dinners import DINNERS
from tests.contracts.program_case import ProgramCase
from tests.contracts.program_world import ProgramWorld
from tests.contracts.words import declared_words, languages, missing_words
from tests.fixture_types import Jobs, Travel


@pytest.mark.parametrize("language", languages())
def test_every_word_of_it_is_there_in_every_language(case: ProgramCase, language: str) -> None:
    assert len(declared_words(case.program)) >= 2
    assert missing_words(case.program, language) == set()


def test_a_word_that_a_language_lacks_is_named(tmp_path: Path) -> None:
    catalog = tmp_path / "de" / "LC_MESSAGES" / "messages.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid "Dinners"\nmsgstr "Abendessen"\n\nmsgid "Maybe"\nmsgstr ""\n')
    assert languages(tmp_path) == ["en", "de"]
    missing = missing_words(DINNERS, "de", tmp_path)
    assert ("Maybe" in missing, "Dinners" in missing) == (True, False)
    assert "Reference desk" in missing_words(PROGRAM, "de", tmp_path)


@pytest.mark.parametrize("language", languages())
def test_its_pages_open_in_every_language_with_no_blank_left_unfilled(
    here: ProgramWorld, language: str, run_jobs: Jobs, travel: Travel
) -> None:
    ada = here.world.signed_in_advocate()
    ask = here.ask(ada.advocate)
    run_jobs()
    reads = {"Accept-Language": language}
    pages = [
        here.holder.get(here.address(ask) + path, outside=True, headers=reads) for path in ("", "/not-now")
    ]
    here.say_yes(ask)
    here.case.finish(here.world, here.manager, ask, travel)
    own, manager = here.world.signed_in(as_member=ada.member), here.as_manager()
    pages += [own.get(path, headers=reads) for path in ("/my/asks", "/my/impact")]
    pages += [manager.get(path, headers=reads) for path in ("/", f"/advocates/{ada.advocate.id}", "/metrics")]
    pages.append(here.holder.get(here.address(ask), outside=True, headers=reads))
    assert {page.status_code for page in pages} == {200}
    assert [page.request.path for page in pages if "%(" in page.text or "{{" in page.text] == []
