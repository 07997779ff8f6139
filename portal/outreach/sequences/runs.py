"""Recipients of the dry run: the audience of a draft, or those with a run."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import any_, literal, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState
from portal.outreach.sequences import timing
from portal.outreach.sequences.audience import (
    ADDRESS_PATTERN,
    MAX_ADDRESS_LENGTH,
    is_listed,
    select_advocates,
)
from portal.outreach.sequences.models import EmailSequence, RunState, SequenceRun, SequenceStep


class SequenceRecipient(NamedTuple):
    """`place`: the last step behind them; `due`: when the next is; `state`: of people of the program."""

    key: UUID
    name: str
    address: str
    company: str
    advocate_id: UUID | None
    time_zone: str
    state: AdvocateState | None
    has_consent: bool  # to what the emails stand on
    paused_until: date | None
    purpose: str
    last_step: int
    anchor_at: datetime
    due_at: datetime
    subject_id: UUID | None
    links: Mapping[str, Any]

    @property
    def has_address(self) -> bool:
        return len(self.address) <= MAX_ADDRESS_LENGTH and ADDRESS_PATTERN.fullmatch(self.address) is not None


def audience_recipients(
    session: Session, sequence: EmailSequence, first: SequenceStep, now: datetime
) -> list[SequenceRecipient]:
    columns = (
        *(Advocate.id, Advocate.first_name, Advocate.last_name, Advocate.email, Account.name),
        *(Advocate.time_zone, Advocate.state, literal(sequence.purpose) == any_(Advocate.consents)),
        Advocate.paused_until,
    )
    chosen = select_advocates(*columns).where(is_listed(session, sequence.is_for))
    due = timing.due_at(first, now)
    return [
        _from_advocate(row, sequence.purpose, now, due)
        for row in session.execute(chosen.order_by(Advocate.id))
    ]


def _from_advocate(row: Any, purpose: str, now: datetime, due: datetime) -> SequenceRecipient:
    key, first_name, last_name, email, company, zone, state, agrees, until = row
    return SequenceRecipient(
        key=key,
        name=f"{first_name} {last_name}".strip() or email,
        address=email,
        company=company or "",
        advocate_id=key,
        time_zone=zone,
        state=state,
        has_consent=agrees,
        paused_until=until,
        purpose=purpose,
        last_step=0,
        anchor_at=now,
        due_at=due,
        subject_id=key,
        links={},
    )


def waiting_recipients(session: Session, sequence: EmailSequence) -> list[SequenceRecipient]:
    mine = (SequenceRun.sequence_id == sequence.id, SequenceRun.state == RunState.WAITING)
    run, person = SequenceRun, Advocate
    columns = (
        *(run.id, run.recipient_name, run.recipient, Account.name, run.advocate_id, run.time_zone),
        *(person.state, run.purpose == any_(person.consents), person.paused_until, person.time_zone),
        *(run.purpose, run.step, run.anchor_at, run.next_at, run.subject_id, run.links),
    )
    rows = session.execute(
        select(*columns)
        .select_from(SequenceRun)
        .outerjoin(Advocate, Advocate.id == SequenceRun.advocate_id)
        .outerjoin(Account, Account.id == Advocate.account_id)
        .where(*mine)
        .order_by(SequenceRun.next_at, SequenceRun.id)
    )
    return [_from_run(*row) for row in rows]


def _from_run(
    key: UUID,
    name: str,
    address: str,
    company: str | None,
    advocate_id: UUID | None,
    zone: str,
    *columns: Any,
) -> SequenceRecipient:
    state, agrees, until, own_zone, purpose, place, anchor, due, subject_id, links = columns
    return SequenceRecipient(
        key=key,
        name=name or address,
        address=address,
        company=company or "",
        advocate_id=advocate_id,
        time_zone=own_zone or zone or "",
        state=state,
        has_consent=bool(agrees),
        paused_until=until,
        purpose=purpose,
        last_step=place,
        anchor_at=anchor,
        due_at=due,
        subject_id=subject_id,
        links=links,
    )
