"""The page on which somebody says what the columns of a file mean."""

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.imports import labels as imports_labels
from portal.imports import queries
from portal.imports.forms import ColumnsForm, columns_form, opt_out_name
from portal.imports.inspection import file_inspection, labels, reading_choices, remembered_mappings
from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.inspection.file_inspection import ColumnGuess
from portal.imports.inspection.inspector import (
    column_guess,
    date_format_for,
    decimal_mark_for,
    first_ambiguous_value,
)
from portal.imports.models import Import, ImportKind
from portal.imports.values import opt_out_columns
from portal.imports.values.fields import FIELDS, FieldType
from portal.imports.values.numbers import MarkProof
from portal.web.page_urls import current_url


def requested_kind(this: Import) -> ImportKind:
    chosen = request.args.get("kind", this.kind.value)
    return ImportKind(chosen) if chosen in list(ImportKind) else this.kind


def form_for(session: Session, this: Import, kind: ImportKind, *, is_new: bool = True) -> ColumnsForm:
    guess = guess_for(session, this, kind) if is_new else None
    form = columns_form(kind, headings(this), offered_opt_outs(this, kind), guess)
    if is_new:
        form.ask_about(form.columns_of(FieldType.MONEY, FieldType.NUMBER))
    return form


def offered_opt_outs(this: Import, kind: ImportKind) -> list[int]:
    return sorted(map(int, opt_out_columns.guess_meanings(this.header))) if kind == ImportKind.PEOPLE else []


def guess_for(session: Session, this: Import, kind: ImportKind) -> ColumnGuess:
    if kind == this.kind:
        mark = FileDiagnostics.from_json(this.diagnostics).mark
        return ColumnGuess(this.mapping, this.date_format, this.decimal_mark, mark, this.opt_outs)
    known = queries.remembered_mapping(session, kind, this.header)
    return remembered_mappings.with_remembered(known, column_guess(this, kind))[0]


def is_answered(this: Import, form: ColumnsForm) -> bool:
    form.date_format.data = form.chosen_format or _date_format_of(this, form)
    return (
        form.is_answered()
        and has_decimal_mark(this, form)
        and not reading_choices.is_encoding_choice_needed(this)
    )


def _date_format_of(this: Import, form: ColumnsForm) -> str:
    """As the days in these columns prove it; '' where somebody has to say."""
    days = form.columns_of(FieldType.DAY)
    if form.kind == this.kind and days == file_inspection.day_columns(this.kind, this.mapping):
        return this.date_format
    return date_format_for(this, days)


def has_decimal_mark(this: Import, form: ColumnsForm) -> bool:
    seen, amounts = (
        FileDiagnostics.from_json(this.diagnostics),
        form.columns_of(FieldType.MONEY, FieldType.NUMBER),
    )
    form.mark_proof = seen.mark
    form.decimal_mark.data = form.chosen_decimal_mark or this.decimal_mark
    if amounts != seen.amounts:
        mark, form.mark_proof = decimal_mark_for(this, form.kind, form.mapping().columns)
        if not form.has_asked_about(amounts):
            form.decimal_mark.data = mark
    if not form.chosen_decimal_mark and form.mark_proof == MarkProof.OPEN:
        form.require_decimal_mark(amounts)
    return form.mark_proof != MarkProof.OPEN or bool(form.chosen_decimal_mark)


def headings(this: Import) -> list[str]:
    examples = this.inspection_state.get("examples") or [""] * len(this.header)
    named = zip(this.header, examples, strict=True)
    return [_with_example(name or f"{at}.", example) for at, (name, example) in enumerate(named, 1)]


def _example(form: ColumnsForm, value: FieldType) -> str:
    """A cell of the first column of this kind of value."""
    column = next(
        (form[each.name].data for each in FIELDS[form.kind] if each.type == value and form[each.name].data),
        "",
    )
    return form.headings[int(column)] if column else ""


def _format_hint(this: Import, form: ColumnsForm, value: FieldType) -> str:
    """The cell that a question is about, with its line; else an example."""
    is_day, columns = value == FieldType.DAY, form.columns_of(value)
    is_open = not (form.chosen_format if is_day else form.chosen_decimal_mark)
    ambiguous = first_ambiguous_value(this, columns, of_days=is_day) if is_open else None
    if ambiguous is not None:
        line, cell, at = ambiguous
        return _("Line %(line)s says %(cell)s (%(column)s).", line=line, cell=cell, column=this.header[at])
    example = _example(form, value)
    return _("For example: %(example)s", example=example) if example else ""


def _with_example(name: str, example: str) -> str:
    return f"{name} ({example})" if example else name


def render(this: Import, kind: ImportKind, form: ColumnsForm) -> str:
    found = [each for each in FIELDS[kind] if form[each.name].data or each.required]
    own = [each for each in found if each not in FIELDS[ImportKind.ACCOUNTS] or kind == ImportKind.ACCOUNTS]
    seen = FileDiagnostics.from_json(this.diagnostics)
    return render_template(
        "imports/columns.html",
        this=this,
        failure_text=imports_labels.status_text(this),
        kind=kind,
        tabs=_tabs(kind),
        form=form,
        own_fields=own,
        company_fields=[each for each in found if each not in own],
        opt_out_fields=[form[opt_out_name(column)] for column in form.opt_out_columns],
        opt_out_headings=_opt_out_headings(this, kind),
        diagnostics=seen,
        encodings=labels.encoding_choices(this),
        is_encoding_choice_needed=reading_choices.is_encoding_choice_needed(this),
        overruled=labels.overruled_labels(this, seen.overruled),
        missing_fields=[each for each in FIELDS[kind] if each not in found],
        about_days=_format_hint(this, form, FieldType.DAY),
        about_amounts=_format_hint(this, form, FieldType.MONEY),
        asks_days=bool(form.columns_of(FieldType.DAY) or form.date_format.errors),
        asks_amounts=bool(form.columns_of(FieldType.MONEY, FieldType.NUMBER) or form.decimal_mark.errors),
        hidden=this.inspection_state.get("hidden", ()),
        unused_columns=_unused_columns(this, form),
    )


def _tabs(chosen: ImportKind) -> list[tuple[str, str, None, bool]]:
    kinds = imports_labels.KINDS.items()
    return [(str(name), current_url(kind=each.value), None, each == chosen) for each, name in kinds]


def _opt_out_headings(this: Import, kind: ImportKind) -> list[str]:
    """The columns that only an import of people would read."""
    if kind == ImportKind.PEOPLE:
        return []
    return [this.header[int(at)] for at in opt_out_columns.guess_meanings(this.header)]


def _unused_columns(this: Import, form: ColumnsForm) -> list[str]:
    mapped = {form[name].data for name in form.names} | set(map(str, form.opt_out_columns))
    return [name for number, name in enumerate(this.header) if str(number) not in mapped and name]
