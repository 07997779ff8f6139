"""The page on which somebody says what the columns of a file mean."""

from collections.abc import Collection, Sequence
from dataclasses import replace

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
from portal.imports.values.custom_columns import guess_custom_columns
from portal.imports.values.field_types import AMOUNTS, DAYS, FieldType, ImportField
from portal.imports.values.fields import COMPANY_FIELDS, is_lacking
from portal.imports.values.numbers import MarkProof
from portal.web.page_urls import current_url


def requested_kind(this: Import) -> ImportKind:
    chosen = request.args.get("kind", this.kind.value)
    return ImportKind(chosen) if chosen in list(ImportKind) else this.kind


def form_for(session: Session, this: Import, kind: ImportKind, *, is_new: bool = True) -> ColumnsForm:
    custom = queries.custom_import_fields(session, kind)
    guess = guess_for(session, this, kind, custom) if is_new else None
    form = columns_form(kind, headings(this), offered_opt_outs(this, kind), guess, custom)
    if is_new:
        form.ask_about(form.columns_of(*AMOUNTS))
    return form


def offered_opt_outs(this: Import, kind: ImportKind) -> list[int]:
    return sorted(map(int, opt_out_columns.guess_meanings(this.header))) if kind == ImportKind.PEOPLE else []


def guess_for(session: Session, this: Import, kind: ImportKind, custom: Sequence[ImportField]) -> ColumnGuess:
    guess = _guess_of_kind(session, this, kind)
    own = guess_custom_columns(custom, this.header, guess.mapping)
    return replace(guess, mapping=guess.mapping | own)


def _guess_of_kind(session: Session, this: Import, kind: ImportKind) -> ColumnGuess:
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
    days = form.columns_of(*DAYS)
    if form.kind == this.kind and days == file_inspection.day_columns(this.kind, this.mapping):
        return this.date_format
    return date_format_for(this, days)


def has_decimal_mark(this: Import, form: ColumnsForm) -> bool:
    seen, amounts = (
        FileDiagnostics.from_json(this.diagnostics),
        form.columns_of(*AMOUNTS),
    )
    form.mark_proof = seen.mark
    form.decimal_mark.data = form.chosen_decimal_mark or this.decimal_mark
    if amounts != seen.amounts:
        own = form.columns_of(FieldType.DECIMAL)
        mark, form.mark_proof = decimal_mark_for(this, form.kind, form.mapping().columns, own)
        if not form.has_asked_about(amounts):
            form.decimal_mark.data = mark
    if not form.chosen_decimal_mark and form.mark_proof == MarkProof.OPEN:
        form.require_decimal_mark(amounts)
    return form.mark_proof != MarkProof.OPEN or bool(form.chosen_decimal_mark)


def headings(this: Import) -> list[str]:
    examples = this.inspection_state.get("examples") or [""] * len(this.header)
    named = zip(this.header, examples, strict=True)
    return [_with_example(name or f"{at}.", example) for at, (name, example) in enumerate(named, 1)]


def _example(form: ColumnsForm, values: Collection[FieldType]) -> str:
    """A cell of the first column of such values."""
    column = next(
        (form[each.name].data for each in form.fields if each.type in values and form[each.name].data),
        "",
    )
    return form.headings[int(column)] if column else ""


def _format_hint(this: Import, form: ColumnsForm, values: Collection[FieldType]) -> str:
    """The cell that a question is about, with its line; else an example."""
    is_day, columns = values == DAYS, form.columns_of(*values)
    is_open = not (form.chosen_format if is_day else form.chosen_decimal_mark)
    ambiguous = first_ambiguous_value(this, columns, of_days=is_day) if is_open else None
    if ambiguous is not None:
        line, cell, at = ambiguous
        return _("Line %(line)s says %(cell)s (%(column)s).", line=line, cell=cell, column=this.header[at])
    example = _example(form, values)
    return _("For example: %(example)s", example=example) if example else ""


def _with_example(name: str, example: str) -> str:
    return f"{name} ({example})" if example else name


def render(this: Import, kind: ImportKind, form: ColumnsForm) -> str:
    mapped = [name for name in form.names if form[name].data]
    found = [each for each in form.fields if each.name in mapped or is_lacking(each, mapped)]
    own = [each for each in found if each not in COMPANY_FIELDS or kind == ImportKind.ACCOUNTS]
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
        missing_fields=[each for each in form.fields if each not in found],
        about_days=_format_hint(this, form, DAYS),
        about_amounts=_format_hint(this, form, (FieldType.MONEY, FieldType.DECIMAL)),
        asks_days=bool(form.columns_of(*DAYS) or form.date_format.errors),
        asks_amounts=bool(form.columns_of(*AMOUNTS) or form.decimal_mark.errors),
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
