"""Reading imports: the list, one of them, what its lines became, what was remembered."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal import paging
from portal.accounts.models import Account
from portal.custom_fields.queries import offered_fields
from portal.errors import NotFound
from portal.imports.models import Import, ImportKind, ImportMapping, ImportResult, LineOutcome
from portal.imports.values.custom_columns import SUBJECTS, import_field
from portal.imports.values.field_types import ImportField, normal_heading
from portal.paging import KeysetPage


def get(session: Session, import_id: UUID) -> Import:
    found = session.scalar(select(Import).where(Import.id == import_id))
    if found is None:
        raise NotFound("We couldn’t find this import.")
    return found


def results(this: Import, outcome: LineOutcome) -> Select[ImportResult]:
    return select(ImportResult).where(ImportResult.import_id == this.id, ImportResult.outcome == outcome)


def results_page(
    session: Session, this: Import, outcome: LineOutcome, cursor: str | None
) -> KeysetPage[ImportResult]:
    key = (ImportResult.line, ImportResult.id)
    return paging.paginate(session, results(this, outcome), key=key, cursor=cursor, size=50)


def companies_named(session: Session, rows: Sequence[ImportResult]) -> Mapping[str, str]:
    facts = (each for row in rows for each in (row.before, row.after) if each)
    ids = {UUID(each["account_id"]) for each in facts if each.get("account_id")}
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids))) if ids else ()
    return {str(account_id): name for account_id, name in found}


def remembered_mapping(session: Session, kind: ImportKind, header: Sequence[str]) -> ImportMapping | None:
    same = (ImportMapping.kind == kind, ImportMapping.header_norm == header_norm(header))
    return session.scalar(select(ImportMapping).where(*same))


def custom_import_fields(session: Session, kind: ImportKind) -> list[ImportField]:
    """Return the custom fields that a file of this kind may fill."""
    about = SUBJECTS.get(kind)
    return [import_field(field) for field in offered_fields(session, about)] if about else []


def header_norm(header: Sequence[str]) -> str:
    return "|".join(normal_heading(heading) for heading in header)


def outcome_counts(this: Import) -> Mapping[LineOutcome, int]:
    return {outcome: int(this.counts[outcome]) for outcome in LineOutcome if this.counts.get(outcome)}
