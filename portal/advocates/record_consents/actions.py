"""Giving and withdrawing a consent about one record. The app adds lines, and neither changes nor removes one."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, ConsentSource
from portal.advocates.record_consents.hashes import write_hashes
from portal.advocates.record_consents.models import ConsentHolder, RecordConsent, RecordConsentText
from portal.advocates.record_consents.queries import LineWithText, current_consents, current_text, lines_of
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import tenant_of


@dataclass(frozen=True)
class _RecordConsentAct:
    subject: TenantOwned
    granted: bool
    source: ConsentSource
    network_address: str


def add_text(session: Session, kind: str, title: str, text: str) -> RecordConsentText:
    """Add the words shown from now on; what was agreed to before keeps its own."""
    latest = current_text(session, kind)
    version = latest.version + 1 if latest else 1
    session.add(new := RecordConsentText(kind=kind, version=version, title=title, text=text))
    session.flush()
    return new


def give(
    session: Session,
    holder: ConsentHolder,
    subject: TenantOwned,
    text: RecordConsentText,
    source: ConsentSource,
    network_address: str = "",
) -> None:
    """Write that they agreed to exactly these words about this record. Saying it twice writes one line."""
    lines = _lock_and_read(session, holder)
    known = current_consents(lines).get((subject.__tablename__, subject.id, text.kind))
    if known is None or known[1].id != text.id:
        _append(session, holder, lines, text, _RecordConsentAct(subject, True, source, network_address))


def withdraw(
    session: Session,
    holder: ConsentHolder,
    subject: TenantOwned,
    kind: str,
    source: ConsentSource,
    network_address: str = "",
) -> None:
    """Write that they took it back, with the words they had agreed to."""
    lines = _lock_and_read(session, holder)
    if known := current_consents(lines).get((subject.__tablename__, subject.id, kind)):
        act = _RecordConsentAct(subject, False, source, network_address)
        _append(session, holder, lines, known[1], act)


def erase(session: Session, advocate: Advocate) -> int:
    """Drop personal fields and salt of a person whose state is erased, by the wall's own function; how many lines."""
    session.flush()
    return len(session.scalars(select(func.wall.erase_record_consents(advocate.id))).all())


def _append(
    session: Session,
    holder: ConsentHolder,
    lines: Sequence[LineWithText],
    text: RecordConsentText,
    act: _RecordConsentAct,
) -> None:
    line = RecordConsent(
        **holder.columns,
        number=len(lines) + 1,
        subject_type=act.subject.__tablename__,
        subject_id=act.subject.id,
        granted=act.granted,
        text_id=text.id,
        at=utc_now(),
        source=act.source,
        personal={"email": holder.email, "network_address": act.network_address},
        salt=secrets.token_hex(16),
        previous=lines[-1][0].hash if lines else "",
    )
    write_hashes(line, text)
    session.add(line)


def _lock_and_read(session: Session, holder: ConsentHolder) -> Sequence[LineWithText]:
    """The lines so far; two at once take turns, so that two lines cannot take one number."""
    session.flush()
    if holder.advocate_id is not None:
        mine = select(Advocate.id).where(Advocate.id == holder.advocate_id)
        session.execute(mine.with_for_update(key_share=True))  # emails to this person may still be written
    else:  # a contact has no row here
        key = f"record consents {tenant_of(session)} {holder.contact_id}"
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    return lines_of(session, holder)
