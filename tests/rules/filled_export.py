"""A file of the filled workspace."""

from datetime import timedelta

from uuid_utils.compat import uuid7

from portal.exports.models import Export, ExportKind, ExportPiece, ExportState
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership


def exported(mark: str, manager: Membership) -> list[TenantOwned]:
    """A file that is ready, of the list of people."""
    now = utc_now()
    ready = Export(
        id=uuid7(),
        kind=ExportKind.LIST,
        filters={"list": "advocates", "q": mark},
        language="en",
        file_name=f"{mark}.csv",
        by_id=manager.id,
        state=ExportState.READY,
        lines_total=1,
        lines_done=1,
        size=len(mark),
        ready_at=now,
        expires_at=now + timedelta(hours=24),
    )
    return [ready, ExportPiece(id=uuid7(), export_id=ready.id, number=0, content=mark.encode())]
