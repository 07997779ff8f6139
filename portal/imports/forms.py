"""Which file, and what its columns mean."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField

from portal.imports.dates import FORMATS, DateFormat
from portal.imports.fields import FIELDS, Value
from portal.imports.lines import Mapping
from portal.imports.models import Kind
from portal.imports.surveys import Guess
from portal.web.forms import Form, options

NOT_THERE = ""
MARKS = {".": _l("1,234.50"), ",": _l("1.234,50")}


class UploadForm(Form):
    file = FileField(_l("File"), [FileRequired(_l("Please choose a file first."))])


class ColumnsForm(Form):
    """One select for each field of the kind; see `columns_form`."""

    kind: Kind
    headings: Sequence[str]
    date_format = RadioField(
        _l("How are days written?"), choices=options(FORMATS.items()), validate_choice=False
    )
    decimal_mark = RadioField(_l("How are amounts written?"), choices=options(MARKS.items()), default=".")

    def mapping(self) -> Mapping:
        chosen = {name: self[name].data for name in self.names if self[name].data}
        columns = {name: int(column) for name, column in chosen.items()}
        return Mapping(
            self.kind,
            columns,
            DateFormat(self.chosen_format or DateFormat.YMD),
            self.decimal_mark.data or ".",
        )

    @property
    def names(self) -> list[str]:
        return [each.name for each in FIELDS[self.kind]]

    @property
    def chosen_format(self) -> str:
        return self.date_format.data if self.date_format.data in list(DateFormat) else ""

    def is_answered(self) -> bool:
        """What every line needs has a column, no column serves twice, and the days can be read one way only."""
        good = self.validate_on_submit()
        return all(
            [
                good,
                *(self._is_named(each.name, each.required) for each in FIELDS[self.kind]),
                self._has_format(),
            ]
        )

    def _is_named(self, name: str, required: bool) -> bool:
        column = self[name].data
        if required and not column:
            self[name].errors = [_("Every line needs this. Please choose its column.")]
        elif column and any(self[other].data == column for other in self.names[: self.names.index(name)]):
            self[name].errors = [_("This column already stands for something else above.")]
        return not self[name].errors

    def _has_format(self) -> bool:
        days = any(each.value == Value.DAY and self[each.name].data for each in FIELDS[self.kind])
        if days and not self.chosen_format:
            self.date_format.errors = [_("Days in this file can be read two ways. Please choose one.")]
        return not self.date_format.errors


def columns_form(kind: Kind, headings: Sequence[str], guess: Guess | None = None) -> ColumnsForm:
    """The form of one file. `headings`: what each column is called, with a value out of it."""
    columns = options(
        [(NOT_THERE, _l("Not in this file")), *((str(at), name) for at, name in enumerate(headings))]
    )
    fields = {each.name: SelectField(each.label, choices=columns, default=NOT_THERE) for each in FIELDS[kind]}
    made: type[ColumnsForm] = type(
        "FileColumnsForm", (ColumnsForm,), {"kind": kind, "headings": headings, **fields}
    )
    return made(data=_answers(guess) if guess else None)


def _answers(guess: Guess) -> dict[str, str]:
    chosen = {name: str(column) for name, column in guess.mapping.items()}
    return {**chosen, "date_format": guess.date_format, "decimal_mark": guess.decimal_mark}
