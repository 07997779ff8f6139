"""What exports and their states are called on pages, and which page a list stands on."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.declarations.lists import LISTS
from portal.declarations.programs import PROGRAMS
from portal.exports.models import Export, ExportFailure, ExportKind, ExportState
from portal.web.filters import number
from portal.web.refusal_text import name_states

STATES = {
    ExportState.QUEUED: StatusBadge(_l("Queued"), "", "clock"),
    ExportState.RUNNING: StatusBadge(_l("Preparing"), "now", "loader"),
    ExportState.READY: StatusBadge(_l("Ready"), "good", "circle-check"),
    ExportState.FAILED: StatusBadge(_l("Failed"), "bad", "alert-triangle"),
    ExportState.EXPIRED: StatusBadge(_l("Deleted"), "", "trash"),
}
name_states(STATES)
EXPORT_KINDS = {
    ExportKind.LIST: _l("List"),
    ExportKind.METRIC_ROWS: _l("Rows behind a metric"),
    ExportKind.IMPORT_LINES: _l("Rows of an import"),
    ExportKind.SURVEY_ANSWERS: _l("Answers of a survey"),
}
PAGES = {
    ExportKind.METRIC_ROWS: "metrics.rows",
    ExportKind.IMPORT_LINES: "imports.show",
}
FAILURES = {
    ExportFailure.GAVE_UP: _l("It failed five times. Try again; if it fails again, please contact us."),
    ExportFailure.GONE: _l("The list it was made from no longer exists."),
}


class ExportProgress(NamedTuple):
    title: str
    words: str
    percent: int


def list_name(export: Export) -> Any:
    """What is in the file: of a declared list, what that is called."""
    declared = LISTS.find(export.filters.get("list", ""))
    return declared.label if declared else EXPORT_KINDS[export.kind]


def list_url(kind: ExportKind, filters: Mapping[str, str]) -> str:
    given: dict[str, Any] = {name: value for name, value in filters.items() if value}
    declared = LISTS.find(given.pop("list", ""))
    return url_for(declared.endpoint if declared else _page(kind), **given)


def _page(kind: ExportKind) -> str:
    own = {source.kind: source.page for program in PROGRAMS for source in program.export_sources}
    return own.get(kind) or PAGES.get(kind, "exports.index")


def file_size(export: Export) -> str:
    kilobytes = max(export.size / 1000, 1)  # in thousands, as file managers count
    if kilobytes < 1000:
        return _("%(size)s kB", size=number(int(kilobytes)))
    return _("%(size)s MB", size=number(round(kilobytes / 1000, 1)))


def progress(export: Export) -> ExportProgress:
    if export.state == ExportState.QUEUED:
        return ExportProgress(_("Queued"), _("It starts within seconds."), 0)
    done, total = number(export.lines_done), number(export.lines_total)
    percent = min(99, 100 * export.lines_done // max(export.lines_total, 1))
    return ExportProgress(
        _("Writing the file"), _("%(done)s of %(total)s rows", done=done, total=total), percent
    )
