"""Files that came in, what each of their rows became, and how to take it back."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.imports.failures import ImportFailure
from portal.imports.lifecycles import DUE, LIFECYCLE, ImportMove, ImportState
from portal.imports.line_reason_codes import LineReason
from portal.imports.parsing.quotation_marks import QuoteMode
from portal.lifecycle import Lifecycle
from tenants.base import TenantOwned, same_tenant

__all__ = [
    "DUE",
    "LIFECYCLE",
    "Import",
    "ImportFailure",
    "ImportKind",
    "ImportMapping",
    "ImportMove",
    "ImportResult",
    "ImportRow",
    "ImportState",
    "LineOutcome",
    "LineReason",
    "TargetTable",
]


class ImportKind(StrEnum):
    ACCOUNTS = "accounts"
    PEOPLE = "people"
    DEALS = "deals"
    USAGE = "usage"
    SUBSCRIPTIONS = "subscriptions"


class LineOutcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFLICTING = "conflicting"
    REFUSED = "refused"
    SKIPPED = "skipped"  # a trailing report line
    LEFT_OUT = "left_out"  # a value that could not be read, in a line that could
    COMPANY_CREATED = "company_created"  # by the account columns of a people file
    COMPANY_UPDATED = "company_updated"
    DETAIL_ADDED = "detail_added"  # a tag or the value of a custom field
    DETAIL_CHANGED = "detail_changed"
    SUPPRESSED = "suppressed"  # the line says that somebody is opted out
    KEPT = "kept"  # undo left this row alone


class TargetTable(StrEnum):
    """The table that a line changed."""

    ACCOUNTS = "accounts"
    ADVOCATES = "advocates"
    DEALS = "deals"
    ACCOUNT_TAGS = "account_tags"
    ADVOCATE_TAGS = "advocate_tags"
    CUSTOM_FIELD_VALUES = "custom_field_values"
    USAGE = "account_usage"
    SUBSCRIPTIONS = "subscriptions"


class Import(TenantOwned):
    __tablename__ = "imports"
    lifecycle: ClassVar[Lifecycle[ImportState, ImportMove]] = LIFECYCLE
    rules = (
        same_tenant("file_id", "stored_files"),
        same_tenant("sheet_id", "stored_files"),
        same_tenant("by_id", "memberships"),
        Index("ix_imports_created", "tenant_id", "created_at", "id"),
        Index("ix_imports_due", "tenant_id", postgresql_where=f"state IN {tuple(s.value for s in DUE)}"),
    )
    kind: Mapped[ImportKind]
    state: Mapped[ImportState] = mapped_column(default=LIFECYCLE.initial)
    file_id: Mapped[UUID | None]  # deleted after 30 days (setting); undo ends there
    file_name: Mapped[str]
    file_size: Mapped[int] = mapped_column(BigInteger, default=0)
    by_id: Mapped[UUID]
    encoding: Mapped[str] = mapped_column(default="")  # empty: a workbook
    delimiter: Mapped[str] = mapped_column(default="")
    sheet: Mapped[str] = mapped_column(default="")
    sheets: Mapped[list[str]] = mapped_column(default=list)
    sheet_id: Mapped[UUID | None]  # its lines, unpacked by a worker
    sheet_size: Mapped[int] = mapped_column(BigInteger, default=0)
    inspection_state: Mapped[dict[str, Any]] = mapped_column(default=dict)  # see inspection.inspector
    check_result: Mapped[dict[str, Any] | None]  # what would become of the lines: see `check`
    header_line: Mapped[int] = mapped_column(default=1)
    header: Mapped[list[str]] = mapped_column(default=list)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)  # field -> column number
    custom_fields: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # those of the mapping, as they were then
    date_format: Mapped[str] = mapped_column(default="")
    decimal_mark: Mapped[str] = mapped_column(default=".")  # empty: to be asked
    quotes: Mapped[QuoteMode] = mapped_column(default=QuoteMode.UNDECIDED)
    opt_outs: Mapped[dict[str, Any]] = mapped_column(default=dict)  # column number -> OptOutMeaning
    diagnostics: Mapped[dict[str, Any]] = mapped_column(default=dict)  # FileDiagnostics
    lifts_opt_outs: Mapped[bool] = mapped_column(default=False)  # undo takes back its suppressions too
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_staged: Mapped[int] = mapped_column(default=0)  # committed every 25,000: progress
    line_staged: Mapped[int] = mapped_column(default=0)  # resume point after a killed worker
    tries: Mapped[int] = mapped_column(default=0)  # begun since it last got on
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # outcome -> lines or values
    failure: Mapped[ImportFailure | None]  # or what could not be undone, or read as chosen
    failure_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]  # original and lines were deleted
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def moves(self) -> list[ImportMove]:
        return LIFECYCLE.moves_from(self.state)

    @property
    def can_be_undone(self) -> bool:
        return ImportMove.START_UNDO in self.moves and self.cleared_at is None


class ImportRow(TenantOwned):
    """A staged line: its cleaned values in the order of the kind's fields, or why it can't be read."""

    __tablename__ = "import_rows"
    is_bulk_row = True
    rules = (
        UniqueConstraint("tenant_id", "import_id", "line"),
        Index(
            "ix_import_rows_odd",
            "tenant_id",
            "import_id",
            postgresql_where="outcome IS NOT NULL OR left_out IS NOT NULL",
        ),
        CheckConstraint("line > 0", name="line_positive"),
    )
    import_id: Mapped[UUID]
    line: Mapped[int]  # of the file, where it begins; in a workbook the row
    cells: Mapped[list[str]]
    outcome: Mapped[LineOutcome | None]  # refused or skipped, else the merge decides
    column: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    reason: Mapped[LineReason | None]
    reason_params: Mapped[dict[str, Any] | None]  # few have any
    left_out: Mapped[list[dict[str, Any]] | None]  # unreadable values of a readable line


class ImportResult(TenantOwned):
    """What a line became; one more row for each value that lost or could not be read."""

    __tablename__ = "import_results"
    is_bulk_row = True
    rules = (Index("ix_import_results_outcome", "tenant_id", "import_id", "outcome", "line"),)
    import_id: Mapped[UUID]
    line: Mapped[int]
    outcome: Mapped[LineOutcome]
    column: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    kept: Mapped[str] = mapped_column(default="")  # the value that won
    reason: Mapped[LineReason | None]
    reason_params: Mapped[dict[str, Any] | None]  # few have any
    target: Mapped[TargetTable | None]
    target_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None]  # earlier values, for undo
    after: Mapped[dict[str, Any] | None]  # what the file wrote in their place
    version_after: Mapped[int | None]  # a higher one means: edited since


class ImportMapping(TenantOwned):
    """Which column meant what the last time: remembered per workspace, kind and header."""

    __tablename__ = "import_mappings"
    rules = (UniqueConstraint("tenant_id", "kind", "header_norm"),)
    kind: Mapped[ImportKind]
    header_norm: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    date_format: Mapped[str] = mapped_column(default="")
    decimal_mark: Mapped[str] = mapped_column(default="")
    encoding: Mapped[str] = mapped_column(default="")  # as a person said
    quotes: Mapped[QuoteMode] = mapped_column(default=QuoteMode.UNDECIDED)
    opt_outs: Mapped[dict[str, Any]] = mapped_column(default=dict)
