"""What an admin says in writing about a tag, a field or a list: that nothing of it comes from satisfaction.

Audiences of reviews must not be drawn by how happy people are. Where we can't know what something was made from, only
such a statement lets it draw one. Who said so and when stays in the history, whatever is said later.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenants.clock import utc_now
from tenants.models import Membership

MAX_STATEMENT = 2000  # characters


Stated = TypeVar("Stated", bound="OriginStatement")


class OriginStatement:
    """The columns of whatever may carry a statement. `stated_by_id` needs a foreign key in the table's rules."""

    statement: Mapped[str] = mapped_column(default="")
    stated_by_id: Mapped[UUID | None]
    stated_at: Mapped[datetime | None]

    @property
    def has_statement(self) -> bool:
        return self.stated_at is not None


def statement_has_a_time() -> CheckConstraint:
    return CheckConstraint("(statement = '') = (stated_at IS NULL)", name="statement_has_a_time")


def lapse_statements(session: Session, model: type[Stated], ids: Collection[UUID]) -> Sequence[Stated]:
    """What was said of some people says nothing of others: return those that had a statement."""
    found = [row for row in lock_statements(session, model, ids) if row.has_statement]
    for row in found:
        row.statement, row.stated_by_id, row.stated_at = "", None, None
    return found


def lock_statements(session: Session, model: type[Stated], ids: Collection[UUID]) -> Sequence[Stated]:
    """In the order of their ids, before the rows that refer to them: nobody states anything while these change."""
    stated: Any = model
    those = select(model).where(stated.id.in_(ids)).order_by(stated.id).with_for_update(key_share=True)
    return session.scalars(those.execution_options(populate_existing=True)).all() if ids else []


def lock_for_statement(session: Session, row: OriginStatement) -> None:
    """As it is once whoever is putting it on somebody right now is done."""
    session.refresh(row, with_for_update={"key_share": True})


def write_statement(row: OriginStatement, text: str, *, by: Membership) -> bool:
    """Write or take back a statement; tell whether anything changed."""
    words = " ".join(text.split())
    if words == row.statement:
        return False
    row.statement = words
    row.stated_by_id, row.stated_at = (by.id, utc_now()) if words else (None, None)
    return True
