"""The page on which somebody says what the columns of a file mean."""

from flask import render_template, request
from sqlalchemy.orm import Session

from portal.imports import actions, queries
from portal.imports.fields import FIELDS, KINDS, Value
from portal.imports.forms import ColumnsForm
from portal.imports.looking import guess_seen
from portal.imports.models import Import, Kind
from portal.imports.surveys import Guess
from portal.web.addresses import same_page


def asked_kind(this: Import) -> Kind:
    """The one in the address, else the one we think it is."""
    wanted = request.args.get("kind", this.kind.value)
    return Kind(wanted) if wanted in list(Kind) else this.kind


def guess_for(session: Session, this: Import, kind: Kind) -> Guess:
    if kind == this.kind:
        return Guess(this.mapping, this.date_format, this.decimal_mark)
    return actions.recall(queries.remembered(session, kind, this.header), guess_seen(this, kind))


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


def _with_example(name: str, example: str) -> str:
    return f"{name} ({example})" if example else name


def draw(this: Import, kind: Kind, form: ColumnsForm) -> str:
    found = [each for each in FIELDS[kind] if form[each.name].data or each.required]
    own = [each for each in found if each not in FIELDS[Kind.ACCOUNTS] or kind == Kind.ACCOUNTS]
    mapped = {form[name].data for name in form.names}
    return render_template(
        "imports/columns.html",
        this=this,
        kind=kind,
        tabs=[(str(name), same_page(kind=each.value), None, each == kind) for each, name in KINDS.items()],
        form=form,
        own=own,
        company=[each for each in found if each not in own],
        missing=[each for each in FIELDS[kind] if each not in found],
        day_example=_example(form, Value.DAY),
        amount_example=_example(form, Value.MONEY),
        unused=[name for number, name in enumerate(this.header) if str(number) not in mapped and name],
    )
