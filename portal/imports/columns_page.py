"""The page on which somebody says what the columns of a file mean."""

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.imports import choices, memory, opt_outs, queries, reading_words, surveys
from portal.imports.fields import FIELDS, KINDS, Value
from portal.imports.forms import ColumnsForm, columns_form, opt_out_name
from portal.imports.inspection import Inspection
from portal.imports.looking import doubt_seen, format_seen, guess_seen, mark_seen
from portal.imports.models import Import, Kind
from portal.imports.numbers import Proof
from portal.imports.surveys import Guess
from portal.web.addresses import same_page


def asked_kind(this: Import) -> Kind:
    """The one in the address, else the one we think it is."""
    wanted = request.args.get("kind", this.kind.value)
    return Kind(wanted) if wanted in list(Kind) else this.kind


def form_for(session: Session, this: Import, kind: Kind, *, is_new: bool = True) -> ColumnsForm:
    guess = guess_for(session, this, kind) if is_new else None
    form = columns_form(kind, headings(this), asked_opt_outs(this, kind), guess)
    if is_new:
        form.ask_about(form.columns_of(Value.MONEY, Value.NUMBER))
    return form


def asked_opt_outs(this: Import, kind: Kind) -> list[int]:
    """Only people can be opted out."""
    return sorted(map(int, opt_outs.guess(this.header))) if kind == Kind.PEOPLE else []


def guess_for(session: Session, this: Import, kind: Kind) -> Guess:
    if kind == this.kind:
        mark = Inspection.opened(this.inspection).mark
        return Guess(this.mapping, this.date_format, this.decimal_mark, mark, this.opt_outs)
    known = queries.remembered(session, kind, this.header)
    return memory.recall(known, guess_seen(this, kind))[0]


def is_answered(this: Import, form: ColumnsForm) -> bool:
    """Nothing is taken on that a person has to decide first."""
    form.date_format.data = form.chosen_format or _format(this, form)
    return form.is_answered() and has_mark(this, form) and not choices.is_open(this)


def _format(this: Import, form: ColumnsForm) -> str:
    """As the days in these columns prove it; '' where somebody has to say."""
    days = form.columns_of(Value.DAY)
    if form.kind == this.kind and days == surveys.day_columns(this.kind, this.mapping):
        return this.date_format
    return format_seen(this, days)


def has_mark(this: Import, form: ColumnsForm) -> bool:
    """As chosen by somebody who saw these columns, else as their values prove it; else that person has to say."""
    seen, amounts = Inspection.opened(this.inspection), form.columns_of(Value.MONEY, Value.NUMBER)
    form.proof = seen.mark
    form.decimal_mark.data = form.chosen_mark or this.decimal_mark
    if amounts != seen.amounts:
        mark, form.proof = mark_seen(this, form.kind, form.mapping().columns)
        if not form.was_asked_about(amounts):
            form.decimal_mark.data = mark
    if not form.chosen_mark and form.proof == Proof.OPEN:
        form.refuse_mark(amounts)
    return form.proof != Proof.OPEN or bool(form.chosen_mark)


def headings(this: Import) -> list[str]:
    """“Email (ada@wabtec.example)”"""
    examples = this.seen.get("examples") or [""] * len(this.header)
    named = zip(this.header, examples, strict=True)
    return [_with_example(name or f"{at}.", example) for at, (name, example) in enumerate(named, 1)]


def _example(form: ColumnsForm, value: Value) -> str:
    """A cell of the first column of this kind of value."""
    column = next(
        (form[each.name].data for each in FIELDS[form.kind] if each.value == value and form[each.name].data),
        "",
    )
    return form.headings[int(column)] if column else ""


def _written(this: Import, form: ColumnsForm, value: Value) -> str:
    """The cell that a question is about, with its line; else an example."""
    is_day, columns = value == Value.DAY, form.columns_of(value)
    is_open = not (form.chosen_format if is_day else form.chosen_mark)
    doubt = doubt_seen(this, columns, of_days=is_day) if is_open else None
    if doubt is not None:
        line, cell, at = doubt
        return _("Line %(line)s says %(cell)s (%(column)s).", line=line, cell=cell, column=this.header[at])
    example = _example(form, value)
    return _("In this file, for example: %(example)s", example=example) if example else ""


def _with_example(name: str, example: str) -> str:
    return f"{name} ({example})" if example else name


def draw(this: Import, kind: Kind, form: ColumnsForm) -> str:
    found = [each for each in FIELDS[kind] if form[each.name].data or each.required]
    own = [each for each in found if each not in FIELDS[Kind.ACCOUNTS] or kind == Kind.ACCOUNTS]
    mapped = {form[name].data for name in form.names} | set(map(str, form.opt_out_columns))
    seen = Inspection.opened(this.inspection)
    return render_template(
        "imports/columns.html",
        this=this,
        kind=kind,
        tabs=[(str(name), same_page(kind=each.value), None, each == kind) for each, name in KINDS.items()],
        form=form,
        own=own,
        company=[each for each in found if each not in own],
        opt_outs=[form[opt_out_name(column)] for column in form.opt_out_columns],
        smells=[] if kind == Kind.PEOPLE else [this.header[int(at)] for at in opt_outs.guess(this.header)],
        seen=seen,
        encodings=reading_words.encodings(this),
        asks_about_names=choices.is_open(this),
        overruled=reading_words.overruled(this, seen.overruled),
        missing=[each for each in FIELDS[kind] if each not in found],
        about_days=_written(this, form, Value.DAY),
        about_amounts=_written(this, form, Value.MONEY),
        asks_days=bool(form.columns_of(Value.DAY) or form.date_format.errors),
        asks_amounts=bool(form.columns_of(Value.MONEY, Value.NUMBER) or form.decimal_mark.errors),
        hidden=this.seen.get("hidden", ()),
        unused=[name for number, name in enumerate(this.header) if str(number) not in mapped and name],
    )
