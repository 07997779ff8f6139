"""Which programs are put to the contracts: one file each in `tests/contracts/programs`, found by itself."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from portal.declarations.programs import Program
from tests.contracts.program_case import ProgramCase

FOLDER = Path(__file__).parent / "programs"


def _found() -> Iterator[ProgramCase]:
    for path in sorted(FOLDER.glob("*.py")):
        yield from import_module(f"tests.contracts.programs.{path.stem}").CASES


CASES: tuple[ProgramCase, ...] = tuple(_found())
BY_EMAIL = tuple(case for case in CASES if case.asks_by_email)
MAY_CHANGE = tuple(case for case in CASES if case.may_change)
STANDS = tuple(case for case in CASES if not case.may_change)
CAN_HIDE = tuple(case for case in CASES if case.program.answer.can_dismiss)
CANNOT_HIDE = tuple(case for case in CASES if not case.program.answer.can_dismiss)
DONE_LATER = tuple(case for case in CASES if not case.is_done_at_once)
WITH_EXTRA_ANSWERS = tuple(case for case in CASES if case.program.answer.extra)
MEASURED = tuple(case for case in CASES if case.metrics)


def without_case(programs: Iterable[Program], cases: Iterable[ProgramCase]) -> list[str]:
    """A sentence for each program nobody tests."""
    tested = {case.program.name for case in cases}
    return [
        f"The program “{program.name}” is put to no contract: add tests/contracts/programs/{program.name}.py "
        "with its CASES (tests/contracts/program_case.py says what a case is, references.py beside it is one)."
        for program in programs
        if program.name not in tested
    ]
