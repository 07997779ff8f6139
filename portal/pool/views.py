"""The pool: everybody the programme knows, in tabs and filters; invitations; the list as a file."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import policies
from portal.advocates import labels, queries
from portal.advocates.forms import ReasonForm
from portal.advocates.models import Advocate
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.windows import rules as budget_rules
from portal.pool import people
from portal.pool.burden import burdens
from portal.pool.columns import COLUMNS, chosen, switched
from portal.pool.funnel import funnel, lede, tabs
from portal.pool.people import View, Wanted
from portal.pool.portrait import portrait
from portal.pool.standing import standing
from portal.references.words import SHORT_KINDS
from portal.web.access import allow
from portal.web.csv_files import lines
from portal.web.current import db
from portal.web.streams import stream
from tenants.models import Role

bp = Blueprint("pool", __name__, url_prefix="/<workspace>/advocates")


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    wanted, rules = _wanted(), budget_rules(db)
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
    wanted = _wanted()
    return stream(lambda session: lines(_rows(session, wanted)), mimetype="text/csv", name="advocates.csv")


HEAD = (
    "Name", "E-mail", "Title", "Company", "Industry", "Region", "State", "Uses", "Agreed to", "Last ask", "Last help",
    "Free from",
)  # fmt: skip


def _rows(session: Session, wanted: Wanted) -> Iterator[list[object]]:
    yield list(HEAD)
    found = people.matching(wanted, budget_rules(session)).order_by(Advocate.name_sort, Advocate.id)
    for person in session.scalars(found.execution_options(yield_per=500)):
        yield _cells(person)


def _cells(person: Advocate) -> list[object]:
    account = person.account
    return [
        person.name,
        person.email,
        person.title,
        account.name if account else person.company,
        account.industry if account else "",
        account.region if account else "",
        person.state.value,
        "; ".join(person.products),
        "; ".join(person.consents),
        person.last_ask_at.date() if person.last_ask_at else "",
        person.last_act_at.date() if person.last_act_at else "",
        person.free_from or "",
    ]


def _wanted() -> Wanted:
    args = request.args
    view = args.get("view", "")
    return Wanted(
        view=View(view) if view in set(View) else View.EVERYONE,
        text=args.get("q", ""),
        product=args.get("product", ""),
        agreed=args.get("agreed", ""),
        region=args.get("region", ""),
        industry=args.get("industry", ""),
        state=args.get("state", ""),
    )
