"""Which programs a workspace uses. Off: no menu, no metrics, no new asks; links that were sent still work."""

from sqlalchemy.orm import Session

from portal import policies
from portal.declarations.programs import PROGRAMS, Program
from portal.errors import Conflict
from tenants.models import Membership


class ProgramIsOff(Conflict):
    """An admin can change that."""


def is_on(session: Session, program: Program) -> bool:
    return bool(policies.value(session, program.switch))


def programs_on(session: Session) -> list[Program]:
    return [program for program in PROGRAMS if is_on(session, program)]


def programs_at_home(session: Session) -> list[Program]:
    """Those that are on, and those whose work in hand stays."""
    return [program for program in PROGRAMS if program.home.stays_when_off or is_on(session, program)]


def require_on(session: Session, subject_type: str) -> None:
    program = PROGRAMS.of_subject(subject_type)
    if not is_on(session, program):
        raise ProgramIsOff(
            "“%(program)s” is switched off in this workspace, so no one is asked. "
            "An admin can switch it on in Settings, Programs.",
            program=program.label,
        )


def metrics_off(session: Session) -> frozenset[str]:
    off = (program for program in PROGRAMS if not is_on(session, program))
    return frozenset(metric.name for program in off for metric in program.metrics)


def switch(session: Session, program: Program, on: bool, *, by: Membership) -> None:
    if is_on(session, program) is not on:
        policies.change(session, program.switch, int(on), by=by)
