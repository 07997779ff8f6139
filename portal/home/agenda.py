"""Today of all programs in one list, and the next thing on another day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.declarations.home import AgendaEntry, HomeShare


@dataclass(frozen=True)
class Agenda:
    today: Sequence[AgendaEntry]
    next_day: AgendaEntry | None


def merge(shares: Sequence[HomeShare]) -> Agenda:
    today = [entry for share in shares for entry in share.today]
    later = [share.next_day for share in shares if share.next_day]
    return Agenda(sorted(today, key=_start), min(later, key=_start, default=None))


def _start(entry: AgendaEntry) -> datetime:
    return entry.starts_at
