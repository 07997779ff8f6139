"""The page before the import: what would become of the lines, in words."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.imports import column_labels
from portal.imports import labels as imports_labels
from portal.imports.check import ImportCheck
from portal.imports.inspection import labels as inspection_labels
from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.inspection.labels import SummaryPoint
from portal.imports.merging import opt_out_suppression
from portal.imports.merging.targets import TARGETS
from portal.imports.models import Import, ImportKind, LineReason
from portal.imports.parsing.quotation_marks import QuoteMode
from portal.imports.values import custom_columns
from portal.imports.values.field_types import FieldType, ImportField
from portal.imports.values.fields import CUSTOM_CELL, FIELDS, cells_of
from portal.imports.values.opt_out_columns import OptOutMeaning
from portal.imports.values.row_reader import ImportLine
from portal.web.filters import number


def render(this: Import, check: ImportCheck) -> str:
    seen = FileDiagnostics.from_json(this.diagnostics)
    return render_template(
        "imports/check.html",
        this=this,
        check=check,
        failure_text=imports_labels.status_text(this),
        title=_title(check),
        lede=_lede(this, check),
        points=[
            *_points(check, this.kind),
            *_opted_out(this, check),
            *inspection_labels.reading_points(seen),
        ],
        suspects=inspection_labels.suspect_labels(seen),
        quote_choices=_quote_choices(this, seen),
        button_label=_button_label(this, check),
        problems=[row for line in check.problems for row in _problems(this, line)],
        name_of=lambda line: _name(this, line),
        facts_of=_facts(this),
    )


def _quote_choices(this: Import, seen: FileDiagnostics) -> list[tuple[str, str]]:
    """The other ways to read the file's marks, where one of them matters."""
    if not inspection_labels.has_quotes_to_decide(seen):
        return []
    others = [mode for mode in (QuoteMode.LITERAL, QuoteMode.CELLS) if mode is not this.quotes]
    return [(mode.value, str(imports_labels.QUOTE_MODES[mode])) for mode in others]


def _title(check: ImportCheck) -> str:
    if not check.importable:
        return _("None of these rows can be imported")
    good, lines = number(check.importable), number(check.importable + check.refused)
    if check.refused and check.is_complete:
        return _("%(good)s of %(all)s rows can be imported", good=good, all=lines)
    if check.refused:
        return _("%(good)s of the first %(all)s rows can be imported", good=good, all=lines)
    if not check.is_complete:
        return _("The first %(lines)s rows can be imported", lines=good)
    return _("Every row can be imported")


def _lede(this: Import, check: ImportCheck) -> str:
    if check.is_complete:
        return _("Nothing is imported yet. This is what %(file)s would do.", file=this.file_name)
    return _(
        "Nothing is imported yet. We checked the first %(lines)s of %(all)s rows; the rest are checked "
        "during the import.",
        lines=number(check.lines),
        all=number(this.rows_total),
    )


def _button_label(this: Import, check: ImportCheck) -> str:
    lines = check.importable if check.is_complete else this.rows_total
    return ngettext("Import %(n)s row", "Import %(n)s rows", lines, n=number(lines))


def _points(check: ImportCheck, kind: ImportKind) -> list[SummaryPoint]:
    counted = zip((*_importable_points(check, kind), *_problem_points(check)), _numbers(check), strict=True)
    return [point for point, count in counted if count]


def _numbers(check: ImportCheck) -> tuple[int, ...]:
    report = check.skipped - check.empty
    return check.new, check.existing, check.repeated, check.left_out, check.refused, report, check.empty


def _importable_points(check: ImportCheck, kind: ImportKind) -> tuple[SummaryPoint, ...]:
    new, known, repeated, *_rest = _numbers(check)
    known_words = ngettext(
        "%(n)s already exists and may be updated",
        "%(n)s already exist and may be updated",
        known,
        n=number(known),
    )
    return (
        ("circle-plus", "good", _("%(n)s new", n=number(new))),
        ("refresh", "", known_words),
        ("copy", "", _repeated(repeated, kind)),
    )


def _repeated(n: int, kind: ImportKind) -> str:
    if kind == ImportKind.USAGE:
        return ngettext(
            "%(n)s row is counted together with other days of its month",
            "%(n)s rows are counted together with other days of their month",
            n,
            n=number(n),
        )
    return ngettext("%(n)s row repeats an earlier row", "%(n)s rows repeat an earlier row", n, n=number(n))


def _problem_points(check: ImportCheck) -> tuple[SummaryPoint, ...]:
    *_rest, out, refused, skipped, empty = _numbers(check)
    out_words = ngettext(
        "%(n)s value can’t be read and will be left out",
        "%(n)s values can’t be read and will be left out",
        out,
        n=number(out),
    )
    refused_words = ngettext(
        "%(n)s row will be rejected and listed for you",
        "%(n)s rows will be rejected and listed for you",
        refused,
        n=number(refused),
    )
    skipped_words = ngettext(
        "%(n)s row at the end belongs to the report, not the table",
        "%(n)s rows at the end belong to the report, not the table",
        skipped,
        n=number(skipped),
    )
    empty_words = ngettext("%(n)s row is empty", "%(n)s rows are empty", empty, n=number(empty))
    return (
        ("eye-off", "warn", out_words),
        ("alert-triangle", "bad", refused_words),
        ("scissors", "", skipped_words),
        ("minus", "", empty_words),
    )


def _opted_out(this: Import, check: ImportCheck) -> Iterator[SummaryPoint]:
    """How many, and which column says so."""
    n = check.suppressed
    if not n:
        return
    words = ngettext(
        "%(n)s person has opted out and will be suppressed",
        "%(n)s people have opted out and will be suppressed",
        n,
        n=number(n),
    )
    yield "mail-off", "warn", words
    if check.agreed_again:
        yield "alert-triangle", "warn", _agreed_again(check.agreed_again)
    for (column, is_clear), count in sorted(check.opted_out.items()):
        yield "corner-down-right", "" if is_clear else "warn", _opt_out_source(this, column, is_clear, count)


def _agreed_again(n: int) -> str:
    return ngettext(
        "%(n)s of them gave consent here after an earlier file said they had opted out. If this is the same old entry, "
        "clear it in your CRM and in the file before you import",
        "%(n)s of them gave consent here after an earlier file said they had opted out. If these are the same old "
        "entries, clear them in your CRM and in the file before you import",
        n,
        n=number(n),
    )


def _opt_out_source(this: Import, column: int, is_clear: bool, count: int) -> str:
    given = {"n": number(count), "column": this.header[column] or f"{column + 1}."}
    if not is_clear:
        return _("%(n)s by a value in “%(column)s” that we can’t read, so it’s treated as opted out", **given)
    reason = opt_out_suppression.REASONS[OptOutMeaning(this.opt_outs[str(column)])]
    return _("%(n)s by “%(column)s”: %(what)s", **given, what=imports_labels.LINE_REASONS[reason])


def _problems(this: Import, line: ImportLine) -> list[tuple[int, str, str, str]]:
    own: dict[str, Any] = {"column": line.column, "value": line.value}
    own |= {"reason": line.reason, "reason_params": line.reason_params}
    return [
        (
            line.number,
            column_labels.column_label(this.kind, each["column"]),
            each["value"],
            imports_labels.reason_text(LineReason(each["reason"]), each.get("reason_params")),
        )
        for each in line.left_out or [own]
    ]


def _name(this: Import, line: ImportLine) -> str:
    cells = dict(zip(cells_of(this.kind), line.cells, strict=True))
    return " ".join(cells[name] for name in TARGETS[this.kind].name_cells if cells[name]) or cells.get(
        "email", ""
    )


def _formatted(this: Import, each: ImportField, cells: dict[str, str]) -> str:
    """An amount with the currency it comes in; none is the workspace's own."""
    shown = column_labels.formatted(this.kind, each.name, cells[each.name])
    if each.type != FieldType.MONEY or not shown:
        return shown
    return f"{shown} {cells['currency'] or cells[f'{each.name}_currency']}".strip()


def _facts(this: Import) -> Callable[[ImportLine], list[tuple[str, str]]]:
    mapped: list[ImportField] = [each for each in FIELDS[this.kind] if each.name in this.mapping]
    custom = custom_columns.from_json(this.custom_fields)

    def facts(line: ImportLine) -> list[tuple[str, str]]:
        cells = dict(zip(cells_of(this.kind), line.cells, strict=True))
        own = json.loads(cells.get(CUSTOM_CELL) or "{}")
        facts = [(str(each.label), _formatted(this, each, cells)) for each in mapped]
        return [*facts, *((str(each.label), own.get(each.name, "")) for each in custom)]

    return facts
