"""How a workspace looks and what it is called: name, color, logo, calendar, address, join page."""

from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import BinaryIO

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import files, history
from portal.errors import Conflict
from portal.files import StoredFile
from portal.policies import PolicyAction
from portal.workspace.logos import normalize_logo
from portal.workspace.models import WorkspaceAction
from tenants.database import tenant
from tenants.models import Membership, Tenant


@dataclass(frozen=True, kw_only=True)
class BrandSettings:
    name: str
    accent: str
    time_zone: str
    currency: str
    postal_address: str


@dataclass(frozen=True, kw_only=True)
class JoinPageSettings:
    join_open: bool
    join_code: str


def settings_version(workspace: Tenant, kind: type[BrandSettings] | type[JoinPageSettings]) -> str:
    """Digest what a page showed: its form sends it back, so that nobody saves over somebody else."""
    shown = [getattr(workspace, field.name) for field in fields(kind)]
    return sha256(repr(shown).encode()).hexdigest()[:16]


def change_settings(
    session: Session, new: BrandSettings | JoinPageSettings, *, by: Membership, seen_version: str = ""
) -> None:
    """Set what differs; the old values stay in the history. Raise Conflict when the page showed another version."""
    workspace = session.get_one(Tenant, tenant(session).id, populate_existing=True, with_for_update=True)
    if seen_version and seen_version != settings_version(workspace, type(new)):
        raise Conflict(
            "Someone else changed these settings while your page was open. Your changes weren’t saved; go "
            "back to see the latest."
        )
    changed = {field: value for field, value in asdict(new).items() if getattr(workspace, field) != value}
    if not changed:
        return
    before = {field: getattr(workspace, field) for field in changed}
    for field, value in changed.items():
        setattr(workspace, field, value)
    history.record(session, by, PolicyAction.WORKSPACE_CHANGED, by=by, before=before, after=changed)


def set_logo(session: Session, stream: BinaryIO, *, by: Membership) -> None:
    picture = normalize_logo(stream)
    remove_logo(session, by=by)
    tenant(session).logo_id = files.store(session, "logo.png", "image/png", picture).id
    history.record(session, by, WorkspaceAction.LOGO_CHANGED, by=by)


def remove_logo(session: Session, *, by: Membership) -> None:
    workspace = tenant(session)
    if workspace.logo_id is None:
        return
    session.execute(delete(StoredFile).where(StoredFile.id == workspace.logo_id))
    workspace.logo_id = None
    history.record(session, by, WorkspaceAction.LOGO_REMOVED, by=by)
