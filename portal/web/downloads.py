"""Files that a browser keeps."""

from collections.abc import Iterable

from flask import Response

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(body: Iterable[bytes] | Iterable[str], name: str, *, size: int | None = None) -> Response:
    answer = Response(body, mimetype=WORKBOOK if name.endswith(".xlsx") else "text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if size is not None:
        answer.content_length = size
    return answer
