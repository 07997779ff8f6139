"""Reasons, notes and what a request waits for, as sentences of before: each gets its code or keeps its words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command
from psycopg.types.json import Jsonb

from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.demo import embedded
from portal.settings import Settings
from tests.migrations.conftest import begin_at
from tests.migrations.test_0025_mailbox_keys import DAY, Old

BEFORE = "0038"
ASKS = {  # state, reason and note of before: the codes and words of after
    ("declined", "too_busy", "Next year."): ("too_busy", None, "", "Next year.", None, {}),
    ("declined", "Their colleague helps", ""): ("earlier", None, "Their colleague helps", "", None, {}),
    ("declined", "not_me", "Suggests Bo Ek."): (
        *("not_me", None, "", "", "suggests_colleague"),
        {"colleague": "Bo Ek"},
    ),
    ("declined", "not_me", "Suggests he asks. Suggests Bo Ek <bo@x.example>."): (
        *("not_me", None, "", "Suggests he asks.", "suggests_colleague"),
        {"colleague": "Bo Ek <bo@x.example>"},
    ),
    ("declined", "too_busy", "Suggests May."): ("too_busy", None, "", "Suggests May.", None, {}),
    ("expired", "", "Would still help."): (None, None, "", "", "would_still_help", {}),
    ("withdrawn", "The person left the program", ""): (None, "left_program", "", "", None, {}),
    ("withdrawn", "The request has ended.", "Gladly."): (None, "request_ended", "", "Gladly.", None, {}),
    ("withdrawn", "They bought 100% elsewhere", ""): (
        *(None, "earlier", "They bought 100% elsewhere", "", None),
        {},
    ),
    ("withdrawn", "", ""): (None, None, "", "", None, {}),
    ("accepted", "", "Would still help."): (None, None, "", "Would still help.", None, {}),
}
WAITS = {  # since when, and for what
    (DAY, "contact_needed"): ("contact_needed", ""),
    (DAY, "prospect_undecided"): ("prospect_undecided", ""),
    (DAY, "Which plant?"): ("question", "Which plant?"),
    (None, ""): (None, ""),
}
LINES = {  # of the history: whose, what, why
    ("reference_requests", "declined", "not_now"): {"reason": "not_now"},
    ("reference_requests", "declined", "not this time"): {"reason": "earlier", "text": "not this time"},
    ("reference_requests", "withdrawn", "other"): {"reason": "other"},
    ("asks", "declined", "something else"): {"reason": "earlier", "text": "something else"},
    ("asks", "withdrawn", "The request has ended."): {"reason": "request_ended"},
    ("asks", "withdrawn", "No budget"): {"reason": "earlier", "text": "No budget"},
    ("advocates", "departed", "Moved away"): {"reason": "Moved away"},
}
OF_ASK = "decline_reason, withdrawal_reason, reason_text, note, note_code, note_params"


@pytest.fixture
def spare(postgres: str, settings: Settings) -> Iterator[Settings]:
    embedded.make_database(postgres, "coded")
    urls = (settings.database_url, settings.database_owner_url)
    served, owned = (f"{url.rsplit('/', 1)[0]}/coded" for url in urls)
    yield replace(settings, database_url=served, database_owner_url=owned)
    embedded.drop_database(postgres, "coded")


class Answers(Old):
    """One workspace with an ask, a request and a line of the history for each of the cases."""

    def begins(self) -> None:
        person = self.advocate(self.one, "ada@wabtec.example")
        rep = self.member(self.one, "rep@one.example", self.user("rep@one.example"))
        self.requests = [
            self._request(rep, number, since, what) for number, (since, what) in enumerate(WAITS)
        ]
        self.asks = [self._ask(person, *case) for case in ASKS]
        self.lines = [self._line(*case) for case in LINES]

    def _request(self, rep: UUID, number: int, since: str | None, what: str) -> UUID:
        facts: dict[str, Any] = {"waiting_since": since, "waiting_for": what, "number": number}
        facts |= {"kind": "call", "state": "submitted", "submitted_at": DAY, "requester_id": rep}
        return self.row("reference_requests", tenant_id=self.one, **facts)

    def _ask(self, person: UUID, state: str, reason: str, note: str) -> UUID:
        facts = {"state": state, "reason": reason, "note": note, "advocate_id": person, "kind": "call"}
        return self.row("asks", tenant_id=self.one, subject_id=uuid4(), sent_at=DAY, **facts)

    def _line(self, subject: str, action: str, reason: str) -> UUID:
        facts = {"subject_type": subject, "action": action, "detail": Jsonb({"reason": reason})}
        return self.row("history", tenant_id=self.one, subject_id=uuid4(), **facts)

    def read(self, table: str, columns: str, ids: list[UUID]) -> list[Any]:
        its = f"SELECT {columns} FROM {table} WHERE id = %s"
        return [self.connection.execute(its.encode(), (one,)).fetchall()[0] for one in ids]


def test_sentences_become_codes_and_come_back_as_they_were(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres, BEFORE)
    with psycopg.connect(f"{postgres.rsplit('/', 1)[0]}/coded", autocommit=True) as connection:
        old = Answers(connection)
        old.begins()
        for _time in range(2):
            upgrade_database(spare)
            assert old.read("asks", OF_ASK, old.asks) == list(ASKS.values())
            waits = old.read("reference_requests", "waiting_for, waiting_question", old.requests)
            assert waits == list(WAITS.values())
            assert [detail for (detail,) in old.read("history", "detail", old.lines)] == list(LINES.values())
            with owner_connection(spare) as owner:
                command.downgrade(alembic_config(owner), BEFORE)
            assert old.read("asks", "state, reason, note", old.asks) == list(ASKS)
            waits = old.read("reference_requests", "waiting_for", old.requests)
            assert waits == [(what,) for _since, what in WAITS]
            lines = old.read("history", "subject_type, action, detail ->> 'reason'", old.lines)
            assert lines == list(LINES)
            kept = old.read("history", "detail ? 'text'", old.lines)
            assert kept == [(False,)] * len(LINES)
