"""How a file is read, in words: its characters, its quotation marks, the formats it disproves."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.models import Import
from portal.imports.parsing.quotation_marks import QuoteFault, QuoteReading, SuspectQuote
from portal.imports.values.dates import DATE_FORMATS, DateFormat
from portal.imports.values.numbers import DECIMAL_MARKS
from portal.web.filters import number

ENCODINGS = {
    "utf-8": _l("Unicode (UTF-8)"),
    "utf-8-sig": _l("Unicode (UTF-8)"),
    "utf-16": _l("Unicode (UTF-16)"),
    "utf-16-le": _l("Unicode (UTF-16)"),
    "utf-16-be": _l("Unicode (UTF-16)"),
    "utf-32": _l("Unicode (UTF-32)"),
    "cp1252": _l("Western European (Windows-1252)"),
    "cp1250": _l("Central European (Windows-1250)"),
    "cp1251": _l("Cyrillic (Windows-1251)"),
    "cp1253": _l("Greek (Windows-1253)"),
    "cp1254": _l("Turkish (Windows-1254)"),
    "cp1255": _l("Hebrew (Windows-1255)"),
    "cp1256": _l("Arabic (Windows-1256)"),
    "cp1257": _l("Baltic (Windows-1257)"),
    "cp1258": _l("Vietnamese (Windows-1258)"),
    "cp874": _l("Thai (Windows-874)"),
    "cp932": _l("Japanese (Shift-JIS)"),
    "euc_jp": _l("Japanese (EUC)"),
    "gb18030": _l("Chinese, simplified (GB 18030)"),
    "big5": _l("Chinese, traditional (Big5)"),
    "euc_kr": _l("Korean (EUC)"),
    "koi8_r": _l("Cyrillic (KOI8-R)"),
    "mac_roman": _l("Western European (Mac)"),
    "cp850": _l("Western European (DOS)"),
    "iso8859_2": _l("Central European (ISO 8859-2)"),
}
SummaryPoint = tuple[str, str, str]  # icon, tone, words
MAX_SUSPECTS = 5


def encoding_choices(this: Import) -> list[tuple[str, str, str]]:
    possible = sorted(
        FileDiagnostics.from_json(this.diagnostics).examples, key=lambda pair: pair[0] != this.encoding
    )
    return [(name, str(ENCODINGS.get(name, name)), ", ".join(cells)) for name, cells in possible]


def overruled_labels(this: Import, names: Sequence[str]) -> list[str]:
    said = {
        "decimal_mark": _(
            "The last file with these headings used another number format. This one uses %(mark)s, so we do too.",
            mark=DECIMAL_MARKS.get(this.decimal_mark, ""),
        ),
        "date_format": _(
            "The last file with these headings used another date format. This one uses %(order)s.",
            order=DATE_FORMATS[DateFormat(this.date_format)] if this.date_format else "",
        ),
    }
    return [said[name] for name in names]


def reading_points(diagnostics: FileDiagnostics) -> Iterator[SummaryPoint]:
    joined = ngettext(
        "%(n)s line of the file continues a cell of the line above it",
        "%(n)s lines of the file continue a cell of the line above them",
        diagnostics.joined,
        n=number(diagnostics.joined),
    )
    empty = ngettext(
        "%(n)s empty line is ignored",
        "%(n)s empty lines are ignored",
        diagnostics.empty,
        n=number(diagnostics.empty),
    )
    if diagnostics.joined:
        yield "corner-down-right", "", joined
    if diagnostics.empty:
        yield "minus", "", empty


def suspect_labels(diagnostics: FileDiagnostics) -> list[str]:
    order = list(QuoteFault)
    worst = sorted(diagnostics.suspects, key=lambda each: (order.index(each.fault), each.line))
    told = [suspect_label(each) for each in worst[:MAX_SUSPECTS]]
    rest = diagnostics.suspicious - len(told)
    return [*told, _("And %(n)s more.", n=number(rest))] if rest > 0 else told


def suspect_label(suspect: SuspectQuote) -> str:
    if suspect.fault is QuoteFault.INSIDE:
        return _("Line %(line)s has a quotation mark inside a cell. We keep it.", line=number(suspect.line))
    return f"{_extent(suspect)} {QUOTE_READINGS[suspect.reading]}"


def _extent(suspect: SuspectQuote) -> str:
    given = {"line": number(suspect.line), "n": number(suspect.below)}
    if suspect.fault is QuoteFault.UNCLOSED:
        return ngettext(
            "The quotation mark in line %(line)s never closes; %(n)s line follows it.",
            "The quotation mark in line %(line)s never closes; %(n)s lines follow it.",
            suspect.below,
            **given,
        )
    if suspect.fault is QuoteFault.LONG:
        return _("The quotation mark in line %(line)s opens a cell that spans %(n)s more lines.", **given)
    return ngettext(
        "The quotation mark in line %(line)s spans %(n)s line that looks like a row of the table.",
        "The quotation mark in line %(line)s spans %(n)s lines, and some look like rows of the table.",
        suspect.below,
        **given,
    )


QUOTE_READINGS = {
    QuoteReading.LITERAL: _l("It’s read as an ordinary character, so every line stays its own row."),
    QuoteReading.ONE_CELL: _l("They’re read as one cell."),
    QuoteReading.REFUSED: _l("All of them are rejected until you choose below."),
}


def has_quotes_to_decide(diagnostics: FileDiagnostics) -> bool:
    return any(each.fault in {QuoteFault.SWALLOWS, QuoteFault.LONG} for each in diagnostics.suspects)
