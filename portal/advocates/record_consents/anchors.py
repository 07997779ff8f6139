"""Once a day each chain of consents about records that grew is anchored, as in portal/advocates/consent_anchors.py."""

from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from portal.advocates.record_consents.models import RecordConsent, RecordConsentAnchor
from tenants.clock import utc_now

COLUMNS = ["tenant_id", "id", "advocate_id", "contact_id", "length", "last_hash", "created_at"]


def anchor_chains(session: Session) -> None:
    new = insert(RecordConsentAnchor).from_select(COLUMNS, _unanchored_ends())
    session.execute(new.on_conflict_do_nothing())


def _unanchored_ends() -> Select[Any]:
    """The last line of each chain, where it isn't anchored yet."""
    holder = func.coalesce(RecordConsent.advocate_id, RecordConsent.contact_id)
    last = select(RecordConsent).ext(distinct_on(holder))
    ends = last.order_by(holder, RecordConsent.number.desc()).subquery()
    known = select(RecordConsentAnchor.id).where(
        RecordConsentAnchor.tenant_id == ends.c.tenant_id, RecordConsentAnchor.id == ends.c.id
    )
    columns = (ends.c.tenant_id, ends.c.id, ends.c.advocate_id, ends.c.contact_id, ends.c.number, ends.c.hash)
    return select(*columns, literal(utc_now())).where(~known.exists())
