"""Files of an event as its guests get them: the picture on the page, everything else to keep."""

from urllib.parse import quote

from flask import Response
from sqlalchemy.orm import Session

from portal import files
from portal.files import StoredFile
from portal.web.brand_views import CACHE_FOREVER


def picture_response(stored: StoredFile, session: Session) -> Response:
    """It was written anew when it came (WebP), so it is shown as it is."""
    answer = Response(files.read(session, stored.id), content_type=stored.content_type)
    answer.headers["Cache-Control"] = CACHE_FOREVER
    return answer


def file_response(stored: StoredFile, session: Session) -> Response:
    """Never opened on our own address: what people uploaded may be a page."""
    answer = Response(files.pieces(session, stored.id), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name)}"
    answer.content_length = stored.size
    return answer
