"""The customer files of the demo: those of a folder, or the sample that is generated; taken in by the importer."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo import sample, sample_figures
from portal.errors import DomainError
from portal.imports import actions
from portal.imports.models import Import, ImportKind, ImportState
from portal.imports.values.dates import DateFormat
from tenants.database import tenant_of
from tenants.models import Membership

FILE_NAMES = {  # in this order: companies before their people
    ImportKind.ACCOUNTS: "accounts-sp500.csv",
    ImportKind.PEOPLE: "contacts-salesforce.csv",
    ImportKind.DEALS: "opportunities-salesforce.csv",
}


@dataclass(frozen=True)
class CustomerFile:
    kind: ImportKind
    name: str
    content: bytes


def files_from(folder: Path | None) -> list[CustomerFile]:
    if folder is None:
        return [
            CustomerFile(ImportKind(kind), name, content) for kind, (name, content) in sample.files().items()
        ]
    missing = [name for name in FILE_NAMES.values() if not (folder / name).is_file()]
    if missing:
        raise DomainError("%(folder)s is missing %(names)s.", folder=folder, names=", ".join(missing))
    return [CustomerFile(kind, name, (folder / name).read_bytes()) for kind, name in FILE_NAMES.items()]


def figures(began: date, today: date) -> list[CustomerFile]:
    """Of the generated companies: what they used and subscribed to."""
    made = sample_figures.files(began, today).items()
    return [CustomerFile(ImportKind(kind), name, content) for kind, (name, content) in made]


def is_imported(session: Session, file: CustomerFile) -> bool:
    found = session.scalars(select(Import).where(Import.file_name == file.name)).all()
    for each in found:
        if each.state in actions.REMOVABLE:
            actions.discard(session, each, by=session.get_one(Membership, (each.tenant_id, each.by_id)))
    return any(each.state == ImportState.DONE for each in found)


def upload(session: Session, file: CustomerFile, *, by: Membership) -> UUID:
    return actions.upload(session, file.name, io.BytesIO(file.content), by=by, kind=file.kind).id


def start(session: Session, import_id: UUID, *, by: Membership) -> None:
    imported = session.get_one(Import, (tenant_of(session), import_id))
    imported.date_format = imported.date_format or DateFormat.MDY.value
    session.flush()
    actions.start(session, imported, by=by)


def outcome(session: Session, import_id: UUID) -> str:
    imported = session.get_one(Import, (tenant_of(session), import_id))
    counts = [f"{n} {what.replace('_', ' ')}" for what, n in sorted(imported.counts.items()) if n]
    return f"{imported.state.value}, {', '.join(counts) or imported.failure}"
