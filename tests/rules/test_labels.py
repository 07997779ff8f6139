"""What rows keep as a code has words: every member of every stored enumeration, and every action of the history."""

import ast
import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from enum import Enum, StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import types

import portal
from portal.badges import StatusBadge
from portal.history import HistoryAction
from portal.schema import metadata
from tests.contracts.cases import FACTS

MODULES = [importlib.import_module(each.name) for each in pkgutil.walk_packages(portal.__path__, "portal.")]
LABELS = [module for module in MODULES if module.__name__.endswith(".labels")]
KNOWN = {  # in lines of the history that nobody changes any more: each keeps its words for ever; programs bring theirs
    "accounts": "added edited",
    "advocates": "added invited nominated approved joined enrolled paused resumed refused departed "
    "preferences_changed corrected new_address_entered new_address_withdrawn address_changed",
    "asks": "sent accepted declined expired completed released not_held withdrawn logged budget_overridden "
    "question_asked dismissed",
    "campaigns": "approval_requested approved declined refused_for_reviews paused went_on stopped sent_to_all "
    "audience_changed audience_grew growth_declined halted_for_reviews",
    "outreach": "tried_again given_up sender_changed key_stored key_removed made changed started paused resumed "
    "finished done recipient_removed answered sequence_refused entered_by_hand lifted agreed_again",
    "custom_fields": "field_created field_renamed field_choices_changed field_retired field_restored field_stated "
    "field_statement_withdrawn field_statement_lapsed field_values_changed",
    "imports": "uploaded removed started undo_started undone",
    "policies": "policy_changed workspace_changed",
    "segments": "segment_created segment_changed segment_copied segment_shared segment_kept_private people_added "
    "people_removed origin_stated attribute_stated attribute_statement_withdrawn segment_deleted",
    "signin": "invited joined renamed roles_changed ended",
    "tags": "tag_created tag_renamed tag_retired tag_restored tag_stated tag_statement_withdrawn "
    "tag_statement_lapsed tags_changed",
    "workspace": "logo_changed logo_removed address_collision_resolved",
    **{name: facts.history_actions for name, facts in FACTS.items()},
}


def stored_enums() -> set[type[Enum]]:
    """Of the columns of all tables, and of columns that hold a list."""
    columns = [column.type for table in metadata.tables.values() for column in table.columns]
    found = {getattr(kind, "item_type", kind) for kind in columns}
    return {kind.enum_class for kind in found if isinstance(kind, types.Enum) and kind.enum_class}


def history_actions() -> list[type[HistoryAction]]:
    return [each for each in HistoryAction.__subclasses__() if each.__module__.startswith("portal.")]


CODES = sorted({*stored_enums(), *history_actions()}, key=str)


def words_of(table: Any) -> dict[Any, str]:
    """By member; a badge says its word."""
    if not isinstance(table, dict):
        return {}
    named = {key: value for key, value in table.items() if isinstance(key, Enum)}
    return {key: str(value.word if isinstance(value, StatusBadge) else value) for key, value in named.items()}


def without_words(enum: type[Enum], labels: list[ModuleType]) -> set[Enum]:
    """The fewest members that one table leaves out; a member that stands for nothing needs no words."""
    needed = {member for member in enum if member.value}
    tables = [words_of(table) for module in labels for table in vars(module).values()]
    gaps = [
        {member for member in needed if not table.get(member)}
        for table in tables
        if any(type(key) is enum for key in table)
    ]
    return min(gaps, key=len, default=needed)


@pytest.mark.parametrize("enum", CODES)
def test_every_member_has_words_in_the_labels_of_a_feature(enum: type[Enum]) -> None:
    assert without_words(enum, LABELS) == set()


class Planted(StrEnum):
    NAMED = "named"
    FORGOTTEN = "forgotten"
    NOTHING = ""


@pytest.mark.parametrize(
    ("table", "left_out"),
    [
        (None, {Planted.NAMED, Planted.FORGOTTEN}),
        ({Planted.NAMED: "Named"}, {Planted.FORGOTTEN}),
        ({Planted.NAMED: "Named", Planted.FORGOTTEN: ""}, {Planted.FORGOTTEN}),
        ({"named": "Named", "forgotten": "Forgotten"}, {Planted.NAMED, Planted.FORGOTTEN}),
        ({Planted.NAMED: "Named", Planted.FORGOTTEN: StatusBadge("Forgotten", "", "")}, set()),
    ],
)
def test_a_member_without_words_is_found(table: Any, left_out: set[Enum]) -> None:
    labels = ModuleType("labels")
    vars(labels)["TABLE"] = table
    assert without_words(Planted, [labels]) == left_out


def hidden_gaps(module: ModuleType, tree: ast.AST) -> Iterator[int]:
    """Lines that ask a table with a word for every member, and say what to show where it has none."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=asked, attr="get"), args=[_, _]):
                if is_complete(found_in(module, asked)):
                    yield node.lineno


def found_in(module: ModuleType, asked: ast.expr) -> object:
    """A table of this module, or of a module it imports."""
    match asked:
        case ast.Name(id=name):
            return vars(module).get(name)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            other = vars(module).get(owner)
            return vars(other).get(name) if isinstance(other, ModuleType) else None
    return None


def is_complete(table: Any) -> bool:
    keys = words_of(table)
    enums = {type(key) for key in keys}
    return any(all(member in keys for member in enum if member.value) for enum in enums)


def test_no_word_for_the_unknown_hides_that_one_is_missing() -> None:
    found = [
        f"{module.__name__}:{line}"
        for module in MODULES
        for line in hidden_gaps(module, ast.parse(Path(str(module.__file__)).read_text()))
    ]
    assert found == [], "ask a table that has every member by its member"


def test_a_word_for_the_unknown_is_found() -> None:
    module = ModuleType("labels")
    vars(module)["WORDS"] = {Planted.NAMED: "Named", Planted.FORGOTTEN: "Forgotten"}
    vars(module)["SOME"] = {Planted.NAMED: "Named"}
    source = "WORDS.get(code, code)\nWORDS[code]\nSOME.get(code, '')\nWORDS.get(code)"
    assert list(hidden_gaps(module, ast.parse(source))) == [1]


def values_by_feature() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for enum in history_actions():
        values = [member.value for member in enum.__members__.values()]  # an alias is a value twice
        found.setdefault(enum.__module__.split(".")[1], []).extend(values)
    return found


def test_an_action_means_one_thing_in_its_feature() -> None:
    twice = {
        (feature, value)
        for feature, values in values_by_feature().items()
        for value, times in Counter(values).items()
        if times > 1
    }
    assert twice == set()


def test_actions_that_lines_of_before_hold_still_have_words() -> None:
    """A new action joins `KNOWN`: from then on it is in somebody's history."""
    known = {feature: set(values.split()) for feature, values in KNOWN.items()}
    assert {feature: set(values) for feature, values in values_by_feature().items()} == known
