"""Answers too long to hold in memory: they read in a session of their own, while the browser takes them."""

from collections.abc import Callable, Iterator

from flask import Response
from sqlalchemy.orm import Session

from portal.web.current import tenant
from tenants.database import tenant_session


def stream(make: Callable[[Session], Iterator[str]], *, mimetype: str, name: str) -> Response:
    """Send what `make` yields as a file called `name`; its session is the reader's workspace, read only."""
    tenant_id = tenant.id

    def body() -> Iterator[str]:
        with tenant_session(tenant_id, read_only=True) as session:
            yield from make(session)

    return Response(
        body(), mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
