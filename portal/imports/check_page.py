"""The page before the import: what would become of the lines, in words."""

from collections.abc import Callable

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.imports import words
from portal.imports.checking import Check
from portal.imports.fields import FIELDS, Field, cells_of
from portal.imports.lines import Line
from portal.imports.models import Import, Kind
from portal.web.filters import number

Point = tuple[str, str, str]  # icon, tone, words
NAMES = {Kind.ACCOUNTS: ("name",), Kind.PEOPLE: ("first_name", "last_name"), Kind.DEALS: ("name",)}


def draw(this: Import, found: Check) -> str:
    return render_template(
        "imports/check.html",
        this=this,
        check=found,
        title=_title(found),
        lede=_lede(this, found),
        points=list(_points(found)),
        go=_go(this, found),
        problems=[row for line in found.problems for row in _problems(this, line)],
        name_of=lambda line: _name(this, line),
        facts_of=_facts(this),
    )


def _title(found: Check) -> str:
    if not found.good:
        return _("None of these lines can be imported")
    if found.refused:
        lines = found.good + found.refused
        return _("%(good)s of %(all)s lines can be imported", good=number(found.good), all=number(lines))
    return _("Every line can be imported")


def _lede(this: Import, found: Check) -> str:
    if found.whole:
        return _("Nothing is imported yet. This is what would become of %(file)s.", file=this.file_name)
    return _(
        "Nothing is imported yet. We read the first %(lines)s of %(all)s lines; the others are checked on the way in.",
        lines=number(found.lines),
        all=number(this.rows_total),
    )


def _go(this: Import, found: Check) -> str:
    lines = found.good if found.whole else this.rows_total
    return ngettext("Import %(n)s line", "Import %(n)s lines", lines, n=number(lines))


def _points(found: Check) -> list[Point]:
    points = [
        ("circle-plus", "good", found.new, _l("%(n)s new")),
        ("refresh", "", found.known, _l("%(n)s are here already; the file may say something new about them")),
        ("copy", "", found.twins, _l("%(n)s lines are about somebody from an earlier line")),
        ("eye-off", "warn", found.left_out, _l("%(n)s values can't be read and are left out")),
        ("alert-triangle", "bad", found.refused, _l("%(n)s lines are refused; you get their list")),
        ("scissors", "", found.skipped, _l("%(n)s lines at the end are the report's, not the table's")),
    ]
    return [(icon, tone, str(said) % {"n": number(count)}) for icon, tone, count, said in points if count]


def _problems(this: Import, line: Line) -> list[tuple[int, str, str, str]]:
    faults = line.left_out or [{"column": line.column, "value": line.value, "reason": line.reason}]
    return [
        (line.number, words.heading(this.kind, each["column"]), each["value"], _(each["reason"]))
        for each in faults
    ]


def _name(this: Import, line: Line) -> str:
    cells = dict(zip(cells_of(this.kind), line.cells, strict=True))
    return " ".join(cells[name] for name in NAMES[this.kind] if cells[name]) or cells.get("email", "")


def _facts(this: Import) -> Callable[[Line], list[tuple[str, str]]]:
    mapped: list[Field] = [each for each in FIELDS[this.kind] if each.name in this.mapping]

    def facts(line: Line) -> list[tuple[str, str]]:
        cells = dict(zip(cells_of(this.kind), line.cells, strict=True))
        return [(str(each.label), words.shown(this.kind, each.name, cells[each.name])) for each in mapped]

    return facts
