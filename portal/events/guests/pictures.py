"""Files of an event as its guests get them: the picture on the page, everything else to keep."""

from collections.abc import Iterator
from itertools import count
from urllib.parse import quote
from uuid import UUID

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import files
from portal.files import FilePiece, StoredFile
from portal.web.brand_views import CACHE_FOREVER
from tenants.database import tenant_session


def picture_response(stored: StoredFile, session: Session) -> Response:
    """It was written anew when it came (WebP), so it is shown as it is."""
    answer = Response(files.read(session, stored.id), content_type=stored.content_type)
    answer.headers["Cache-Control"] = CACHE_FOREVER
    return answer


def file_response(stored: StoredFile) -> Response:
    """Never opened on our own address: what people uploaded may be a page."""
    answer = Response(_pieces(stored.tenant_id, stored.id), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name)}"
    answer.content_length = stored.size
    return answer


def _pieces(tenant_id: UUID, file_id: UUID) -> Iterator[bytes]:
    """Each is read in a session of its own: whoever takes 40 MB slowly holds no transaction open."""
    for number in count():
        with tenant_session(tenant_id, read_only=True) as session:
            its = select(FilePiece.content).where(FilePiece.file_id == file_id, FilePiece.number == number)
            content = session.scalar(its)
        if content is None:
            return
        yield content
