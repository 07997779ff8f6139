"""The advocate's own pages over all programs: what is asked, what was agreed, what was, what it led to."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import links
from portal.advocates.labels import kind_name
from portal.asks import impact_queries, queries
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.summaries import summaries
from portal.declarations.programs import PROGRAMS
from portal.web.access import allow
from portal.web.current import db, member, tenant
from tenants.models import Role

bp = Blueprint("asks", __name__, url_prefix="/<workspace>/my")


bp.add_app_template_filter(kind_name)


@bp.app_template_filter("kind_in_sentence")
def kind_in_sentence(kind: AskKind) -> str:
    return _(kind.row.name)


@bp.get("/asks")
@allow(Role.ADVOCATE)
def mine() -> ResponseReturnValue:
    advocate = queries.advocate_of(db, member)
    now = queries.asks_for_advocate(db, advocate)
    earlier = queries.past_asks(db, advocate, request.args.get("after"))
    return render_template(
        "asks/mine.html",
        advocate=advocate,
        asked=[ask for ask in now if ask.state is AskState.SENT],
        agreed=[ask for ask in now if ask.state is AskState.ACCEPTED],
        earlier=earlier,
        summaries=summaries(db, [*now, *earlier.rows]),
        can_dismiss=can_dismiss,
        hides_for_days=queries.HIDDEN_FOR.days,
        answer_page=answer_url,
    )


@bp.get("/impact", endpoint="impact")
@allow(Role.ADVOCATE)
def show_impact() -> ResponseReturnValue:
    advocate = queries.advocate_of(db, member)
    page = impact_queries.impact_of_advocate(db, advocate, request.args.get("after"))
    return render_template("asks/impact.html", page=page, totals=impact_queries.impact_totals(db, advocate))


def can_dismiss(ask: Ask) -> bool:
    program = PROGRAMS.find_by_subject(ask.subject_type)
    return program is not None and program.answer.can_dismiss


def answer_url(ask: Ask) -> str:
    token = links.token(links.LinkPurpose.ANSWER, tenant.id, ask.id, ask.link_version)
    return url_for("answers.show", token=token)
