"""How every list becomes a file: a short one at once, a long one by a worker."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.exports import actions, labels, tables
from portal.exports.models import KEPT_FOR
from portal.exports.sources import ExportSource
from portal.web.current import db, member
from portal.web.downloads import download
from portal.web.filters import language
from tenants.clock import utc_now

AT_ONCE = 2_000  # lines


def show(source: ExportSource, filters: Mapping[str, str], file_name: str) -> ResponseReturnValue:
    """The file of a short list, else the page that offers to make it: looking writes nothing."""
    table = source.table(db, filters, utc_now())
    if tables.is_longer(db, table, AT_ONCE):
        back = labels.address(source.kind, filters)
        return render_template(
            "exports/offer.html", file_name=file_name, back=back, most=AT_ONCE, kept=KEPT_FOR
        )
    return download(list(tables.lines(db, table)), file_name)


def start(source: ExportSource, filters: Mapping[str, str], file_name: str) -> ResponseReturnValue:
    """The button of a list: a short one is at this very address, a long one begins."""
    if not tables.is_longer(db, source.table(db, filters, utc_now()), AT_ONCE):
        return redirect(request.full_path.rstrip("?"), 303)
    try:
        asked = actions.ask(db, source.kind, filters, file_name=file_name, language=language(), by=member)
    except actions.Busy as busy:
        return wait(busy)
    return redirect(url_for("exports.show", export_id=asked.id), 303)


def wait(busy: actions.Busy) -> ResponseReturnValue:
    """To those being made, with a word why there is not one more."""
    flash(_(busy.message) % busy.params)
    return redirect(url_for("exports.index"), 303)
