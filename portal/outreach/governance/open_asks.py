"""Asks that wait for an answer, as far as emails about them go.

The ledger of asks and campaigns stand above emails. So what reads it is handed in when a process starts.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from portal.advocates.ask_kinds import AskKind


class OpenAsk(NamedTuple):
    link_version: int
    kind: AskKind
    is_paused: bool = False  # with the campaign that asks it


class OpenAskReader(Protocol):
    def __call__(self, session: Session, ask_ids: Collection[UUID]) -> Mapping[UUID, OpenAsk]: ...


class AskLedger:
    """Holds what reads the ledger in this process."""

    read: OpenAskReader


ledger = AskLedger()


def configure(read: OpenAskReader) -> None:
    ledger.read = read


def open_asks(session: Session, ask_ids: Collection[UUID]) -> Mapping[UUID, OpenAsk]:
    """Those of them that wait for an answer, by their ids."""
    return ledger.read(session, ask_ids) if ask_ids else {}
