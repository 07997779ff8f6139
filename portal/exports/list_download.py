"""How every list becomes a file: a short one at once, a long one by a worker."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.exports import actions, export_file, export_table, labels
from portal.exports.models import KEPT_FOR
from portal.exports.sources import ExportSource
from portal.web.current import db, member
from portal.web.downloads import download
from portal.web.filters import language
from portal.web.refusal_text import refusal_text
from tenants.clock import utc_now

MAX_DIRECT_LINES = 2_000  # lines


def download_or_offer(
    source: ExportSource, filters: Mapping[str, str], file_name: str
) -> ResponseReturnValue:
    """Return the file of a short list, else a page that offers to make it: looking writes nothing."""
    table = source.table(db, filters, utc_now(), member)
    if export_table.is_longer_than(db, table, MAX_DIRECT_LINES):
        back = labels.list_url(source.kind, filters)
        return render_template(
            "exports/offer.html", file_name=file_name, back=back, most=MAX_DIRECT_LINES, kept=KEPT_FOR
        )
    return download(list(export_file.content(db, table, file_name)), file_name)


def start_or_redirect(
    source: ExportSource, filters: Mapping[str, str], file_name: str
) -> ResponseReturnValue:
    if not export_table.is_longer_than(db, source.table(db, filters, utc_now(), member), MAX_DIRECT_LINES):
        return redirect(request.full_path.rstrip("?"), 303)
    try:
        asked = actions.request_export(
            db, source.kind, filters, file_name=file_name, language=language(), by=member
        )
    except actions.TooManyExports as busy:
        return redirect_to_exports(busy)
    return redirect(url_for("exports.show", export_id=asked.id), 303)


def redirect_to_exports(busy: actions.TooManyExports) -> ResponseReturnValue:
    flash(refusal_text(busy))
    return redirect(url_for("exports.index"), 303)
