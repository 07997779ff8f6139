"""The pool: everybody the programme knows, in tabs and filters; invitations; the list as a file."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal import policies
from portal.advocates import labels, queries
from portal.advocates.forms import ReasonForm
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.windows import rules as budget_rules
from portal.exports import serving
from portal.pool import people
from portal.pool.burden import burdens
from portal.pool.columns import COLUMNS, chosen, switched
from portal.pool.export import ADVOCATES
from portal.pool.funnel import funnel, lede, tabs
from portal.pool.people import Wanted
from portal.pool.portrait import portrait
from portal.pool.standing import standing
from portal.references.words import SHORT_KINDS
from portal.web.access import allow
from portal.web.current import db
from tenants.models import Role

bp = Blueprint("pool", __name__, url_prefix="/<workspace>/advocates")


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    wanted, rules = Wanted.of(request.args), budget_rules(db)
    found = people.people(db, wanted, rules, request.args.get("after"))
    counts = people.counts(db, rules)
    burden = burdens(db, found.rows, rules)
    columns = chosen(request.args.get("columns"), wanted.view)
    return render_template(
        "pool/index.html",
        page=found,
        wanted=wanted,
        counts=counts,
        lede=lede(counts),
        steps=funnel(counts, policies.value(db, ACTIVE_DAYS)),
        tabs=tabs(counts, wanted.view),
        options=people.options(db),
        burden=burden,
        standings={person.id: standing(person, burden[person.id], rules) for person in found.rows},
        columns=[(name, COLUMNS[name]) for name in columns],
        every_column=[(words, switched(columns, name), name in columns) for name, words in COLUMNS.items()],
        labels=labels,
        states={state.value: words for state, (words, _tone, _icon) in labels.STATES.items()},
        kinds=SHORT_KINDS,
    )


@bp.get("/<uuid:advocate_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(advocate_id: UUID) -> ResponseReturnValue:
    advocate = queries.get(db, advocate_id)
    return render_template(
        "pool/show.html", form=ReasonForm(formdata=None), asking="", **portrait(db, advocate)
    )


@bp.get("/export")
@allow(Role.MANAGER, Role.ADMIN)
def export() -> ResponseReturnValue:
    """The people of this tab and these filters, as a spreadsheet opens them."""
    return serving.show(ADVOCATES, _filters(), "advocates.csv")


@bp.post("/export")
@allow(Role.MANAGER, Role.ADMIN)
def make_export() -> ResponseReturnValue:
    return serving.start(ADVOCATES, _filters(), "advocates.csv")


def _filters() -> dict[str, str]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


FILTERS = ("view", "q", "product", "agreed", "region", "industry", "state")
