"""Which programs are put to the contracts: one file each in `tests/contracts/programs`, found by itself."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from portal.declarations.programs import Program
from tests.contracts.program_case import ProgramCase, ProgramFacts

FOLDER = Path(__file__).parent / "programs"


def _modules() -> Iterator[ModuleType]:
    for path in sorted(FOLDER.glob("*.py")):
        yield import_module(f"tests.contracts.programs.{path.stem}")


MODULES = tuple(_modules())
CASES: tuple[ProgramCase, ...] = tuple(case for module in MODULES for case in module.CASES)
FACTS: dict[str, ProgramFacts] = {
    module.CASES[0].program.name: module.FACTS for module in MODULES if hasattr(module, "FACTS")
}
"""Of those that are listed, by name."""
BY_EMAIL = tuple(case for case in CASES if case.asks_by_email)
MAY_CHANGE = tuple(case for case in CASES if case.may_change)
STANDS = tuple(case for case in CASES if not case.may_change)
CAN_HIDE = tuple(case for case in CASES if case.program.answer.can_dismiss)
CANNOT_HIDE = tuple(case for case in CASES if not case.program.answer.can_dismiss)
CHANGES_LATER = tuple(case for case in MAY_CHANGE if not case.is_done_at_once)
CHANGES_AT_ONCE = tuple(case for case in MAY_CHANGE if case.is_done_at_once)
DONE_LATER = tuple(case for case in CASES if not case.is_done_at_once)
WITH_EXTRA_ANSWERS = tuple(case for case in CASES if case.program.answer.extra)
NEEDS_OWNERS = tuple(case for case in CASES if case.needs_owner)
NEEDS_REPS = tuple(case for case in CASES if case.needs_rep)
HAS_TODAY = tuple(case for case in CASES if case.on_today)
ALONE = tuple(case for case in CASES if not case.program.answer.can_suggest_colleague)
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
