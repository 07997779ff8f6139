"""The page before the import: what would become of the lines, in words."""

from collections.abc import Callable, Iterator

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.imports import reading_words, suppressing, words
from portal.imports.checking import Check
from portal.imports.fields import FIELDS, Field, Value, cells_of
from portal.imports.inspection import Inspection
from portal.imports.lines import Line
from portal.imports.models import Import, Kind
from portal.imports.opt_outs import Means
from portal.web.filters import number

Point = tuple[str, str, str]  # icon, tone, words
NAMES = {Kind.ACCOUNTS: ("name",), Kind.PEOPLE: ("first_name", "last_name"), Kind.DEALS: ("name",)}


def draw(this: Import, found: Check) -> str:
    seen = Inspection.opened(this.inspection)
    return render_template(
        "imports/check.html",
        this=this,
        check=found,
        title=_title(found),
        lede=_lede(this, found),
        points=[*_points(found), *_opted_out(this, found), *reading_words.points(seen)],
        suspects=reading_words.suspects(seen),
        asks_about_quotes=reading_words.asks_about_quotes(seen),
        go=_go(this, found),
        problems=[row for line in found.problems for row in _problems(this, line)],
        name_of=lambda line: _name(this, line),
        facts_of=_facts(this),
    )


def _title(found: Check) -> str:
    if not found.good:
        return _("None of these lines can be imported")
    good, lines = number(found.good), number(found.good + found.refused)
    if found.refused and found.whole:
        return _("%(good)s of %(all)s lines can be imported", good=good, all=lines)
    if found.refused:
        return _("%(good)s of the first %(all)s lines can be imported", good=good, all=lines)
    if not found.whole:
        return _("The first %(lines)s lines can be imported", lines=good)
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
    counted = zip((*_good(found), *_bad(found)), _numbers(found), strict=True)
    return [point for point, count in counted if count]


def _numbers(found: Check) -> tuple[int, ...]:
    report = found.skipped - found.empty
    return found.new, found.known, found.twins, found.left_out, found.refused, report, found.empty


def _good(found: Check) -> tuple[Point, ...]:
    new, known, twins, *_rest = _numbers(found)
    known_words = ngettext(
        "%(n)s is here already; the file may say something new about it",
        "%(n)s are here already; the file may say something new about them",
        known,
        n=number(known),
    )
    twin_words = ngettext(
        "%(n)s line is about somebody from an earlier line",
        "%(n)s lines are about somebody from an earlier line",
        twins,
        n=number(twins),
    )
    return (
        ("circle-plus", "good", _("%(n)s new", n=number(new))),
        ("refresh", "", known_words),
        ("copy", "", twin_words),
    )


def _bad(found: Check) -> tuple[Point, ...]:
    *_rest, out, refused, skipped, empty = _numbers(found)
    out_words = ngettext(
        "%(n)s value can't be read and is left out",
        "%(n)s values can't be read and are left out",
        out,
        n=number(out),
    )
    refused_words = ngettext(
        "%(n)s line is refused; you get it in a list",
        "%(n)s lines are refused; you get their list",
        refused,
        n=number(refused),
    )
    skipped_words = ngettext(
        "%(n)s line at the end is the report's, not the table's",
        "%(n)s lines at the end are the report's, not the table's",
        skipped,
        n=number(skipped),
    )
    empty_words = ngettext(
        "%(n)s line has nothing in it", "%(n)s lines have nothing in them", empty, n=number(empty)
    )
    return (
        ("eye-off", "warn", out_words),
        ("alert-triangle", "bad", refused_words),
        ("scissors", "", skipped_words),
        ("minus", "", empty_words),
    )


def _opted_out(this: Import, found: Check) -> Iterator[Point]:
    """How many, and which column says so."""
    n = found.suppressed
    if not n:
        return
    words = ngettext(
        "%(n)s person has opted out, so they will be suppressed",
        "%(n)s people have opted out, so they will be suppressed",
        n,
        n=number(n),
    )
    yield "mail-off", "warn", words
    if found.agreed:
        yield "alert-triangle", "warn", _agreed(found.agreed)
    for (column, is_clear), count in sorted(found.opted_out.items()):
        yield "corner-down-right", "" if is_clear else "warn", _why_out(this, column, is_clear, count)


def _agreed(n: int) -> str:
    return ngettext(
        "%(n)s of them agreed here after an earlier file said so. If this is only that old entry, clear it in your CRM "
        "and in the file before you import: a person who opted out later must not be written to",
        "%(n)s of them agreed here after an earlier file said so. If these are only those old entries, clear them in "
        "your CRM and in the file before you import: people who opted out later must not be written to",
        n,
        n=number(n),
    )


def _why_out(this: Import, column: int, is_clear: bool, count: int) -> str:
    given = {"n": number(count), "column": this.header[column] or f"{column + 1}."}
    if not is_clear:
        return _("%(n)s by a value of “%(column)s” that we can’t read: it counts as opted out", **given)
    said = suppressing.TOLD[Means(this.opt_outs[str(column)])]
    return _("%(n)s by “%(column)s”: %(what)s", **given, what=said)


def _problems(this: Import, line: Line) -> list[tuple[int, str, str, str]]:
    faults = line.left_out or [{"column": line.column, "value": line.value, "reason": line.reason}]
    return [
        (line.number, words.heading(this.kind, each["column"]), each["value"], _(each["reason"]))
        for each in faults
    ]


def _name(this: Import, line: Line) -> str:
    cells = dict(zip(cells_of(this.kind), line.cells, strict=True))
    return " ".join(cells[name] for name in NAMES[this.kind] if cells[name]) or cells.get("email", "")


def _shown(this: Import, each: Field, cells: dict[str, str]) -> str:
    """An amount with the currency it comes in; none is the workspace's own."""
    shown = words.shown(this.kind, each.name, cells[each.name])
    if each.value != Value.MONEY or not shown:
        return shown
    return f"{shown} {cells['currency'] or cells[f'{each.name}_currency']}".strip()


def _facts(this: Import) -> Callable[[Line], list[tuple[str, str]]]:
    mapped: list[Field] = [each for each in FIELDS[this.kind] if each.name in this.mapping]

    def facts(line: Line) -> list[tuple[str, str]]:
        cells = dict(zip(cells_of(this.kind), line.cells, strict=True))
        return [(str(each.label), _shown(this, each, cells)) for each in mapped]

    return facts
