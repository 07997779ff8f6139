"""Once a day each chain that grew is anchored: how long it is, and the hash it ends with.

A chain by itself can't tell that its end was cut off, or that all of it was written anew. An anchor can.
"""

from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from portal.advocates.models import ConsentAnchor, ConsentEntry
from tenants.clock import utc_now

COLUMNS = ["tenant_id", "id", "advocate_id", "length", "last_hash", "created_at"]


def anchor_chains(session: Session) -> None:
    new = insert(ConsentAnchor).from_select(COLUMNS, _unanchored_ends())
    session.execute(new.on_conflict_do_nothing())


def _unanchored_ends() -> Select[Any]:
    """The last line of each chain, where it isn't anchored yet."""
    last = select(ConsentEntry).ext(distinct_on(ConsentEntry.advocate_id))
    ends = last.order_by(ConsentEntry.advocate_id, ConsentEntry.number.desc()).subquery()
    known = select(ConsentAnchor.id).where(
        ConsentAnchor.tenant_id == ends.c.tenant_id,
        ConsentAnchor.advocate_id == ends.c.advocate_id,
        ConsentAnchor.length == ends.c.number,
    )
    columns = (ends.c.tenant_id, ends.c.id, ends.c.advocate_id, ends.c.number, ends.c.hash)
    return select(*columns, literal(utc_now())).where(~known.exists())
