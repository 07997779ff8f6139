"""Which file, and what its columns mean."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField

from portal.imports.inspection.file_inspection import ColumnGuess
from portal.imports.inspection.remembered_mappings import ValueFormats
from portal.imports.models import ImportKind
from portal.imports.values.dates import DATE_FORMATS, DateFormat
from portal.imports.values.field_types import DAYS, FieldType, ImportField
from portal.imports.values.fields import FIELDS, is_lacking
from portal.imports.values.numbers import DECIMAL_MARKS, MarkProof
from portal.imports.values.opt_out_columns import CHOICES as OPT_OUT_CHOICES
from portal.imports.values.row_reader import ColumnMapping
from portal.web.forms import Form, select_choices

NO_COLUMN = ""


class UploadForm(Form):
    file = FileField(_l("File"), [FileRequired(_l("Please choose a file first."))])


class ColumnsForm(Form):
    """One select for each field of the kind; see `columns_form`."""

    kind: ImportKind
    headings: Sequence[str]
    date_format = RadioField(
        _l("Date format"), choices=select_choices(DATE_FORMATS.items()), validate_choice=False
    )
    decimal_mark = RadioField(
        _l("Number format"), choices=select_choices(DECIMAL_MARKS.items()), validate_choice=False
    )
    asked_about = HiddenField()  # the columns whose amounts the person saw when choosing
    opt_out_columns: Sequence[int] = ()
    custom: Sequence[ImportField] = ()
    mark_proof = MarkProof.NONE  # what the amounts in the chosen columns say about their mark

    def mapping(self) -> ColumnMapping:
        chosen = {name: self[name].data for name in self.names if self[name].data}
        columns = {name: int(column) for name, column in chosen.items()}
        return ColumnMapping(
            self.kind,
            columns,
            DateFormat(self.chosen_format or DateFormat.YMD),
            self.chosen_decimal_mark or ".",
            {str(column): self[opt_out_name(column)].data for column in self.opt_out_columns},
            tuple(each for each in self.custom if each.name in columns),
        )

    @property
    def fields(self) -> Sequence[ImportField]:
        """What every workspace's files may tell, and its own fields."""
        return (*FIELDS[self.kind], *self.custom)

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.fields]

    @property
    def chosen_format(self) -> str:
        return self.date_format.data if self.date_format.data in list(DateFormat) else ""

    @property
    def chosen_decimal_mark(self) -> str:
        return self.decimal_mark.data if self.decimal_mark.data in DECIMAL_MARKS else ""

    def columns_of(self, *values: FieldType) -> list[int]:
        return [
            int(self[each.name].data) for each in self.fields if each.type in values and self[each.name].data
        ]

    def has_asked_about(self, amounts: Sequence[int]) -> bool:
        return bool(self.asked_about.data == _joined(amounts))

    def ask_about(self, amounts: Sequence[int]) -> None:
        self.asked_about.data = _joined(amounts)

    @property
    def formats(self) -> ValueFormats:
        return ValueFormats(self.chosen_format, self.chosen_decimal_mark, self.mark_proof)

    def require_decimal_mark(self, amounts: Sequence[int]) -> None:
        self.ask_about(amounts)
        self.decimal_mark.data = ""
        self.decimal_mark.errors = [_("Amounts in this file can be read two ways. Choose one.")]

    def is_answered(self) -> bool:
        good, mapped = self.validate_on_submit(), [name for name in self.names if self[name].data]
        lacking = {each.name for each in self.fields if is_lacking(each, mapped)}
        return all(
            [
                good,
                *(self._has_column(each.name, each.name in lacking) for each in self.fields),
                self._has_format(),
                *(self._is_decided(column) for column in self.opt_out_columns),
            ]
        )

    def _has_column(self, name: str, is_lacking: bool) -> bool:
        column = self[name].data
        if is_lacking:
            self[name].errors = [_("This is required. Choose its column.")]
        elif column and any(self[other].data == column for other in self.names[: self.names.index(name)]):
            self[name].errors = [_("This column is already used above.")]
        return not self[name].errors

    def _is_decided(self, column: int) -> bool:
        field = self[opt_out_name(column)]
        if not field.data:
            field.errors = [_("Choose what a yes in this column means.")]
        return not field.errors

    def _has_format(self) -> bool:
        if self.columns_of(*DAYS) and not self.chosen_format:
            self.date_format.errors = [_("Dates in this file can be read two ways. Choose one.")]
        return not self.date_format.errors


def _joined(columns: Sequence[int]) -> str:
    return ",".join(map(str, columns))


def opt_out_name(column: int) -> str:
    return f"opt_out_{column}"


def columns_form(
    kind: ImportKind,
    headings: Sequence[str],
    opt_out_columns: Sequence[int] = (),
    guess: ColumnGuess | None = None,
    custom: Sequence[ImportField] = (),
) -> ColumnsForm:
    columns = select_choices(
        [(NO_COLUMN, _l("Not in this file")), *((str(at), name) for at, name in enumerate(headings))]
    )
    named = (*FIELDS[kind], *custom)
    fields = {each.name: SelectField(each.label, choices=columns, default=NO_COLUMN) for each in named}
    means = select_choices(OPT_OUT_CHOICES.items())
    fields |= {
        opt_out_name(column): SelectField(headings[column], choices=means, default="")
        for column in opt_out_columns
    }
    given = {"kind": kind, "headings": headings, "opt_out_columns": opt_out_columns, "custom": custom}
    made: type[ColumnsForm] = type("FileColumnsForm", (ColumnsForm,), given | fields)
    return made(data=_form_data(guess) if guess else None)


def _form_data(guess: ColumnGuess) -> dict[str, str]:
    chosen = {name: str(column) for name, column in guess.mapping.items()}
    chosen |= {opt_out_name(int(column)): means for column, means in guess.opt_outs.items()}
    return {**chosen, "date_format": guess.date_format, "decimal_mark": guess.decimal_mark}
