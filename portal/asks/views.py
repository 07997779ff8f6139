"""The advocate's list: what is asked, what was agreed, what was."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import links
from portal.asks import queries
from portal.asks.models import Ask, AskState
from portal.web.access import allow
from portal.web.current import db, member, tenant
from tenants.models import Role

bp = Blueprint("asks", __name__, url_prefix="/<workspace>/my")


@bp.get("/asks")
@allow(Role.ADVOCATE)
def mine() -> ResponseReturnValue:
    advocate = queries.advocate_of(db, member)
    now = queries.asks_for_advocate(db, advocate)
    return render_template(
        "asks/mine.html",
        advocate=advocate,
        asked=[ask for ask in now if ask.state is AskState.SENT],
        agreed=[ask for ask in now if ask.state is AskState.ACCEPTED],
        earlier=queries.past_asks(db, advocate, request.args.get("after")),
        answer_page=answer_url,
    )


def answer_url(ask: Ask) -> str:
    """The page its email leads to; here it opens without the email."""
    token = links.token(links.LinkPurpose.ANSWER, tenant.id, ask.id, ask.link_version)
    return url_for("answers.show", token=token)
