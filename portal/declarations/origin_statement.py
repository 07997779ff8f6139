"""What an admin says in writing about a tag, a field or a list: that nothing of it comes from satisfaction.

Audiences of reviews must not be drawn by how happy people are. Where we can't know what something was made from, only
such a statement lets it draw one. Who said so and when stays in the history, whatever is said later.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.clock import utc_now
from tenants.models import Membership

MAX_STATEMENT = 2000  # characters


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


def write_statement(row: OriginStatement, text: str, *, by: Membership) -> bool:
    """Write or take back a statement; tell whether anything changed."""
    words = " ".join(text.split())
    if words == row.statement:
        return False
    row.statement = words
    row.stated_by_id, row.stated_at = (by.id, utc_now()) if words else (None, None)
    return True
