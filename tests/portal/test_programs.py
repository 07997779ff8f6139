"""A program is declared once: what is missing, double or incomplete stops the start, and nothing below names one."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal import programs
from portal.blueprints import BLUEPRINTS
from portal.declarations.programs import PROGRAMS
from portal.declarations.registry import IncompleteDeclarations
from tests.asks.dinners import DINNERS, declared

ROOT = Path(__file__).parents[2]
ABOVE = ("programs", "demo")
"""The list, and the demo above it, which tells a story of each."""
EXEMPT = {"portal/advocates/ask_kinds.py"}  # the file of ask kinds: a phrase of it is the name of a program
OTHER_MEANINGS = {
    ("jobs/worker.py", "events"): "the former name of the queue of messages, which service files still say",
    ("portal/advocates/models.py", "events"): "a purpose that people consent to, stored under this word",
    ("portal/imports/values/opt_out_columns.py", "events"): "the same purpose, taken back by a column",
}
"""Where a word that is the name of a program's table means something else."""


def test_every_program_that_is_there_is_listed_and_complete() -> None:
    programs.check_declarations()
    assert {program.name for program in PROGRAMS} == {
        path.parent.name for path in (ROOT / "portal").glob("*/program.py")
    }


def test_a_program_that_is_not_listed_stops_the_start(tmp_path: Path) -> None:
    for name in ("references", "parties"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "program.py").touch()
    with pytest.raises(IncompleteDeclarations) as stopped:
        programs.check_declarations(tmp_path)
    assert (
        str(stopped.value)
        == "portal/parties/program.py declares a program that portal/programs.py does not list."
    )


@pytest.mark.parametrize("kind", programs.DECLARING_FILES)
def test_what_a_file_declares_and_nobody_lists_stops_the_start(tmp_path: Path, kind: str) -> None:
    (tmp_path / "parties" / "guests").mkdir(parents=True)
    (tmp_path / "parties" / "guests" / f"{kind}.py").touch()
    with pytest.raises(IncompleteDeclarations) as stopped:
        programs.check_declarations(tmp_path)
    said = f"portal/parties/guests/{kind}.py declares {kind} that neither a program nor portal/programs.py lists."
    assert str(stopped.value) == said


@pytest.mark.parametrize("kind", programs.DECLARING_FILES)
def test_so_does_one_of_them_that_its_list_forgets(kind: str) -> None:
    registry = next(iter(programs.DECLARING_FILES[kind].values()))
    listed = dict(registry._declared)
    del registry._declared[next(iter(listed))]
    try:
        with pytest.raises(IncompleteDeclarations, match=rf"/{kind}.py declares {kind} that neither"):
            programs.check_declarations()
    finally:
        registry._declared = listed
    programs.check_declarations()


def test_all_problems_are_told_at_once() -> None:
    with (
        declared(replace(DINNERS, label="", description="")),
        pytest.raises(IncompleteDeclarations) as stopped,
    ):
        programs.check_declarations()
    assert len(str(stopped.value).splitlines()) == 2


def test_the_pages_a_program_names_exist(app: Flask) -> None:
    named = {
        link.endpoint
        for program in PROGRAMS
        for link in (*program.menu, *program.advocate_menu, program.advocate_action, program.home.all_clear)
        if link
    }
    assert named - set(app.view_functions) == set()


def test_every_signed_link_of_a_program_leads_to_a_page_of_its_own(app: Flask) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    for program in PROGRAMS:
        for path in program.link_paths.values():
            assert any(rule.startswith(f"/{path}/<token>") for rule in rules), path


def below() -> Iterator[Path]:
    """Every file that may know programs only through the registry; what follows in workers, too."""
    own = {program.name for program in PROGRAMS}
    for path in sorted([*(ROOT / "portal").rglob("*.py"), *(ROOT / "jobs").rglob("*.py")]):
        top = path.relative_to(ROOT).parts[1].removesuffix(".py")
        if top not in own and top not in ABOVE and str(path.relative_to(ROOT)) not in EXEMPT:
            yield path


def names_of_programs() -> dict[str, re.Pattern[str]]:
    """For each program: its package, its tables and the pages of its blueprints, as a string may hold them."""
    found = {}
    for program in PROGRAMS:
        package = f"portal.{program.name}"
        tables = {table for module, table in _tables() if module.startswith(f"{package}.")}
        assert tables
        pages = {bp.name for bp in BLUEPRINTS if bp.import_name.startswith(f"{package}.")}
        words = "|".join(sorted(map(_as_said, tables)))
        ends = "|".join(sorted(rf"{re.escape(page)}\.[a-z_]+" for page in pages))
        found[package] = re.compile(rf"{words}|^(?:{ends})$")
    return found


def _as_said(table: str) -> str:
    """A table whose name is a word of English (“surveys”) is named by that word alone, or in SQL."""
    return rf"\b{table}\b" if "_" in table else rf"^{table}$|\b(?:FROM|JOIN|INTO|UPDATE) {table}\b"


def _tables() -> list[tuple[str, str]]:
    """(module, table) of every model."""
    mappers = PROGRAMS.get("references").subject.registry.mappers
    return [(mapper.class_.__module__, mapper.class_.__tablename__) for mapper in mappers]


def lines_naming_programs(path: Path, packages: dict[str, re.Pattern[str]]) -> Iterator[str]:
    here = str(path.relative_to(ROOT))
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if any(module == package or module.startswith(f"{package}.") for package in packages):
                yield f"{node.lineno} imports {module}"
        if not isinstance(node, ast.Constant) or (here, node.value) in OTHER_MEANINGS:
            continue
        if _names_one(str(node.value), packages):
            yield f"{node.lineno} says {str(node.value)[:60]!r}"


def _names_one(said: str, packages: dict[str, re.Pattern[str]]) -> bool:
    """A sentence may speak of meetings; a statement or the name of a table ends otherwise."""
    if said[:1].isupper() and said.endswith("."):
        return False
    return any(words.search(said) for words in packages.values())


def test_nothing_below_the_list_names_a_program() -> None:
    packages = names_of_programs()
    named = {str(path.relative_to(ROOT)): [*lines_naming_programs(path, packages)] for path in below()}
    assert {path: lines for path, lines in named.items() if lines} == {}


def test_a_word_with_another_meaning_is_still_said_where_it_is_listed() -> None:
    for path, word in OTHER_MEANINGS:
        tree = ast.parse((ROOT / path).read_text())
        said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        assert said.count(word) == 1, path


def test_no_page_outside_a_program_links_to_one_by_name() -> None:
    """Through the registry alone: `url_for(link.endpoint)`, never `url_for("references.show")`."""
    own = {program.name for program in PROGRAMS}
    pages = [bp.name for bp in BLUEPRINTS if bp.import_name.split(".")[1] in own]
    links = re.compile(rf"""["'](?:{"|".join(pages)})\.[a-z_]+["']""")
    found = {
        str(path.relative_to(ROOT / "templates")): links.findall(path.read_text())
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if path.relative_to(ROOT / "templates").parts[0] not in {*own, "demo"}
    }
    assert {path: linked for path, linked in found.items() if linked} == {}
