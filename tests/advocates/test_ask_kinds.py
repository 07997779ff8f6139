"""Kinds of ask as data: every column and every word of every kind, as the document has them."""

import re
from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from portal.advocates.ask_kind_policies import KIND_POLICIES
from portal.advocates.ask_kinds import (
    ASK_KINDS,
    DESK_KINDS,
    AskKind,
    AskKindRow,
    WindowGroup,
    default_kinds,
    kinds_in_use,
    willing_kinds,
)
from portal.advocates.models import ConsentPurpose
from portal.declarations.programs import PROGRAMS
from tests.asks.dinners import DINNERS, declared

# attention + time, purpose, act of advocacy, needs willingness, paused by health and renewal, rest after a yes
DOCUMENT = """
    call           2+20  calls      yes  yes  yes    14
    site_visit     3+90  calls      yes  yes  yes    14
    speaking       3+60  events     yes  yes  yes    14
    written        3+30  name       yes  yes  yes    0
    rfp            3+30  name       yes  yes  yes    0
    quote          2+10  name       yes  yes  yes    0
    story          3+60  name       yes  yes  yes    0
    review         2+15  reviews    yes  yes  never  0
    referral       2+10  referrals  yes  yes  never  0
    peer_question  2+10  calls      yes  yes  never  0
    board_seat     3+0   events     no   no   never  0
    event          1+0   events     no   no   never  0
    board_meeting  1+0   events     no   no   never  0
    survey         1+0   feedback   no   no   never  0
"""
WORDS_FOR_SOME: dict[
    str, Callable[[AskKindRow], bool]
] = {  # whom each word is for; everybody has all the others
    "effort": lambda row: bool(row.favor_minutes),
    "willing": lambda row: row.needs_willingness,
    "unwilling": lambda row: row.needs_willingness,
    "window_words": lambda row: row.window is not WindowGroup.TALKS,
    "desk_title": lambda row: row.is_at_desk,
}
BLANKS = {
    "willing": {"minutes"},
    "question": {"prospect", "minutes"},
    "length": {"minutes"},
    "window_words": {"count"},
    "desk_title": {"prospect", "product"},
}
WORDS = [one.name for one in fields(AskKindRow) if one.type in {str, tuple[str, str]}]


def written(row: AskKindRow) -> tuple[str, ...]:
    return (
        f"{row.attention_minutes}+{row.favor_minutes}",
        row.purpose.value,
        "yes" if row.is_act else "no",
        "yes" if row.needs_willingness else "no",
        "yes" if row.pauses_with_account else "never",
        str(row.rest_days),
    )


def texts_of(row: AskKindRow, name: str) -> list[str]:
    said = getattr(row, name)
    return [said] if isinstance(said, str) else list(said)


def test_every_kind_weighs_and_needs_what_the_document_says() -> None:
    rows = {cells[0]: tuple(cells[1:]) for line in DOCUMENT.strip().splitlines() if (cells := line.split())}
    assert {kind.value: written(row) for kind, row in ASK_KINDS.items()} == rows
    assert set(ASK_KINDS) == set(AskKind)


def test_the_groups_of_kinds_are_those_of_the_document() -> None:
    def those(test: Callable[[AskKindRow], bool]) -> set[str]:
        return {kind.value for kind, row in ASK_KINDS.items() if test(row)}

    assert those(lambda row: row.is_guest) == {"event", "board_meeting", "survey"}
    assert those(lambda row: not row.keeps_rest) == {"review", "event", "board_meeting", "survey"}
    assert those(lambda row: row.window is WindowGroup.TALKS) == {"call", "site_visit", "speaking"}
    assert those(lambda row: row.window is WindowGroup.EVENTS) == {"event"}
    assert those(lambda row: row.has_meeting) == {"call", "site_visit"}
    desk = {"call", "site_visit", "speaking", "written", "quote", "rfp"}
    assert those(lambda row: row.passes_email_cap) == set(DESK_KINDS) == desk


def test_people_may_tick_what_a_program_asks_for_and_nothing_else() -> None:
    assert set(kinds_in_use()) == {kind for program in PROGRAMS for kind in program.ask_kinds}
    reviews = replace(DINNERS, ask_kinds=(AskKind.REVIEW, AskKind.EVENT))
    before = willing_kinds()
    with declared(reviews):
        assert [kind for kind in willing_kinds() if kind not in before] == [AskKind.REVIEW]
        assert AskKind.EVENT in kinds_in_use()
    assert AskKind.REVIEW not in willing_kinds()


def test_admins_may_change_the_rules_of_what_a_program_asks_for() -> None:
    assert set(KIND_POLICIES) == set(kinds_in_use())


@pytest.mark.parametrize("kind", AskKind)
def test_every_kind_has_all_its_words_and_no_others(kind: AskKind) -> None:
    assert len(WORDS) == 13
    for name in WORDS:
        applies = name not in WORDS_FOR_SOME or WORDS_FOR_SOME[name](kind.row)
        for text in texts_of(kind.row, name):
            assert bool(text.strip()) == applies, name
            assert set(re.findall(r"%\((\w+)\)s", text)) <= BLANKS.get(name, set()), name


def test_who_ticks_nothing_is_willing_to_what_the_consents_are_mostly_for() -> None:
    agreed = {ConsentPurpose.CALLS, ConsentPurpose.NAME, ConsentPurpose.EVENTS, ConsentPurpose.REVIEWS}
    assert default_kinds(agreed) == [AskKind.CALL, AskKind.WRITTEN, AskKind.QUOTE, AskKind.SPEAKING]
    assert default_kinds({ConsentPurpose.NEWS}) == []
