"""Files that people asked for, made by a worker and kept for a day."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.exports.lifecycles import DUE, LIFECYCLE, ExportMove, ExportState
from portal.files import PIECE
from portal.lifecycle import Lifecycle
from tenants.base import TenantOwned, same_tenant
from tenants.clock import utc_now

__all__ = [
    "DUE",
    "KEPT_FOR",
    "LIFECYCLE",
    "Export",
    "ExportFailure",
    "ExportKind",
    "ExportMove",
    "ExportPiece",
    "ExportState",
]

KEPT_FOR = timedelta(hours=24)


class ExportKind(StrEnum):
    """What can be exported; `portal/exports/labels.py` names each and its page, `jobs/exports.py` its query."""

    LIST = "list"  # any that is declared; its name is one of the filters
    METRIC_ROWS = "metric_rows"
    IMPORT_LINES = "import_lines"
    SURVEY_ANSWERS = "survey_answers"


class ExportFailure(StrEnum):
    GAVE_UP = "gave_up"
    GONE = "gone"  # what it was to be made from


class Export(TenantOwned):
    __tablename__ = "exports"
    lifecycle: ClassVar[Lifecycle[ExportState, ExportMove]] = LIFECYCLE
    rules = (
        same_tenant("by_id", "memberships"),
        Index("ix_exports_by", "tenant_id", "by_id", "asked_at", "id"),
        Index("ix_exports_due", "tenant_id", postgresql_where=f"state IN {tuple(s.value for s in DUE)}"),
    )
    kind: Mapped[ExportKind]
    filters: Mapped[dict[str, Any]]  # as the address of the list said them
    language: Mapped[str]  # of the words in the file
    file_name: Mapped[str]
    by_id: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(
        default=utc_now
    )  # the last time; periods are counted from this day
    state: Mapped[ExportState] = mapped_column(default=LIFECYCLE.initial)
    lines_total: Mapped[int] = mapped_column(default=0)
    lines_done: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes
    tries: Mapped[int] = mapped_column(default=0)  # whoever writes pieces names the try
    failure: Mapped[ExportFailure | None]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_over(self) -> bool:
        return (
            self.state is ExportState.READY and self.expires_at is not None and self.expires_at <= utc_now()
        )

    @property
    def current_state(self) -> ExportState:
        return ExportState.EXPIRED if self.is_over else self.state


class ExportPiece(TenantOwned):
    __tablename__ = "export_pieces"
    rules = (
        same_tenant("export_id", "exports", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "export_id", "number"),
        CheckConstraint(f"octet_length(content) <= {PIECE}", name="at_most_one_megabyte"),
    )
    export_id: Mapped[UUID]
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
