"""What somebody answers never decides who is asked for a review: nothing else can read it, and no person carries it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import inspect

from portal.advocates.models import Advocate
from portal.declarations.attributes import ATTRIBUTES
from portal.history import HistoryEntry
from portal.surveys.models import Survey, SurveyRecipient
from tests.client import Client
from tests.fixture_types import Jobs
from tests.surveys.surveys import ask_of, launch, switch_on, tap
from tests.world import World

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {"portal/programs.py"}  # the list; and the demo, which plays customers
WRITTEN_BY_ANY_ASK = {"last_ask_at", "available_from", "version"}


def importers(package: str) -> Iterator[str]:
    for path in sorted([*(ROOT / "portal").rglob("*.py"), *(ROOT / "jobs").rglob("*.py")]):
        name = str(path.relative_to(ROOT))
        if name.startswith((package.replace(".", "/") + "/", "portal/demo/")):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if any(module == package or module.startswith(f"{package}.") for module in modules):
                yield name


def test_no_other_feature_reads_surveys_so_none_can_choose_by_an_answer() -> None:
    assert set(importers("portal.surveys")) == MAY_IMPORT
    tables = {Survey.__tablename__, SurveyRecipient.__tablename__}
    pointing = {
        table.name
        for table in Advocate.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in tables
    }
    assert pointing <= tables


def test_nothing_that_segments_choose_by_is_declared_by_surveys() -> None:
    declared = {one.name: getattr(one.predicate, "__module__", "") for one in ATTRIBUTES}
    assert "person.nps" in declared
    assert not [name for name, module in declared.items() if module.startswith("portal.surveys")]
    assert not (ROOT / "portal/surveys/attributes.py").exists()


def test_an_answer_changes_nothing_about_the_person_and_stands_in_no_history(
    acme: World, run_jobs: Jobs, client: Client
) -> None:
    switch_on(acme)
    ada = acme.advocate(nps=7)
    survey = launch(acme)
    run_jobs()
    before = columns(acme, ada)
    ask = ask_of(acme, survey, ada)
    tap(client, ask, 0)
    tap(client, ask, why="A reason that nobody else reads")
    run_jobs()
    after = columns(acme, ada)
    assert {name for name in after if after[name] != before[name]} <= WRITTEN_BY_ANY_ASK
    assert acme.reload(ask).note == ""
    with acme.session() as session:
        lines = [str(entry.detail) for entry in session.query(HistoryEntry)]
    assert not [line for line in lines if "A reason" in line or "score" in line]


def columns(world: World, advocate: Advocate) -> dict[str, object]:
    row = world.reload(advocate)
    return {column.key: getattr(row, column.key) for column in inspect(Advocate).column_attrs}
