"""The list of programs, for web, workers and tests. Whatever stands below finds them through the registry alone."""

from importlib.resources import files
from pathlib import Path

from portal.declarations.programs import PROGRAMS
from portal.declarations.registry import IncompleteDeclarations
from portal.references.program import PROGRAM as REFERENCES

PROGRAMS.add(REFERENCES)


def check_declarations(portal: Path | None = None) -> None:
    """At the start of every process: raises IncompleteDeclarations with every problem of every declaration."""
    problems = [*PROGRAMS.problems(), *_unlisted(portal or Path(str(files("portal"))))]
    if problems:
        raise IncompleteDeclarations("\n".join(problems))


def _unlisted(portal: Path) -> list[str]:
    """A feature that declares a program and is not listed above would be missing without a word."""
    declared = sorted(path.parent.name for path in portal.glob("*/program.py"))
    return [
        f"portal/{name}/program.py declares a program that portal/programs.py does not list."
        for name in declared
        if name not in PROGRAMS
    ]
